import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ifMissing } from '../shared/ifMissing.ts';
import { readServedBy } from './servedBy.ts';
import { defaultStateDir } from './stateDir.ts';
import { isAlive, readHolder } from './stateLock.ts';

/** A server of this machine's user, found by the state that it serves. */
export interface LocalServer {
  /** As its lock has it. */
  readonly address: string;
  /** Its admin token, for the case that it asks for one. */
  readonly token: string | undefined;
  /** Its process. */
  readonly pid: number;
  /** Whether it still holds that state. */
  isAlive(): Promise<boolean>;
}

/**
 * The server that holds a state folder; undefined where none does, or where it is still starting.
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
 * The server of a folder, else of the nearest folder above it that has one: what an editor that has the folder open
 * works with. A folder's own server comes before the one of another folder that an editor has open together with it.
 */
export async function serverOfFolder(folder: string): Promise<LocalServer | undefined> {
  for (let dir = path.resolve(folder); ; dir = path.dirname(dir)) {
    const state = defaultStateDir(dir);
    const found = (await serverOfState(state)) ?? (await serverByWord(state));
    if (found || dir === path.dirname(dir)) return found;
  }
}

/**
 * The server that a state folder names. The word counts only while that process holds the lock: a crash leaves it
 * behind.
 */
async function serverByWord(dir: string): Promise<LocalServer | undefined> {
  const word = await readServedBy(dir);
  if (word === undefined) return undefined;
  const found = await serverOfState(word.state, word.tokenFile);
  return found?.pid === word.pid ? found : undefined;
}

/** A lock file names such addresses only; a token goes nowhere else on its word. */
function isLoopback(address: string): boolean {
  return /^(127(\.\d+){3}|\[::1\])$/.test(new URL(address).hostname);
}
