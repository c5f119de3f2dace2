import { rm } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import * as z from 'zod';
import { readJsonFile } from './jsonFile.ts';

const servedBySchema = z.object({
  /** The state folder of the server, absolute. */
  state: z.string().refine((dir) => path.isAbsolute(dir)),
  /** The id of the server's process. This entry counts as long as the process holds the lock of that state. */
  pid: z.int().positive(),
  /** The file of its admin token, absolute. Default: `token` in that state folder. */
  tokenFile: z.string().optional(),
});

/**
 * Names the server of a folder that does not have its own: an editor has this folder and the server's folder open. The
 * file lies in the state folder of the folder that is served.
 */
export type ServedBy = z.infer<typeof servedBySchema>;

const FILE = 'served-by.json';

/**
 * @returns the entry of a state folder; undefined if there is no valid one. It does not check that the server still
 *   runs.
 */
export function readServedBy(dir: string): Promise<ServedBy | undefined> {
  return readJsonFile(path.join(dir, FILE), servedBySchema);
}

/** @param dir a state folder that exists */
export async function writeServedBy(dir: string, servedBy: ServedBy): Promise<void> {
  await writeFileAtomic(path.join(dir, FILE), `${JSON.stringify(servedBy)}\n`, { mode: 0o600 });
}

/** Removes the entry, unless the folder names another server by now. */
export async function removeServedBy(dir: string, { state, pid }: ServedBy): Promise<void> {
  const now = await readServedBy(dir);
  if (now?.state === state && now.pid === pid) await rm(path.join(dir, FILE), { force: true });
}
