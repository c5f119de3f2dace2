import { type Stats, unwatchFile, watchFile } from 'node:fs';
import { type FSWatcher, watch } from 'chokidar';

/** Milliseconds between two looks whether the file is another one, in a folder that was made anew. */
const INTERVAL = 1000;

/** Watches a file that may be missing, with its folder. */
export class FileWatch {
  readonly #file: string;
  readonly #changed: () => void;
  #watcher: FSWatcher;
  readonly #look = (now: Stats, before: Stats): void => {
    // chokidar does not see a file come in a folder that was not there. Inodes are used again at once.
    const isNew = now.ino !== before.ino || now.birthtimeMs !== before.birthtimeMs;
    if (now.ino !== 0 && isNew) void this.#again();
  };

  /** @param changed called when the file was written, made or removed, and once in the beginning */
  constructor(file: string, changed: () => void) {
    this.#file = file;
    this.#changed = changed;
    this.#watcher = this.#start();
    watchFile(file, { interval: INTERVAL, persistent: false }, this.#look);
  }

  async close(): Promise<void> {
    unwatchFile(this.#file, this.#look);
    await this.#watcher.close();
  }

  async #again(): Promise<void> {
    const before = this.#watcher;
    this.#watcher = this.#start();
    await before.close();
  }

  #start(): FSWatcher {
    const watcher = watch(this.#file, {
      ignoreInitial: true,
      awaitWriteFinish: { stabilityThreshold: 50, pollInterval: 20 },
    });
    // What was written before it watched brings no event.
    return watcher.on('all', () => this.#changed()).on('ready', () => this.#changed());
  }
}
