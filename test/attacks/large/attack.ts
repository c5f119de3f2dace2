import { multipart } from '../../support/server.ts';
import { type ZipEntry, zipBytes } from '../../support/zipBytes.ts';

/** The largest request that these tests send, in bytes. */
export const MIB = 1024 ** 2;
/** The longest function.yaml, in characters. */
export const YAML = 256 * 1024;

/** A request of at most 1 MiB that could keep a server busy. */
export interface Attack {
  readonly what: string;
  readonly method: string;
  readonly target: string;
  readonly headers?: Record<string, string>;
  /** Made when it is sent: all together would be too much. */
  body?(): string | Buffer;
  /** Of the answer. */
  readonly status: number;
  /** It takes seconds, in which the server serves others. */
  readonly slow?: boolean;
}

/** `count` parts made of their numbers. */
export const many = <T = string>(count: number, part: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => part(index));

/** A text again and again, as often as it fits. */
export const fill = (text: string, length: number): string => text.repeat(Math.floor(length / text.length));

export type Content = string | Uint8Array;

/** The upload of a Task `evil` with these files, deflated. */
export function upload(what: string, status: number, files: () => Readonly<Record<string, Content>>): Attack {
  return uploadOf(what, status, () =>
    zipBytes(
      Object.entries(files()).map(
        ([name, content]): ZipEntry => ({
          name,
          content,
          deflate: true,
        }),
      ),
    ),
  );
}

/** The upload of these bytes as the zip of a Task `evil`. */
export function uploadOf(what: string, status: number, zip: () => Buffer): Attack {
  const { headers } = multipart(Buffer.alloc(0));
  return { what, status, method: 'PUT', target: '/evil', headers, body: () => multipart(zip()).body };
}

/** A JSON body. */
export const json = (what: string, status: number, method: string, target: string, body: () => string): Attack => ({
  what,
  status,
  method,
  target,
  headers: { 'Content-Type': 'application/json' },
  body,
});
