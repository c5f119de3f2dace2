import { lstat, mkdir, readdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { FusionizerError, STATUS } from '../shared/errors.ts';
import { ifMissing } from '../shared/ifMissing.ts';
import { readJsonFile } from './jsonFile.ts';

const holderSchema = z.object({
  pid: z.int().positive(),
  /** When the process started, according to its system. It tells apart processes that had the same id. */
  started: z.string().nullable(),
  /** The base address of its server; null while it starts. */
  address: z.url({ protocol: /^http$/ }).nullable(),
});
export type LockHolder = z.infer<typeof holderSchema>;

/** In place of a start: there is no such process. */
const ENDED = 'ended';
/**
 * In milliseconds. A take-over is much shorter, so an older mark was left behind by a process that ended in the middle
 * of one.
 */
const TAKEOVER_LIMIT = 10_000;
/** How long a lock is waited for whose server does not answer: it is just ending, mostly. In milliseconds. */
const ENDING = 5000;
/** Between two looks at such a lock, and the longest wait for its server's answer. In milliseconds. */
const LOOK = 50;
const ANSWER = 500;

/** Keeps two servers from sharing one state folder. A lock does not count once its process has ended. */
export class StateLock {
  readonly #file: string;

  private constructor(file: string) {
    this.#file = file;
  }

  /**
   * Waits some seconds for a server that is just ending.
   * @param signal ends the wait for another process that is taking the lock or ending right now
   * @throws FusionizerError `state-in-use` with the process that holds the folder and its address; `internal` for a
   *   lock that is not a file
   */
  static async acquire(dir: string, signal?: AbortSignal): Promise<StateLock> {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const file = path.join(dir, 'lock.json');
    const deadline = performance.now() + ENDING;
    while (true) {
      const lock = new StateLock(file);
      const holder = await lock.#take(path.join(dir, 'lock.takeover'), signal);
      if (holder === undefined) return lock;
      if (performance.now() > deadline || (await isServing(holder))) {
        const where = holder.address === null ? '' : ` at ${holder.address}`;
        throw new FusionizerError(
          'state-in-use',
          `The state folder ${dir} is in use by the server of process ${holder.pid}${where}: ` +
            'use that server, stop it, or choose another folder with --state',
        );
      }
      await delay(LOOK);
    }
  }

  /** @returns the process that has the lock; undefined when this one has taken it */
  async #take(takeover: string, signal: AbortSignal | undefined): Promise<LockHolder | undefined> {
    await enter(takeover, signal);
    try {
      const holder = await readHolder(this.#file);
      if (holder && (await isAlive(holder))) return holder;
      await this.#write(null);
      return undefined;
    } finally {
      await rmdir(takeover);
    }
  }

  /** Makes the address of this server known to other processes. */
  async setAddress(address: URL): Promise<void> {
    await this.#write(address.href);
  }

  async release(): Promise<void> {
    await rm(this.#file, { force: true });
  }

  async #write(address: string | null): Promise<void> {
    const holder: LockHolder = { pid: process.pid, started: await startOf(process.pid), address };
    // The rename makes the file appear whole, and replaces a link in its place instead of following it.
    const whole = `${this.#file}.${process.pid}`;
    await writeFile(whole, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
    await rename(whole, this.#file);
  }
}

/** Lets one process at a time check and take a lock. Creating a folder is atomic on all systems. */
async function enter(takeover: string, signal: AbortSignal | undefined): Promise<void> {
  while (true) {
    signal?.throwIfAborted();
    try {
      await mkdir(takeover);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const age = await stat(takeover).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    // A mark from the future is old as well: the clock has been set back since.
    if (Math.abs(age) > TAKEOVER_LIMIT) await rm(takeover, { recursive: true, force: true });
    else await delay(20);
  }
}

/**
 * @returns the process that holds a state folder, by its lock file; undefined if there is none. A link, or a file that
 *   is not a lock, does not count: no server wrote it.
 */
export async function readHolder(file: string): Promise<LockHolder | undefined> {
  const found = await lstat(file).catch(ifMissing(undefined));
  if (found?.isDirectory())
    throw new FusionizerError('internal', `${file} is a folder, but the server keeps a file there: remove it`);
  if (!found?.isFile()) return undefined;
  return readJsonFile(file, holderSchema);
}

export async function isAlive(holder: LockHolder): Promise<boolean> {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const started = await startOf(holder.pid);
  return started !== ENDED && (holder.started === null || holder.started === started);
}

/** Whether the server that holds a lock answers. One that starts, closes or is just being killed does not. */
async function isServing({ pid, address }: LockHolder): Promise<boolean> {
  if (pid === process.pid) return true;
  if (address === null) return false;
  const answer = await new Promise<number | undefined>((resolve) => {
    http
      .get(new URL('/-/health', address), { agent: false, timeout: ANSWER }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
      .on('timeout', function (this: http.ClientRequest) {
        this.destroy();
      })
      .on('error', () => resolve(undefined));
  });
  return answer !== undefined && answer !== STATUS.busy;
}

/**
 * The start of a process in clock ticks since boot, with the id of the boot. Null on systems other than Linux, which do
 * not have /proc.
 */
async function startOf(pid: number): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  try {
    const fields = (await readFile(`/proc/${pid}/stat`, 'latin1')).replace(/^.*\) /s, '').split(' ');
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'latin1')).trim();
    // A zombie has ended, and only waits for its parent to notice. Its threads may still be ending.
    const [state] = fields;
    if ((state === 'Z' || state === 'X') && (await readdir(`/proc/${pid}/task`)).length <= 1) return ENDED;
    // proc(5): starttime is field 22. The fields up to the command, which may hold spaces, are cut off.
    return `${boot} ${fields[19]}`;
  } catch (error) {
    // ESRCH: it ended while its file was read.
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return ENDED;
    throw error;
  }
}
