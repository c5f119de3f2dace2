import { renameSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { ifMissing } from '../../../shared/ifMissing.ts';
import { diskUse } from './diskUse.ts';
import { type BuildProgress, SharedWork } from './sharedWork.ts';

/** The file in an environment's folder that says that it is complete. Its time is when it was used last. */
const COMPLETE = 'complete.json';
/** The beginning of the names of folders that are being removed. */
const REMOVED = '.removed-';

const recordSchema = z.object({
  commands: z.array(z.string()),
  /** Files that commands made for the Task, by the number of the Task whose commands they were. */
  made: z.array(z.array(z.string())).default([]),
  /** Whether commands left something in HOME. */
  home: z.boolean().default(false),
  /** What it takes on the disk. */
  bytes: z.number().default(0),
});
export type EnvironmentRecord = z.output<typeof recordSchema>;

/** An environment that somebody uses. It is not removed before it is released. */
export interface Lease {
  readonly key: string;
  readonly dir: string;
  readonly record: EnvironmentRecord;
  /** It was there already. */
  readonly cached: boolean;
  release(): void;
}

export interface StoredEnvironment {
  readonly key: string;
  readonly commands: readonly string[];
  readonly bytes: number;
  /** Unix milliseconds. */
  readonly usedAt: number;
  /** How many functions and deploys use it now. */
  readonly uses: number;
}

/** Makes an environment in its folder, which is there and empty. */
export type MakeEnvironment = (dir: string, progress: BuildProgress) => Promise<Omit<EnvironmentRecord, 'bytes'>>;

/** The folders of environments. Each is made once, however many deploys want it at the same time. */
export class EnvironmentStore {
  readonly #dir: string;
  readonly #works = new Map<string, SharedWork>();
  readonly #uses = new Map<string, number>();
  #removed = 0;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Whether build commands run now. */
  get isMaking(): boolean {
    return this.#works.size > 0;
  }

  folderOf(key: string): string {
    return path.join(this.#dir, key);
  }

  /**
   * Removes what an earlier run did not complete, or did not finish removing.
   * @returns the names of the environments that were not complete
   */
  async recover(): Promise<string[]> {
    const unfinished: string[] = [];
    for (const name of await readdir(this.#dir)) {
      if (await recordIn(path.join(this.#dir, name))) continue;
      await rm(path.join(this.#dir, name), { recursive: true, force: true });
      if (!name.startsWith(REMOVED)) unfinished.push(name);
    }
    return unfinished;
  }

  /**
   * Takes the environment of this key, and makes it if it is not there.
   * @param usable whether a complete one still works: what it was made with may be gone
   * @throws the error of `make`, for all that wait for it; the signal's reason
   */
  async use(
    key: string,
    make: MakeEnvironment,
    usable: (dir: string) => Promise<boolean>,
    progress: BuildProgress,
  ): Promise<Lease> {
    // Counted before anything is awaited, so that `prune` cannot come in between.
    const release = this.#count(key);
    const dir = this.folderOf(key);
    let cached = true;
    try {
      for (;;) {
        progress.signal.throwIfAborted();
        let work = this.#works.get(key);
        if (work?.abandoned) {
          await work.ended();
          continue;
        }
        if (work === undefined) {
          work = new SharedWork(async (shared) => {
            if ((await recordIn(dir)) && (await usable(dir))) return;
            cached = false;
            await this.#make(dir, make, shared);
          }, progress);
          const started = work;
          this.#works.set(key, started);
          void started.ended().then(() => this.#works.delete(key));
        } else {
          progress.output('build commands: waiting for another deploy, which runs the same ones');
          cached = false;
        }
        try {
          await work.follow(progress);
        } catch (error) {
          if (!work.isOrphanFor(progress)) throw error;
          await work.ended();
          continue;
        }
        const now = new Date();
        await utimes(path.join(dir, COMPLETE), now, now);
        const record = await recordIn(dir);
        if (record === undefined) throw new Error(`${path.join(dir, COMPLETE)} was lost while it was in use`);
        return { key, dir, record, cached, release };
      }
    } catch (error) {
      release();
      throw error;
    }
  }

  async list(): Promise<StoredEnvironment[]> {
    const found: StoredEnvironment[] = [];
    for (const key of (await readdir(this.#dir)).sort()) {
      const record = await recordIn(path.join(this.#dir, key));
      const at = await stat(path.join(this.#dir, key, COMPLETE)).catch(ifMissing(undefined));
      if (record === undefined || at === undefined) continue;
      const { commands, bytes } = record;
      found.push({ key, commands, bytes, usedAt: at.mtimeMs, uses: this.#uses.get(key) ?? 0 });
    }
    return found;
  }

  /**
   * Removes environments that nothing uses.
   * @param unusedSince only those that were used last before this time, in Unix milliseconds
   * @returns what was removed
   */
  async prune(unusedSince: number): Promise<StoredEnvironment[]> {
    const removed: StoredEnvironment[] = [];
    for (const found of await this.list()) {
      if (found.usedAt > unusedSince || this.#uses.has(found.key)) continue;
      // At once and in the same step as the check: from here on, a deploy that wants it makes it anew.
      const gone = path.join(this.#dir, `${REMOVED}${process.pid}-${this.#removed++}`);
      renameSync(this.folderOf(found.key), gone);
      await rm(gone, { recursive: true, force: true });
      removed.push(found);
    }
    return removed;
  }

  /** Notes that what is in use now is used now: an environment's age begins when it is no longer in use. */
  async touchUsed(): Promise<void> {
    const now = new Date();
    for (const key of this.#uses.keys())
      await utimes(path.join(this.folderOf(key), COMPLETE), now, now).catch(ifMissing(undefined));
  }

  #count(key: string): () => void {
    this.#uses.set(key, (this.#uses.get(key) ?? 0) + 1);
    let released = false;
    return () => {
      if (released) return;
      released = true;
      const left = (this.#uses.get(key) ?? 0) - 1;
      if (left > 0) this.#uses.set(key, left);
      else this.#uses.delete(key);
    };
  }

  async #make(dir: string, make: MakeEnvironment, progress: BuildProgress): Promise<void> {
    await rm(dir, { recursive: true, force: true });
    await mkdir(dir, { recursive: true });
    try {
      const record = await make(dir, progress);
      const text = JSON.stringify({ ...record, bytes: await diskUse(dir) });
      // The name appears with its content, also when the server is killed.
      await writeFile(path.join(dir, `${COMPLETE}.new`), text);
      await rename(path.join(dir, `${COMPLETE}.new`), path.join(dir, COMPLETE));
    } catch (error) {
      await rm(dir, { recursive: true, force: true });
      throw error;
    }
  }
}

/** Undefined if the environment is not complete. */
async function recordIn(dir: string): Promise<EnvironmentRecord | undefined> {
  const text = await readFile(path.join(dir, COMPLETE), 'utf8').catch(ifMissing('null'));
  try {
    return recordSchema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    // Written in part, when an earlier run was killed.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
