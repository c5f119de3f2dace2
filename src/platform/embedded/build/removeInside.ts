import { lstat, rm } from 'node:fs/promises';
import path from 'node:path';
import { ifMissing } from '../../../shared/ifMissing.ts';

/** Whether it is a folder, and not a link to one. */
export async function isRealFolder(name: string): Promise<boolean> {
  return (await lstat(name).catch(ifMissing(undefined)))?.isDirectory() ?? false;
}

/**
 * Removes a file or folder inside of a folder. Build commands may have put a link in the place of any folder on the
 * way, also one to the user's own: what such a link leads to stays.
 * @param dir the folder, which may be such a link itself
 * @param name a relative path
 */
export async function removeInside(dir: string, name: string): Promise<void> {
  const parts = name.split('/');
  for (let index = 0; index < parts.length; index += 1)
    if (!(await isRealFolder(path.join(dir, ...parts.slice(0, index))))) return;
  await rm(path.join(dir, ...parts), { recursive: true, force: true });
}
