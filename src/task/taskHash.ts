import { readFile } from 'node:fs/promises';
import { hashFiles } from './hash.ts';
import { filesOf } from './pack.ts';

/**
 * The hash that the server would compute for a Task's folder or file, from the files that would be sent.
 * @throws FusionizerError `task`, NoTaskError
 */
export async function hashTask(source: string): Promise<string> {
  const { files } = await filesOf(source);
  return hashFiles(
    await Promise.all(files.map(async ({ name, path }): Promise<[string, Buffer]> => [name, await readFile(path)])),
  );
}
