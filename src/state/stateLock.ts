import { lstat, mkdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { FusionizerError } from '../shared/errors.ts';
import { ifMissing } from '../shared/ifMissing.ts';

const holderSchema = z.object({
  pid: z.int().positive(),
  /** When the process started, as its system tells it: process ids are used again. */
  started: z.string().nullable(),
  /** Where its server listens; null while it starts. */
  address: z.url({ protocol: /^http$/ }).nullable(),
});
export type LockHolder = z.infer<typeof holderSchema>;

/** A take-over lasts milliseconds; a mark older than this was left by a process that ended in the middle of one. */
const TAKEOVER_LIMIT = 10_000;

/** Keeps two servers from sharing one state folder. A lock whose process has ended counts for nothing. */
export class StateLock {
  readonly #file: string;

  private constructor(file: string) {
    this.#file = file;
  }

  /**
   * @param signal ends the wait for another process that looks at the lock right now
   * @throws FusionizerError `state-in-use` that says which process holds the folder, and at which address; `internal` for a
   *   lock that is no file
   */
  static async acquire(dir: string, signal?: AbortSignal): Promise<StateLock> {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const file = path.join(dir, 'lock.json');
    const takeover = path.join(dir, 'lock.takeover');
    await enter(takeover, signal);
    try {
      const holder = await readHolder(file);
      if (holder && (await isAlive(holder))) {
        const where = holder.address === null ? '' : ` at ${holder.address}`;
        throw new FusionizerError(
          'state-in-use',
          `The state in ${dir} is in use by the server of process ${holder.pid}${where}: use that one, stop it, or name another folder with --state`,
        );
      }
      const lock = new StateLock(file);
      await lock.#write(null);
      return lock;
    } finally {
      await rmdir(takeover);
    }
  }

  /** Tells others where this server listens. */
  async setAddress(address: URL): Promise<void> {
    await this.#write(address.href);
  }

  async release(): Promise<void> {
    await rm(this.#file, { force: true });
  }

  async #write(address: string | null): Promise<void> {
    const holder: LockHolder = { pid: process.pid, started: await startOf(process.pid), address };
    // Renamed into its place: whoever reads it finds all of it, and a link that lies there is replaced, not followed.
    const whole = `${this.#file}.${process.pid}`;
    await writeFile(whole, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
    await rename(whole, this.#file);
  }
}

/** One process at a time looks at a lock and takes it: making a folder is atomic everywhere. */
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
    // Also one of the future: the clock may have been set back since.
    if (Math.abs(age) > TAKEOVER_LIMIT) await rm(takeover, { recursive: true, force: true });
    else await delay(20);
  }
}

/**
 * Who holds a state folder, by its lock file; undefined for nobody. A file that is no lock, and a link, hold nothing:
 * no server wrote them.
 */
export async function readHolder(file: string): Promise<LockHolder | undefined> {
  const found = await lstat(file).catch(ifMissing(undefined));
  if (found?.isDirectory())
    throw new FusionizerError('internal', `${file} is a folder where the server keeps a file: remove it`);
  if (!found?.isFile()) return undefined;
  const text = await readFile(file, 'utf8').catch(ifMissing(undefined));
  if (text === undefined) return undefined;
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

export async function isAlive(holder: LockHolder): Promise<boolean> {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: there is such a process, of another user.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return holder.started === null || holder.started === (await startOf(holder.pid));
}

/**
 * A process's start in clock ticks since boot, with the boot's id; null where the system does not tell (only Linux
 * does, in /proc).
 */
async function startOf(pid: number): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  try {
    const fields = (await readFile(`/proc/${pid}/stat`, 'latin1')).replace(/^.*\) /s, '').split(' ');
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'latin1')).trim();
    // proc(5): starttime is field 22; the command, which may hold spaces, and what is before it are cut off.
    return `${boot} ${fields[19]}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'ended';
    throw error;
  }
}
