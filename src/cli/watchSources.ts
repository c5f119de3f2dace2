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
  /** How many deploys may run at the same time; 1 by default. They begin in the order of the sources. */
  readonly atOnce?: number;
  /** Whether the next save of a source deploys it, even if nothing changed. */
  isStale?(source: string): boolean;
  /** A source is gone. What is new was deployed before: a renamed folder is known by then. */
  removed?(source: string): void;
  /** Every source has had its first turn. */
  settled?(sources: readonly string[]): Promise<void>;
}

/** A source that is to be deployed. */
interface Due {
  readonly source: string;
  readonly content: string | undefined;
}

/** A deploy that goes on. */
interface Running extends Due {
  readonly outdated: AbortController;
}

export async function readContents(sources: readonly string[]): Promise<Contents> {
  return new Map(await Promise.all(sources.map(async (source) => [source, await readContent(source)] as const)));
}

/**
 * Calls `changed` for every source whose content differs from the last one, in their order, until `signal` is
 * aborted. A source that cannot be read counts as changed: deploying it reports why.
 * @param contents what was sent last; a source that is missing here is new
 */
export async function watchSources(contents: Contents, watching: Watching, signal: AbortSignal): Promise<void> {
  const { roots, isIgnored = isInToolFolder, find = async () => roots, atOnce = 1 } = watching;
  /** Paths that were saved since the last look. */
  const saved = new Set<string>();
  const failed = new Set<string>();
  let isDirty = false;
  let wake: () => void = () => undefined;
  let timer: NodeJS.Timeout | undefined;
  const running = new Set<Running>();
  const look = (): void => {
    isDirty = true;
    wake();
    for (const one of running) if (isSavedIn(one.source, saved)) void cancelOutdated(one);
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
  /** What a source would send now; undefined if there is no reason to deploy it. */
  const due = async (source: string, files: readonly string[]): Promise<Due | undefined> => {
    const isSaved = isSavedIn(source, files);
    if (isSettled && contents.has(source) && !isSaved) return undefined;
    const content = await readContent(source);
    const isSame = content !== undefined && content === contents.get(source);
    const isDue = isSaved && (failed.has(source) || watching.isStale?.(source) === true);
    return isSame && !isDue ? undefined : { source, content };
  };
  const deploy = async ({ source, content }: Due): Promise<void> => {
    contents.set(source, content);
    const one: Running = { source, content, outdated: new AbortController() };
    running.add(one);
    if (await watching.changed(source, one.outdated.signal)) failed.delete(source);
    else failed.add(source);
    running.delete(one);
    // The save may have been taken back meanwhile: then only this has it deployed again.
    if (one.outdated.signal.aborted) contents.set(source, undefined);
  };
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
      const dues: Due[] = [];
      for (const source of sources) {
        const one = signal.aborted ? undefined : await due(source, files);
        if (one !== undefined) dues.push(one);
      }
      await forEach(dues, atOnce, async (one) => {
        if (!signal.aborted) await deploy(one);
      });
      for (const source of gone) watching.removed?.(source);
      if (!isSettled && !signal.aborted) await watching.settled?.(sources);
      isSettled = true;
    }
  } finally {
    clearTimeout(timer);
    await watcher.close();
  }
}

/** Calls a function for each item, in their order, for a few of them at the same time. */
async function forEach<T>(items: readonly T[], atOnce: number, call: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  const lane = async (): Promise<void> => {
    for (const item of left) await call(item);
  };
  await Promise.all(Array.from({ length: Math.max(1, atOnce) }, lane));
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
