import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import * as z from 'zod';
import { FusionizerError, isDiskFault, messageOf } from '../shared/errors.ts';
import { ifMissing } from '../shared/ifMissing.ts';
import { setupSchema, taskNameSchema } from '../shared/setupApi.ts';
import { syncFolder, syncTree } from './durable.ts';

/** Versions kept of a Task besides the one in use. */
const OLD_VERSIONS = 5;

/** The names of these files until they are complete. */
const UNFINISHED_STATE = /^(state|lock)\.json\.\d+$/;

const SCHEMA = 1;

const stateSchema = z.object({
  schema: z.literal(SCHEMA),
  /** No build has a number above this one. The next run counts on from here (`buildNumbers.ts`). */
  build: z.int().min(0),
  tasks: z.array(
    z.object({
      name: taskNameSchema,
      version: z.int().min(1),
      hash: z.string(),
      source: z.string().nullable(),
      /** Missing in the state of an older server. */
      isSourceHere: z.boolean().optional(),
      deployedAt: z.string(),
    }),
  ),
  desired: setupSchema,
  actual: setupSchema,
  /** Functions that may outlive the server, with what their platform needs to adopt them. */
  functions: z.array(z.object({ name: z.string(), tasks: z.array(taskNameSchema), saved: z.unknown() })).default([]),
  origin: z.enum(['manual', 'optimizer']),
});
export type State = z.infer<typeof stateSchema>;

/** The state of a server without Tasks. */
const EMPTY: State = { schema: SCHEMA, build: 0, tasks: [], desired: [], actual: [], functions: [], origin: 'manual' };

/**
 * The server's files: `tasks/<name>/<version>/`, `builds/<function>/`, `envs/`, `cache/`, `tmp/` and `state.json` in
 * one folder.
 */
export class Store {
  readonly dir: string;
  readonly buildsDir: string;
  readonly environmentsDir: string;
  readonly cacheDir: string;
  readonly #tmp: string;

  constructor(dir: string) {
    this.dir = dir;
    this.buildsDir = path.join(dir, 'builds');
    this.environmentsDir = path.join(dir, 'envs');
    this.cacheDir = path.join(dir, 'cache');
    this.#tmp = path.join(dir, 'tmp');
  }

  /**
   * Reads the saved state, sets aside files that cannot be used, and removes what an earlier run left unfinished. Saves
   * at once where nothing was saved: from then on a missing state is a lost one.
   * @param report is called for each of these
   */
  async recover(report: (level: 'info' | 'error', message: string) => void): Promise<State> {
    const saved = await this.#load((message) => report('error', message));
    if (saved === undefined) await this.save(EMPTY);
    const unfinished = await this.#removeUnfinished(saved ?? EMPTY);
    if (unfinished.length > 0)
      report('info', `Removed what the server's last end left unfinished: ${unfinished.join(', ')}`);
    return saved ?? EMPTY;
  }

  /** Makes the folders, and removes builds and uploads of an earlier run, which nobody needs again. */
  async open(): Promise<void> {
    await mkdir(this.dir, { recursive: true, mode: 0o700 });
    await Promise.all([
      rm(this.buildsDir, { recursive: true, force: true }),
      rm(this.#tmp, { recursive: true, force: true }),
    ]);
    await Promise.all(
      [this.buildsDir, this.environmentsDir, this.#tmp].map((folder) => mkdir(folder, { recursive: true })),
    );
  }

  /** A new empty folder for an upload; the caller removes it or hands it to `addVersion`. */
  async newFolder(): Promise<string> {
    const dir = path.join(this.#tmp, randomUUID());
    await mkdir(dir);
    return dir;
  }

  taskDir(name: string, version: number): string {
    return path.join(this.dir, 'tasks', name, String(version));
  }

  /** The highest version of a Task's files; 0 if there is none. */
  async lastVersion(name: string): Promise<number> {
    const entries = await readdir(path.join(this.dir, 'tasks', name)).catch(ifMissing([] as string[]));
    return Math.max(0, ...entries.map(Number).filter(Number.isInteger));
  }

  /** Moves an unpacked upload to the Task's versions, durably. */
  async addVersion(name: string, version: number, from: string): Promise<string> {
    const dir = this.taskDir(name, version);
    await syncTree(from);
    const move = async (): Promise<void> => {
      await mkdir(path.dirname(dir), { recursive: true });
      await rename(from, dir);
    };
    // The removal of the only other version may take the Task's folder away in between.
    await move().catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      await move();
    });
    return dir;
  }

  async removeVersion(name: string, version: number): Promise<void> {
    const dir = this.taskDir(name, version);
    await rm(dir, { recursive: true, force: true });
    // A Task whose first deploy failed leaves no folder.
    await rmdir(path.dirname(dir)).catch((error: NodeJS.ErrnoException) => {
      if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(error.code ?? '')) throw error;
    });
  }

  async removeTask(name: string): Promise<void> {
    await rm(path.join(this.dir, 'tasks', name), { recursive: true, force: true });
  }

  /** Removes old versions: the one in use and the five before it stay. */
  async prune(name: string, inUse: number): Promise<void> {
    const entries = await readdir(path.join(this.dir, 'tasks', name)).catch(ifMissing([] as string[]));
    const old = entries.map(Number).filter((version) => Number.isInteger(version) && version < inUse);
    await Promise.all(
      old
        .sort((a, b) => b - a)
        .slice(OLD_VERSIONS)
        .map((version) => this.removeVersion(name, version)),
    );
  }

  /**
   * Removes what unfinished changes of an earlier run left: incomplete state files, versions newer than the saved ones,
   * and Tasks that are not saved.
   * @returns their paths, relative to the state folder
   */
  async #removeUnfinished(saved: State): Promise<string[]> {
    const inUse = new Map(saved.tasks.map(({ name, version }) => [name, version]));
    const removed: string[] = [];
    const remove = async (...parts: string[]): Promise<void> => {
      removed.push(parts.join('/'));
      await rm(path.join(this.dir, ...parts), { recursive: true, force: true });
    };
    for (const name of await readdir(this.dir)) if (UNFINISHED_STATE.test(name)) await remove(name);
    for (const name of await readdir(path.join(this.dir, 'tasks')).catch(ifMissing([] as string[]))) {
      const used = inUse.get(name);
      if (used === undefined) await remove('tasks', name);
      else
        for (const version of await readdir(path.join(this.dir, 'tasks', name)))
          if (Number(version) > used) await remove('tasks', name, version);
    }
    return removed;
  }

  /** Writes state.json atomically and fsynced: after it resolves, a restart finds this state. */
  async save(state: State): Promise<void> {
    await writeFileAtomic(path.join(this.dir, 'state.json'), `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
    await syncFolder(this.dir);
  }

  /**
   * The saved state; undefined where there is none. A damaged one is set aside, never overwritten. So are the files of
   * Tasks that no state lists.
   * @param report gets what was set aside, and where
   * @throws FusionizerError `internal` for a state of a newer version; it is left as it is
   */
  async #load(report: (message: string) => void): Promise<State | undefined> {
    const file = path.join(this.dir, 'state.json');
    const found = await lstat(file).catch(ifMissing(undefined));
    let why = 'is not there';
    if (found) {
      try {
        if (!found.isFile()) throw new Error('it is not a file');
        return parseState(JSON.parse(await readFile(file, 'utf8')), file);
      } catch (error) {
        if (error instanceof FusionizerError || isDiskFault(error)) throw error;
        const aside = await this.#setAside('state.json');
        why =
          `is damaged (${error instanceof z.ZodError ? (error.issues[0]?.message ?? '') : messageOf(error)}): ` +
          `it is kept as ${aside}`;
      }
    }
    const tasks = await readdir(path.join(this.dir, 'tasks')).catch(ifMissing([] as string[]));
    if (!found && tasks.length === 0) return undefined;
    const files = tasks.length === 0 ? '' : `; their files are kept in ${await this.#setAside('tasks')}`;
    report(`${file} ${why}, and the server starts without Tasks${files}`);
    return undefined;
  }

  /** Renames a file or folder of the state folder, so that nothing is lost. @returns its new name */
  async #setAside(name: string): Promise<string> {
    const { name: stem, ext } = path.parse(name);
    const aside = path.join(this.dir, `${stem}.damaged-${new Date().toISOString().replaceAll(/[:.]/g, '-')}${ext}`);
    await rename(path.join(this.dir, name), aside);
    return aside;
  }
}

/** `MIGRATIONS[n]` makes a state of schema n one of schema n + 1. There is only one schema yet. */
const MIGRATIONS: Record<number, (old: unknown) => unknown> = {};

function parseState(value: unknown, file: string): State {
  let { schema } = z.looseObject({ schema: z.int().min(1) }).parse(value);
  if (schema > SCHEMA) {
    throw new FusionizerError(
      'internal',
      `${file} was written by a newer version of the Fusionizer (schema ${schema}, this one knows ${SCHEMA}): use ` +
        'that version, or choose another folder with --state',
    );
  }
  let migrated = value;
  for (; schema < SCHEMA; schema += 1) migrated = MIGRATIONS[schema]?.(migrated);
  return stateSchema.parse(migrated);
}
