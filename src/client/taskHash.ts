import { readFile } from 'node:fs/promises';
import { hashFiles } from '../core/hash.ts';
import { listTaskFiles } from './taskFiles.ts';

/** The hash that the server would have of a Task's folder: of what would be sent. */
export async function hashTask(folder: string): Promise<string> {
  const { files } = await listTaskFiles(folder);
  return hashFiles(await Promise.all(files.map(async ({ name, path }): Promise<[string, Buffer]> => [name, await readFile(path)])));
}
