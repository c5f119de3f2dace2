import path from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { hashTask } from '../task/taskHash.ts';

/** Folders that are never sent and change often. */
const IGNORED =
  /(^|[\\/])(\.git|\.hg|\.svn|__pycache__|\.venv|venv|\.mypy_cache|\.pytest_cache|\.ruff_cache|\.fusionizer)([\\/]|$)/;
/** Editors write a file in several steps, and many files at once; milliseconds of quiet before a change counts. */
const QUIET = 100;

/** What would be sent of each source, as a hash; undefined where it cannot be read. */
export async function readContents(sources: readonly string[]): Promise<Map<string, string | undefined>> {
  return new Map(await Promise.all(sources.map(async (source) => [source, await readContent(source)] as const)));
}

/**
 * Calls `changed` for each folder or file whose content to send is another than before, one after the other, until
 * `signal` is aborted. A folder that cannot be read counts as changed: whoever sends it says why.
 * @param contents what was sent last
 */
export async function watchSources(
  contents: Map<string, string | undefined>,
  changed: (source: string) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const sources = [...contents.keys()];
  const dirty = new Set<string>();
  let wake: () => void = () => undefined;
  let timer: NodeJS.Timeout | undefined;
  const watcher: FSWatcher = watch(sources, {
    ignoreInitial: true,
    ignored: (file) => sources.some((source) => IGNORED.test(path.relative(source, file))),
  });
  watcher.on('all', (_event, file) => {
    for (const source of sources) if (!path.relative(source, file).startsWith('..')) dirty.add(source);
    clearTimeout(timer);
    timer = setTimeout(() => wake(), QUIET);
  });
  watcher.on('ready', () => {
    // What changed before the watcher was ready is seen now.
    for (const source of sources) dirty.add(source);
    wake();
  });
  signal.addEventListener('abort', () => wake(), { once: true });
  try {
    while (!signal.aborted) {
      if (dirty.size === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (signal.aborted) resolve();
        });
      }
      for (const source of [...dirty]) {
        dirty.delete(source);
        const content = await readContent(source);
        if (signal.aborted || (content !== undefined && content === contents.get(source))) continue;
        contents.set(source, content);
        await changed(source);
      }
    }
  } finally {
    clearTimeout(timer);
    await watcher.close();
  }
}

function readContent(source: string): Promise<string | undefined> {
  return hashTask(source).catch(() => undefined);
}
