import { readFile } from 'node:fs/promises';
import { type Disposable, EventEmitter, type Uri, workspace } from 'vscode';
import { isUnsearched } from '../../task/ignores.ts';
import type { SetupModel } from '../setup/setupModel.ts';
import { type TaskFolders, UNSEARCHED } from './taskFolders.ts';

/** A Task of the workspace: a folder with function.yaml, or a source file with inline configuration. */
export interface NamedTask {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

const SOURCES = '**/*.{py,js,mjs,cjs}';
/** Source files that are searched for inline configurations. A workspace with more is mostly not the user's own code. */
const MOST = 5000;
const INLINE = /@ *nuclio *\. *configure/;

/** The names of all Tasks in the workspace. Source files are searched when the names are first needed. */
export class TaskNames implements Disposable {
  readonly #model: SetupModel;
  readonly #folders: TaskFolders;
  readonly #inline = new Map<string, NamedTask>();
  readonly #changed = new EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #disposables: Disposable[] = [this.#changed];
  #folderNames = '';
  #ready: Promise<void> | undefined;

  constructor(model: SetupModel, folders: TaskFolders) {
    this.#model = model;
    this.#folders = folders;
    const stop = model.onChange(() => {
      const names = model.folders.map(({ name, path }) => `${name} ${path}`).join('\n');
      if (names !== this.#folderNames) this.#changed.fire();
      this.#folderNames = names;
    });
    this.#disposables.push({ dispose: stop });
  }

  /** All that are known by now. A source file in a folder with function.yaml is a part of that Task. */
  get all(): NamedTask[] {
    const inline = [...this.#inline.values()].filter(({ path }) => !this.#folders.folderOf(path));
    return [...this.#model.folders.map(({ name, path }) => ({ name, path })), ...inline];
  }

  ready(): Promise<void> {
    this.#ready ??= this.#begin().catch((error: unknown) => {
      // The next call tries again.
      this.#ready = undefined;
      throw error;
    });
    return this.#ready;
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  async #begin(): Promise<void> {
    await this.#folders.ready();
    for (const uri of await workspace.findFiles(SOURCES, UNSEARCHED, MOST)) await this.#read(uri);
    const watcher = workspace.createFileSystemWatcher(SOURCES);
    const read = (uri: Uri): void => void this.#read(uri).then((isNew) => isNew && this.#changed.fire());
    this.#disposables.push(watcher, watcher.onDidChange(read), watcher.onDidCreate(read), watcher.onDidDelete(read));
    this.#changed.fire();
  }

  /** @returns whether its name is another one than before */
  async #read(uri: Uri): Promise<boolean> {
    const file = uri.fsPath;
    if (uri.scheme !== 'file' || isUnsearched(workspace.asRelativePath(uri, false))) return false;
    const before = this.#inline.get(file)?.name;
    const text = await readFile(file, 'utf8').catch(() => '');
    this.#inline.delete(file);
    if (INLINE.test(text)) {
      const { taskNameOf } = await import('../../task/taskName.ts');
      // A configuration with a fault is reported when it is deployed.
      const name = await taskNameOf(file).catch(() => undefined);
      if (name !== undefined) this.#inline.set(file, { name, path: file });
    }
    return this.#inline.get(file)?.name !== before;
  }
}
