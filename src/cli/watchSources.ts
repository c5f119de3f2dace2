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
  /** A source is new, or would send something else. @returns whether it was deployed; if not, the next save retries */
  changed(source: string): Promise<boolean>;
  removed?(source: string): void;
  /** Every source has had its first turn. */
  settled?(sources: readonly string[]): void;
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
  const look = (): void => {
    isDirty = true;
    wake();
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
      for (const source of [...contents.keys()].filter((known) => !sources.includes(known))) {
        contents.delete(source);
        watching.removed?.(source);
      }
      for (const source of sources) {
        if (signal.aborted) break;
        const isSaved = files.some((file) => !path.relative(source, file).startsWith('..'));
        const isNew = !contents.has(source);
        if (isSettled && !isNew && !isSaved) continue;
        const content = await readContent(source);
        const isSame = content !== undefined && content === contents.get(source);
        if (signal.aborted || (isSame && !(failed.has(source) && isSaved))) continue;
        contents.set(source, content);
        if (await watching.changed(source)) failed.delete(source);
        else failed.add(source);
      }
      if (!isSettled && !signal.aborted) watching.settled?.(sources);
      isSettled = true;
    }
  } finally {
    clearTimeout(timer);
    await watcher.close();
  }
}

function readContent(source: string): Promise<string | undefined> {
  return hashTask(source).catch(() => undefined);
}
