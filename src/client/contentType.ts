import { isUtf8 } from 'node:buffer';

/** What a body looks like: JSON, text or bytes; undefined for an empty one. */
export function contentTypeOf(body: Buffer): string | undefined {
  if (body.length === 0) return undefined;
  if (!isUtf8(body)) return 'application/octet-stream';
  try {
    JSON.parse(body.toString());
    return 'application/json';
  } catch {
    return 'text/plain; charset=utf-8';
  }
}
