import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Disposable, RelativePattern, type Uri, workspace } from 'vscode';
import { isUnsearched } from '../../task/ignores.ts';
import { CONFIG_FILES, isConfigFile } from '../../task/yaml/configFile.ts';
import type { TaskFolder } from '../setup/rows.ts';
import { firstLook } from './firstLook.ts';
import { MAX_SOURCES, SOURCE_FILES, TASK_FILES, UNSEARCHED } from './taskFiles.ts';

/** Folders that are read at the same time. */
const AT_A_TIME = 16;
/** The same for hashes, which need all files and which nothing waits for. */
const HASHED_AT_A_TIME = 2;
/** Milliseconds until the rows are on their way to the window. */
const SENDING = 20;
/** Milliseconds without a change before changes are read. They come in bursts, as from a checkout or a formatter. */
const QUIET = 100;

/** Finds the Task folders of all workspace folders, and follows their changes. */
export class FolderSearch implements Disposable {
  readonly #changed: (folders: readonly TaskFolder[]) => void;
  readonly #folders = new Map<string, TaskFolder>();
  readonly #dirty = new Set<string>();
  /** Those without function.yaml. */
  #inline: ReadonlySet<string> = new Set();
  readonly #disposables: Disposable[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** Whether new folders appeared, which may hold Tasks. */
  #rescan = false;
  /** Changes are read one after the other, in their order. */
  #reading: Promise<void> = Promise.resolve();
  #ready: Promise<void> | undefined;
  #listed: () => void = () => {};

  /** @param changed gets all folders whenever one of them changes */
  constructor(changed: (folders: readonly TaskFolder[]) => void) {
    this.#changed = changed;
  }

  /** As that of `TaskFolders`. */
  ready(): Promise<void> {
    this.#ready ??= this.#begin().catch((error: unknown) => {
      // The next call tries again.
      this.#ready = undefined;
      throw error;
    });
    return this.#ready;
  }

  /** As that of `TaskFolders`. */
  async listed(): Promise<void> {
    const listed = new Promise<void>((resolve) => {
      this.#listed = resolve;
    });
    await Promise.race([listed, this.ready()]);
  }

  /** As that of `TaskFolders`. */
  folderOf(file: string): TaskFolder | undefined {
    for (let dir = file; ; dir = path.dirname(dir)) {
      const found = this.#folders.get(dir);
      if (found || dir === path.dirname(dir)) return found;
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const disposable of this.#disposables) disposable.dispose();
  }

  async #begin(): Promise<void> {
    // Only once, even if the first search is tried again.
    if (this.#disposables.length === 0) this.#watch();
    await this.#scan();
  }

  #watch(): void {
    const watcher = workspace.createFileSystemWatcher('**/*');
    const touched = (uri: Uri): void => this.#touch(uri);
    this.#disposables.push(
      watcher,
      watcher.onDidChange(touched),
      watcher.onDidCreate(touched),
      watcher.onDidDelete(touched),
      workspace.onDidChangeWorkspaceFolders(() => {
        this.#rescan = true;
        this.#readSoon();
      }),
    );
  }

  async #scan(): Promise<void> {
    const found = await Promise.all(
      (workspace.workspaceFolders ?? []).map((folder) =>
        workspace.findFiles(new RelativePattern(folder, TASK_FILES), UNSEARCHED),
      ),
    );
    const paths = [...new Set(found.flat().map(({ fsPath }) => path.dirname(fsPath)))];
    for (const known of this.#folders.keys())
      if (!paths.includes(known) && !this.#inline.has(known)) this.#folders.delete(known);
    for (const one of paths) if (!this.#folders.has(one)) this.#folders.set(one, firstLook(one));
    this.#changed([...this.#folders.values()]);
    this.#listed();
    // Rows first, as reading keeps the extension host busy.
    await delay(SENDING);
    await this.#read(paths);
    await this.#scanInline();
  }

  /** Finds Tasks with inline configuration. Only the extension itself can: VS Code's activation sees names of files. */
  async #scanInline(): Promise<void> {
    const { inlineFolders } = await import('./inlineFolders.ts');
    const found = await Promise.all(
      (workspace.workspaceFolders ?? []).map((folder) =>
        workspace.findFiles(new RelativePattern(folder, SOURCE_FILES), UNSEARCHED, MAX_SOURCES),
      ),
    );
    const sources = found.flat().map(({ fsPath }) => fsPath);
    const isTaken = (dir: string): boolean => {
      const owner = this.folderOf(dir)?.path;
      return owner !== undefined && !this.#inline.has(owner);
    };
    const before = this.#inline;
    this.#inline = new Set(await inlineFolders(sources, isTaken));
    const paths = [...new Set([...before, ...this.#inline])];
    if (paths.length > 0) await this.#read(paths);
  }

  #touch(uri: Uri): void {
    const { fsPath } = uri;
    // The workspace folder itself may lie in such a folder.
    if (isUnsearched(workspace.asRelativePath(uri, false))) return;
    const owner = this.folderOf(fsPath)?.path;
    const isOwn = isConfigFile(fsPath) || (owner === undefined && isSource(fsPath));
    const folder = isOwn ? path.dirname(fsPath) : owner;
    // A folder that appears or disappears has its Tasks in it.
    const inside = [...this.#folders.keys()].filter((known) => known.startsWith(fsPath + path.sep));
    for (const one of folder === undefined ? inside : [folder, ...inside]) this.#dirty.add(one);
    // Each change of a burst counts: a renamed folder disappears under one name and appears under another.
    this.#rescan ||= folder === undefined && isFolder(fsPath);
    if (this.#dirty.size > 0 || this.#rescan) this.#readSoon();
  }

  #readSoon(): void {
    clearTimeout(this.#timer);
    const read = (): Promise<void> => this.#readChanges();
    this.#timer = setTimeout(() => {
      this.#reading = this.#reading.then(read, read);
    }, QUIET);
  }

  async #readChanges(): Promise<void> {
    if (!this.#rescan) return this.#read([...this.#dirty]);
    this.#rescan = false;
    return this.#scan();
  }

  async #read(paths: readonly string[]): Promise<void> {
    for (const one of paths) this.#dirty.delete(one);
    const { readTaskFolder } = await import('./readTaskFolder.ts');
    const { isInlineTask } = await import('./inlineFolders.ts');
    await inTurns(paths, AT_A_TIME, async (one) => {
      if (hasConfig(one) || (await isInlineTask(one)))
        this.#folders.set(one, { ...(await readTaskFolder(one)), hash: this.#folders.get(one)?.hash });
      else this.#folders.delete(one);
    });
    this.#changed([...this.#folders.values()]);
    void this.#hash(paths);
  }

  /** Computes the hashes, which show whether a folder has changed since its deploy. */
  async #hash(paths: readonly string[]): Promise<void> {
    const { hashTask } = await import('../../task/taskHash.ts');
    await inTurns(paths, HASHED_AT_A_TIME, async (one) => {
      // A folder that cannot be read cannot be compared. Its deploy reports why.
      const hash = await hashTask(one).catch(() => undefined);
      const folder = this.#folders.get(one);
      if (folder) this.#folders.set(one, { ...folder, hash });
    });
    this.#changed([...this.#folders.values()]);
  }
}

async function inTurns(
  paths: readonly string[],
  atATime: number,
  work: (path: string) => Promise<void>,
): Promise<void> {
  const waiting = [...paths];
  const next = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: atATime }, next));
}

const isFolder = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;

const isSource = (file: string): boolean => /\.(py|[mc]?js)$/.test(file);

/** Uses Node.js, as VS Code's own file system asks another process. */
function hasConfig(folder: string): boolean {
  return CONFIG_FILES.some((name) => existsSync(path.join(folder, name)));
}
