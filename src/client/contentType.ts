import { isUtf8 } from 'node:buffer';

/** Guesses the type of a body: JSON, text or bytes; undefined for an empty body. */
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
