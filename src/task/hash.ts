import { createHash, type Hash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** The paths of all files below a folder: relative, with `/`, sorted by code units. */
export async function listFiles(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
}

/** sha-256 (hex) over sorted paths and contents. With it, clients can show whether files changed since a deploy. */
export function hashFiles(files: Iterable<readonly [name: string, content: Uint8Array]>): string {
  const hash = createHash('sha256');
  for (const [name, content] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) add(hash, name, content);
  return hash.digest('hex');
}

/**
 * The content hash of a folder's files, as `hashFiles` computes it. It reads one file after the other: all at once
 * could exceed the memory or the limit on open files.
 */
export async function hashFolder(dir: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of await listFiles(dir)) add(hash, file, await readFile(path.join(dir, file)));
  return hash.digest('hex');
}

function add(hash: Hash, name: string, content: Uint8Array): void {
  hash.update(`${name}\0${content.byteLength}\0`).update(content);
}
