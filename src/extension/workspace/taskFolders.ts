import type { Disposable } from 'vscode';
import type { TaskFolder } from '../setup/rows.ts';
import type { FolderSearch } from './folderSearch.ts';

/** The Task folders of all workspace folders. The search for them is loaded when they are first needed. */
export class TaskFolders implements Disposable {
  readonly #changed: (folders: readonly TaskFolder[]) => void;
  #loading: Promise<FolderSearch> | undefined;
  /** Undefined until it is loaded. */
  #search: FolderSearch | undefined;

  /** @param changed gets all folders whenever one of them changes */
  constructor(changed: (folders: readonly TaskFolder[]) => void) {
    this.#changed = changed;
  }

  /** Starts the search at the first call; resolves when all folders are known. */
  async ready(): Promise<void> {
    return (await this.#load()).ready();
  }

  /**
   * Resolves when all folders can be shown. Their faults, and names that are hard to read, are known with `ready`.
   */
  async listed(): Promise<void> {
    return (await this.#load()).listed();
  }

  /** The Task folder of a file: the nearest one above it. Undefined while the search has not begun. */
  folderOf(file: string): TaskFolder | undefined {
    return this.#search?.folderOf(file);
  }

  dispose(): void {
    // Whoever wanted a search that could not be loaded has its error.
    this.#loading?.then(
      (search) => search.dispose(),
      () => undefined,
    );
  }

  #load(): Promise<FolderSearch> {
    this.#loading ??= import('./folderSearch.ts').then(({ FolderSearch }) => {
      this.#search = new FolderSearch(this.#changed);
      return this.#search;
    });
    return this.#loading;
  }
}
