import { readFile, stat } from 'node:fs/promises';

/** In bytes. No list of packages that a person or a tool writes is longer. */
const MAX_LIST = 1024 ** 2;

/** The text of a list of packages; undefined for one that is too long to be read while others wait. */
export async function readShort(file: string): Promise<string | undefined> {
  return (await stat(file)).size > MAX_LIST ? undefined : readFile(file, 'utf8');
}
