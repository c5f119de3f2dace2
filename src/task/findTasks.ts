import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ifMissing } from '../shared/ifMissing.ts';
import { isUnsearched } from './ignores.ts';
import { CONFIG_FILES } from './yaml/configFile.ts';
import { isSourceFile } from './yaml/inlineConfig.ts';

const INLINE = /^\s*(#|\/\/)\s*@nuclio\.configure\s*$/m;
/** What the only source file of a Task without function.yaml defines. */
const HANDLER = /^\s*(async\s+)?(def|function|class|const|let|var|export|exports|module)\b.*\bhandler\b/m;

/**
 * Finds the Tasks in a folder and below it: every folder with function.yaml, and outside of those every source file
 * with Nuclio's inline configuration. Links are not followed.
 * @param unconfigured gets each folder without function.yaml that a deploy would take: it has a single source file,
 *   with a handler. Such a folder is not found, because any script may have that form
 * @returns their paths, sorted, each beginning with `folder` as it was given
 */
export async function findTasks(folder: string, unconfigured?: (folder: string) => void): Promise<string[]> {
  const found: string[] = [];
  const search = async (dir: string, isInTask: boolean): Promise<void> => {
    // A folder can be removed while the search runs.
    const entries = await readdir(dir, { withFileTypes: true }).catch(ifMissing([]));
    const isTask = entries.some((entry) => CONFIG_FILES.includes(entry.name));
    if (isTask) found.push(dir);
    if (unconfigured && !isInTask && !isTask && (await hasLoneHandler(dir, entries))) unconfigured(dir);
    for (const entry of entries) {
      const file = path.join(dir, entry.name);
      if (isUnsearched(entry.name)) continue;
      if (entry.isDirectory()) await search(file, isInTask || isTask);
      else if (entry.isFile() && !isInTask && !isTask && (await hasInlineConfig(file))) found.push(file);
    }
  };
  await search(folder, false);
  return found.sort();
}

async function hasLoneHandler(dir: string, entries: readonly Dirent[]): Promise<boolean> {
  const [source, ...others] = entries.filter((entry) => entry.isFile() && isSourceFile(entry.name));
  if (source === undefined || others.length > 0) return false;
  const text = await readFile(path.join(dir, source.name), 'utf8').catch(ifMissing(''));
  return HANDLER.test(text) && !INLINE.test(text);
}

/** Whether a file is a source file with Nuclio's inline configuration. */
export async function hasInlineConfig(file: string): Promise<boolean> {
  if (!isSourceFile(file)) return false;
  return INLINE.test(await readFile(file, 'utf8').catch(ifMissing('')));
}
