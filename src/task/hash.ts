import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
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
  for (const file of await listFiles(dir)) {
    const full = path.join(dir, file);
    const { size } = await stat(full);
    addName(hash, file, size);
    await addFile(hash, full, size);
  }
  return hash.digest('hex');
}

/** Adds a file's content, that of a large one in pieces: others are served between them. @param size in bytes */
export async function addFile(hash: Hash, file: string, size: number): Promise<void> {
  if (size <= PIECE) hash.update(await readFile(file));
  else for await (const piece of createReadStream(file, { highWaterMark: PIECE })) hash.update(piece as Buffer);
}

/** In bytes: hashing this much takes about a millisecond. */
const PIECE = 1024 ** 2;

function add(hash: Hash, name: string, content: Uint8Array): void {
  addName(hash, name, content.byteLength);
  hash.update(content);
}

function addName(hash: Hash, name: string, size: number): void {
  hash.update(`${name}\0${size}\0`);
}
