import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { ifMissing } from '../../../shared/ifMissing.ts';

/** The size of a block in `stat`, in bytes (POSIX). */
const BLOCK = 512;

/** What a folder takes on the disk, in bytes. A file with several names counts once. Links are not followed. */
export async function diskUse(dir: string): Promise<number> {
  const seen = new Set<number>();
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(ifMissing([]));
  let bytes = 0;
  for (const entry of entries) {
    const stat = await lstat(path.join(entry.parentPath, entry.name)).catch(ifMissing(undefined));
    if (stat === undefined || (stat.nlink > 1 && !stat.isDirectory() && seen.has(stat.ino))) continue;
    seen.add(stat.ino);
    // Windows does not count blocks.
    bytes += stat.blocks === undefined || stat.blocks === 0 ? stat.size : stat.blocks * BLOCK;
  }
  return bytes;
}
