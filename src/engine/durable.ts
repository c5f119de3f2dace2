import { open, readdir } from 'node:fs/promises';
import path from 'node:path';

/** Files synced at the same time: each takes a while in which others can go on. */
const AT_A_TIME = 16;

/**
 * Makes a folder's entries durable: names that were made, renamed or removed in it. Windows has no such call, and does
 * not need one.
 */
export async function syncFolder(dir: string): Promise<void> {
  if (process.platform !== 'win32') await sync(dir);
}

/** Makes all files below a folder durable, and the folders themselves: after a power cut they are as they are now. */
export async function syncTree(dir: string): Promise<void> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const left = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const syncNext = async (): Promise<void> => {
    for (let file = left.pop(); file !== undefined; file = left.pop()) await sync(file);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, syncNext));
  for (const entry of entries) if (entry.isDirectory()) await syncFolder(path.join(entry.parentPath, entry.name));
  await syncFolder(dir);
}

async function sync(file: string): Promise<void> {
  // Windows syncs only files that are open for writing.
  const handle = await open(file, process.platform === 'win32' ? 'r+' : 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
