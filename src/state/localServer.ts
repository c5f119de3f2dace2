import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ifMissing } from '../shared/ifMissing.ts';
import { readServedBy } from './servedBy.ts';
import { defaultStateDir } from './stateDir.ts';
import { isAlive, readHolder } from './stateLock.ts';

/** A server of this machine's user, found by the state that it serves. */
export interface LocalServer {
  /** Its base address, from its lock. */
  readonly address: string;
  /** Its admin token, in case it needs one. */
  readonly token: string | undefined;
  /** The id of its process. */
  readonly pid: number;
  /** Whether it still holds that state. */
  isAlive(): Promise<boolean>;
}

/**
 * The server that holds a state folder; undefined if no server holds it, or if the server is still starting.
 * @param tokenFile default: `token` in the state folder
 */
export async function serverOfState(
  state: string,
  tokenFile = path.join(state, 'token'),
): Promise<LocalServer | undefined> {
  const lock = path.join(state, 'lock.json');
  const holder = await readHolder(lock);
  if (holder?.address == null || !isLoopback(holder.address) || !(await isAlive(holder))) return undefined;
  return {
    address: holder.address,
    pid: holder.pid,
    token: (await readFile(tokenFile, 'utf8').catch(ifMissing(undefined)))?.trim(),
    isAlive: async () => {
      const now = await readHolder(lock);
      return now?.pid === holder.pid && (await isAlive(now));
    },
  };
}

/**
 * The server of a folder, or else of the nearest folder above it that has one. An editor with this folder open uses the
 * same server. A folder's own server comes before that of another folder in the same editor window.
 */
export async function serverOfFolder(folder: string): Promise<LocalServer | undefined> {
  for (let dir = path.resolve(folder); ; dir = path.dirname(dir)) {
    const state = defaultStateDir(dir);
    const found = (await serverOfState(state)) ?? (await serverByWord(state));
    if (found || dir === path.dirname(dir)) return found;
  }
}

/**
 * The server that a state folder names in its served-by file. It counts only while the named process holds its lock: a
 * crash leaves the file behind.
 */
async function serverByWord(dir: string): Promise<LocalServer | undefined> {
  const word = await readServedBy(dir);
  if (word === undefined) return undefined;
  const found = await serverOfState(word.state, word.tokenFile);
  return found?.pid === word.pid ? found : undefined;
}

/** A token is sent to loopback addresses only, whatever the lock file says. */
function isLoopback(address: string): boolean {
  return /^(127(\.\d+){3}|\[::1\])$/.test(new URL(address).hostname);
}
