import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import * as z from 'zod';
import { ifMissing } from '../shared/ifMissing.ts';

const servedBySchema = z.object({
  /** The state folder of the server, absolute. */
  state: z.string().refine((dir) => path.isAbsolute(dir)),
  /** The server's process: it holds the lock of that state as long as this counts. */
  pid: z.int().positive(),
  /** Where its admin token is kept, absolute; left out: `token` in that state folder. */
  tokenFile: z.string().optional(),
});

/**
 * Which server serves a folder that has none of its own: an editor has both open. Lies in the folder's own state
 * folder.
 */
export type ServedBy = z.infer<typeof servedBySchema>;

const FILE = 'served-by.json';

/**
 * What a state folder says; undefined where it says nothing that can be understood. Whether that server still runs is
 * not looked at.
 */
export async function readServedBy(dir: string): Promise<ServedBy | undefined> {
  const text = await readFile(path.join(dir, FILE), 'utf8').catch(ifMissing(undefined));
  if (text === undefined) return undefined;
  try {
    return servedBySchema.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

/** @param dir is there */
export async function writeServedBy(dir: string, servedBy: ServedBy): Promise<void> {
  await writeFileAtomic(path.join(dir, FILE), `${JSON.stringify(servedBy)}\n`, { mode: 0o600 });
}

/** Takes it back, unless the folder says something else by now. */
export async function removeServedBy(dir: string, { state, pid }: ServedBy): Promise<void> {
  const now = await readServedBy(dir);
  if (now?.state === state && now.pid === pid) await rm(path.join(dir, FILE), { force: true });
}
