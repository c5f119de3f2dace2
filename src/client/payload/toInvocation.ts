import { createHash } from 'node:crypto';
import path from 'node:path';
import { FusionizerError } from '../../shared/errors.ts';
import { contentTypeOf } from '../contentType.ts';
import { withoutComments } from './jsonText.ts';
import { type PayloadRequest, parsePayload } from './payloadDocument.ts';
import { isBinaryFile, isJsonFile, markerOf } from './payloadFile.ts';

/** A complete invocation, without defaults, so that it can be shown and logged. */
export interface Prepared {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

const TYPES: Record<string, string> = {
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.xml': 'application/xml',
  '.csv': 'text/csv; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.bin': 'application/octet-stream',
};
/** Headers of the connection, not of the event: a wrong one would block the connection. */
const OF_THE_CONNECTION = new Set([
  'content-length',
  'transfer-encoding',
  'connection',
  'host',
  'expect',
  'upgrade',
  'keep-alive',
  'te',
  'trailer',
]);

/** Whether a payload document cannot set a header. */
export const isOfTheConnection = (header: string): boolean => OF_THE_CONNECTION.has(header.toLowerCase());

/**
 * The request for a payload document.
 * @param name its file name
 * @throws FusionizerError `malformed` for a head that cannot be sent
 */
export function documentInvocation(name: string, text: string): Prepared {
  if (isBinaryFile(name)) return plainInvocation(Buffer.from(text), name);
  const request = parsePayload(text, markerOf(name));
  const body = Buffer.from(isJsonFile(name) ? withoutComments(request.body) : request.body);
  const headers = headersOf(request, name);
  const type = TYPES[path.extname(name).toLowerCase()] ?? contentTypeOf(body);
  if (body.length > 0 && type !== undefined && !hasHeader(headers, 'content-type')) headers['Content-Type'] = type;
  return { method: request.method, path: encodePath(request.path), headers, body };
}

/** Equal for equal requests. */
export const requestKey = ({ method, path: target, headers, body }: Prepared): string =>
  createHash('sha256')
    .update(JSON.stringify([method, target, headers]))
    .update(body)
    .digest('hex');

/** The request for a plain body: POST to `/`. @param name the name of its file, if it has one */
export function plainInvocation(body: Buffer, name?: string): Prepared {
  const type = (name === undefined ? undefined : TYPES[path.extname(name).toLowerCase()]) ?? contentTypeOf(body);
  return {
    method: 'POST',
    path: '/',
    headers: type === undefined || body.length === 0 ? {} : { 'Content-Type': type },
    body,
  };
}

function headersOf({ headers }: PayloadRequest, file: string): Record<string, string> {
  const joined = new Map<string, [name: string, value: string]>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    if (isOfTheConnection(name)) {
      throw new FusionizerError(
        'malformed',
        `${file}: the header ${name} belongs to the connection and is set automatically: remove it from the head`,
      );
    }
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      throw new FusionizerError(
        'malformed',
        `${file}: the header ${name} has characters that HTTP headers cannot carry: write them percent-encoded`,
      );
    }
    const known = joined.get(key);
    joined.set(key, known ? [known[0], `${known[1]}${key === 'cookie' ? '; ' : ', '}${value}`] : [name, value]);
  }
  return Object.fromEntries(joined.values());
}

const hasHeader = (headers: Record<string, string>, lower: string): boolean =>
  Object.keys(headers).some((name) => name.toLowerCase() === lower);

/** Encodes spaces and umlauts in a path. What is percent-encoded already stays as it is. */
function encodePath(written: string): string {
  return written.replace(/[^\x21-\x7e]+/g, (text) =>
    [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join(''),
  );
}
