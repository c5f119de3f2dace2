import type { ServedBy } from '../../state/servedBy.ts';
import { defaultStateDir, makeStateDir } from '../../state/stateDir.ts';

/**
 * Tells by a file in each workspace folder's own state folder which server serves it: the command line finds the
 * window's server from there, too.
 */
export class ServedFolders {
  readonly #report: (error: unknown) => void;
  /** What is told, by state folder. */
  readonly #told = new Map<string, ServedBy>();
  #last: Promise<void> = Promise.resolve();

  /** @param report hears of a folder that cannot be told of: the command line needs `--server` there */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  /**
   * Resolves when just these folders say that this server serves them; what other folders were told is taken back.
   * @param server undefined: none, or one that is only reached by its address
   * @param folders those whose state it is need not be told
   */
  tell(server: ServedBy | undefined, folders: readonly string[]): Promise<void> {
    this.#last = this.#last.then(() => this.#tell(server, folders));
    return this.#last;
  }

  async #tell(server: ServedBy | undefined, folders: readonly string[]): Promise<void> {
    const dirs = server === undefined ? [] : this.#dirsOf(server, folders);
    if (dirs.length === 0 && this.#told.size === 0) return;
    const { removeServedBy, writeServedBy } = await import('../../state/servedBy.ts');
    for (const [dir, told] of [...this.#told]) {
      if (dirs.includes(dir) && isSame(told, server)) continue;
      this.#told.delete(dir);
      await removeServedBy(dir, told).catch(this.#report);
    }
    if (server === undefined) return;
    for (const dir of dirs) {
      if (this.#told.has(dir)) continue;
      try {
        await makeStateDir(dir);
        await writeServedBy(dir, server);
        this.#told.set(dir, server);
      } catch (error) {
        this.#report(error);
      }
    }
  }

  #dirsOf({ state }: ServedBy, folders: readonly string[]): string[] {
    const dirs = folders.flatMap((folder) => {
      try {
        return [defaultStateDir(folder)];
      } catch (error) {
        // The folder is not there.
        this.#report(error);
        return [];
      }
    });
    return dirs.filter((dir) => dir !== state);
  }
}

const isSame = (one: ServedBy, other: ServedBy | undefined): boolean =>
  one.state === other?.state && one.pid === other.pid && one.tokenFile === other.tokenFile;
