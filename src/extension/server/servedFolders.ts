import type { ServedBy } from '../../state/servedBy.ts';

/**
 * Writes a file into the own state folder of each workspace folder, which names the server that serves the folder. The
 * command line finds the window's server by it.
 */
export class ServedFolders {
  readonly #report: (error: unknown) => void;
  /** The servers that files name, by state folder. */
  readonly #announced = new Map<string, ServedBy>();
  #last: Promise<void> = Promise.resolve();

  /** @param report gets the error of a folder without such a file: the command line needs `--server` there */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  /**
   * Resolves when exactly these folders name this server. Files in other folders are removed.
   * @param server undefined: no server, or one that is reached by its address only
   * @param folders the one that has the server's state needs no file
   */
  announce(server: ServedBy | undefined, folders: readonly string[]): Promise<void> {
    this.#last = this.#last.then(() => this.#announce(server, folders));
    return this.#last;
  }

  async #announce(server: ServedBy | undefined, folders: readonly string[]): Promise<void> {
    if (server === undefined && this.#announced.size === 0) return;
    const { defaultStateDir, makeStateDir } = await import('../../state/stateDir.ts');
    const { removeServedBy, writeServedBy } = await import('../../state/servedBy.ts');
    const dirs = server === undefined ? [] : this.#dirsOf(server, folders, defaultStateDir);
    for (const [dir, named] of [...this.#announced]) {
      if (dirs.includes(dir) && isSame(named, server)) continue;
      this.#announced.delete(dir);
      await removeServedBy(dir, named).catch(this.#report);
    }
    if (server === undefined) return;
    for (const dir of dirs) {
      if (this.#announced.has(dir)) continue;
      try {
        await makeStateDir(dir);
        await writeServedBy(dir, server);
        this.#announced.set(dir, server);
      } catch (error) {
        this.#report(error);
      }
    }
  }

  #dirsOf({ state }: ServedBy, folders: readonly string[], dirOf: (folder: string) => string): string[] {
    const dirs = folders.flatMap((folder) => {
      try {
        return [dirOf(folder)];
      } catch (error) {
        // The folder does not exist.
        this.#report(error);
        return [];
      }
    });
    return dirs.filter((dir) => dir !== state);
  }
}

const isSame = (one: ServedBy, other: ServedBy | undefined): boolean =>
  one.state === other?.state && one.pid === other.pid && one.tokenFile === other.tokenFile;
