import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';

/**
 * Node.js sends and gives header text one byte a character (Latin-1). Functions read and write it as UTF-8, as in
 * Nuclio (docs/dispatcher.md, The contract).
 */
export const toWire = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value).toString('latin1')]));

/** The text of bytes that Node.js read; unchanged if they are not UTF-8. */
export function fromWire(text: string): string {
  const bytes = Buffer.from(text, 'latin1');
  return isUtf8(bytes) ? bytes.toString() : text;
}

export function headersFromWire(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const read = (value: string | string[] | undefined) =>
    Array.isArray(value) ? value.map(fromWire) : value === undefined ? value : fromWire(value);
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, read(value)]));
}

/** Escapes what a request's target cannot have: everything but visible ASCII, a `#`, and a `%` that escapes nothing. */
export const escapePath = (path: string): string =>
  path.replace(/[^\x21-\x7e]+|#|%(?![0-9a-fA-F]{2})/g, (text) => encodeURIComponent(Buffer.from(text).toString()));
