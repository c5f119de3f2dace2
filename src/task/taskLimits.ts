import { readFile, stat } from 'node:fs/promises';

/**
 * The largest Task. The server refuses more, so that one upload does not fill its disk. Clients refuse it before they
 * send it.
 */
export const TASK_LIMITS = {
  /** Files and folders. */
  entries: 15_000,
  /** Of all files together, unpacked, in bytes. */
  bytes: 512 * 1024 ** 2,
} as const;

/** In bytes. No list of packages that a person or a tool writes is longer. */
const MAX_LIST = 1024 ** 2;

/** The text of a list of packages; undefined for one that is too long to be read while others wait. */
export async function readShort(file: string): Promise<string | undefined> {
  return (await stat(file)).size > MAX_LIST ? undefined : readFile(file, 'utf8');
}
