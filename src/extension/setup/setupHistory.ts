import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ifMissing } from '../../shared/ifMissing.ts';
import type { Setup } from '../../shared/setupApi.ts';

/** How many changes can be undone, one after the other. */
const LEVELS = 50;
/** Characters that are kept, as JSON. Setups may name thousands of Tasks. */
const CHARACTERS = 1_000_000;
/** Of the form of the file. One of another version is ignored. */
const VERSION = 1;

/** A change of the setup that this window made. */
export interface SetupChange {
  /** What it made, as a sentence. */
  readonly says: string;
  /** The desired setups before and after it. */
  readonly before: Setup;
  readonly after: Setup;
  /** The names in `before` that were not deployed. */
  readonly waiting: readonly string[];
  /** The state folder or the address of the server that it was made on. */
  readonly server: string;
}

/**
 * The changes of the setup that this window made and did not undo yet. A file keeps them over a reload of the window: a
 * VS Code in the browser loses what its state got in the last seconds, and an old history would undo the wrong change.
 */
export class SetupHistory {
  readonly #file: string | undefined;
  /** What the file had. */
  #kept: Promise<readonly SetupChange[]> | undefined;
  /** Undefined before the first change of it. */
  #changes: readonly SetupChange[] | undefined;
  #written: Promise<void> = Promise.resolve();

  /** @param file undefined in a window without a place for files: a reload of it forgets the changes */
  constructor(file: string | undefined) {
    this.#file = file;
  }

  /** The change that is undone next. @param server changes on another one are no longer of use */
  async last(server: string): Promise<SetupChange | undefined> {
    return (await this.#now()).findLast((change) => change.server === server);
  }

  async add(change: SetupChange): Promise<void> {
    await this.#change((changes) => [...changes, change].slice(-LEVELS));
  }

  async remove(change: SetupChange): Promise<void> {
    await this.#change((changes) => changes.filter((one) => one !== change));
  }

  async #now(): Promise<readonly SetupChange[]> {
    this.#kept ??= readChanges(this.#file);
    const kept = await this.#kept;
    return this.#changes ?? kept;
  }

  /** One after the other, also those that come together. */
  async #change(make: (changes: readonly SetupChange[]) => readonly SetupChange[]): Promise<void> {
    const done = this.#written.then(async () => {
      this.#changes = make(await this.#now());
      await this.#write(this.#changes);
    });
    this.#written = done.catch(() => undefined);
    await done;
  }

  async #write(changes: readonly SetupChange[]): Promise<void> {
    if (this.#file === undefined) return;
    let left = CHARACTERS;
    const first = changes.findLastIndex((change) => {
      left -= JSON.stringify(change).length;
      return left < 0;
    });
    await mkdir(path.dirname(this.#file), { recursive: true });
    await writeFile(`${this.#file}.new`, JSON.stringify({ version: VERSION, changes: changes.slice(first + 1) }));
    await rename(`${this.#file}.new`, this.#file);
  }
}

/** No changes from a file that is missing, is damaged, or that another version wrote. */
async function readChanges(file: string | undefined): Promise<readonly SetupChange[]> {
  const text = file === undefined ? '' : await readFile(file, 'utf8').catch(ifMissing(''));
  try {
    const kept = JSON.parse(text) as { version: number; changes: readonly SetupChange[] };
    return kept.version === VERSION ? kept.changes : [];
  } catch {
    return [];
  }
}
