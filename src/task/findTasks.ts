import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ifMissing } from '../shared/ifMissing.ts';
import { isUnsearched } from './ignores.ts';
import { CONFIG_FILES } from './yaml/configFile.ts';
import { isSourceFile } from './yaml/inlineConfig.ts';

const INLINE = /^\s*(#|\/\/)\s*@nuclio\.configure\s*$/m;

/**
 * Finds the Tasks in a folder and below it: every folder with function.yaml, and outside of those every source file
 * with Nuclio's inline configuration. Links are not followed.
 * @returns their paths, sorted, each beginning with `folder` as it was given
 */
export async function findTasks(folder: string): Promise<string[]> {
  const found: string[] = [];
  const search = async (dir: string, isInTask: boolean): Promise<void> => {
    // A folder can be removed while the search runs.
    const entries = await readdir(dir, { withFileTypes: true }).catch(ifMissing([]));
    const isTask = entries.some((entry) => CONFIG_FILES.includes(entry.name));
    if (isTask) found.push(dir);
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

async function hasInlineConfig(file: string): Promise<boolean> {
  if (!isSourceFile(file)) return false;
  return INLINE.test(await readFile(file, 'utf8').catch(ifMissing('')));
}
