import path from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { isInToolFolder } from '../task/ignores.ts';
import { hashTask } from '../task/taskHash.ts';

/** Editors write a file in several steps, and many files at once; milliseconds of quiet before a change counts. */
const QUIET = 100;

/** The hash of what a source would send; undefined for a source that cannot be read. */
export type Contents = Map<string, string | undefined>;

export interface Watching {
  /** Watched files and folders. */
  readonly roots: readonly string[];
  /** Paths below a root, relative to it, that are not watched. */
  isIgnored?(relativePath: string): boolean;
  /** The Tasks' folders and files as of now. Without it, the roots are the sources. */
  find?(): Promise<readonly string[]>;
  /**
   * A source is new, or would send something else.
   * @param outdated aborted when a save during the deploy changes the content again. It is then deployed once more
   * @returns whether it was deployed; if not, the next save retries
   */
  changed(source: string, outdated: AbortSignal): Promise<boolean>;
  /** Whether the next save of a source deploys it, even if nothing changed. */
  isStale?(source: string): boolean;
  /** A source is gone. What is new was deployed before: a renamed folder is known by then. */
  removed?(source: string): void;
  /** Every source has had its first turn. */
  settled?(sources: readonly string[]): Promise<void>;
}

/** The deploy that goes on. */
interface Running {
  readonly source: string;
  readonly content: string | undefined;
  readonly outdated: AbortController;
}

export async function readContents(sources: readonly string[]): Promise<Contents> {
  return new Map(await Promise.all(sources.map(async (source) => [source, await readContent(source)] as const)));
}

/**
 * Calls `changed` for every source whose content differs from the last one, one after the other, until `signal` is
 * aborted. A source that cannot be read counts as changed: deploying it reports why.
 * @param contents what was sent last; a source that is missing here is new
 */
export async function watchSources(contents: Contents, watching: Watching, signal: AbortSignal): Promise<void> {
  const { roots, isIgnored = isInToolFolder, find = async () => roots } = watching;
  /** Paths that were saved since the last look. */
  const saved = new Set<string>();
  const failed = new Set<string>();
  let isDirty = false;
  let wake: () => void = () => undefined;
  let timer: NodeJS.Timeout | undefined;
  let running: Running | undefined;
  const look = (): void => {
    isDirty = true;
    wake();
    if (running && isSavedIn(running.source, saved)) void cancelOutdated(running);
  };
  const watcher: FSWatcher = watch([...roots], {
    ignoreInitial: true,
    ignored: (file) => roots.some((root) => isIgnored(path.relative(root, file))),
  });
  watcher.on('all', (_event, file) => {
    saved.add(file);
    clearTimeout(timer);
    timer = setTimeout(look, QUIET);
  });
  // Finds what changed before the watcher was ready.
  watcher.on('ready', look);
  signal.addEventListener('abort', () => wake(), { once: true });
  let isSettled = false;
  try {
    while (!signal.aborted) {
      if (!isDirty) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (signal.aborted || isDirty) resolve();
        });
        continue;
      }
      isDirty = false;
      const files = [...saved];
      saved.clear();
      const sources = await find();
      const gone = [...contents.keys()].filter((known) => !sources.includes(known));
      for (const source of gone) contents.delete(source);
      for (const source of sources) {
        if (signal.aborted) break;
        const isSaved = isSavedIn(source, files);
        const isNew = !contents.has(source);
        if (isSettled && !isNew && !isSaved) continue;
        const content = await readContent(source);
        const isSame = content !== undefined && content === contents.get(source);
        const isDue = isSaved && (failed.has(source) || watching.isStale?.(source) === true);
        if (signal.aborted || (isSame && !isDue)) continue;
        contents.set(source, content);
        running = { source, content, outdated: new AbortController() };
        if (await watching.changed(source, running.outdated.signal)) failed.delete(source);
        else failed.add(source);
        // The save may have been taken back meanwhile: then only this has it deployed again.
        if (running.outdated.signal.aborted) contents.set(source, undefined);
        running = undefined;
      }
      for (const source of gone) watching.removed?.(source);
      if (!isSettled && !signal.aborted) await watching.settled?.(sources);
      isSettled = true;
    }
  } finally {
    clearTimeout(timer);
    await watcher.close();
  }
}

const isSavedIn = (source: string, files: Iterable<string>): boolean =>
  [...files].some((file) => !path.relative(source, file).startsWith('..'));

/** Cancels a deploy whose files were changed again. A file that is just being written is looked at again later. */
async function cancelOutdated({ source, content, outdated }: Running): Promise<void> {
  const now = await readContent(source);
  if (now !== undefined && now !== content) outdated.abort();
}

function readContent(source: string): Promise<string | undefined> {
  return hashTask(source).catch(() => undefined);
}
