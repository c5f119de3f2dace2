import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { isUnsearched } from '../../task/ignores.ts';
import { isSourceFile } from '../../task/yaml/inlineConfig.ts';

/** How deep folders are looked for, and how many are offered. */
const DEEPEST = 4;
const MOST = 200;

/**
 * The folders with source files that are no Task, no part of one, and have none in them; the ones further up first.
 * @param tasks the paths of all Tasks: folders, or source files
 */
export async function sourceFolders(top: string, tasks: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  let level = [top];
  for (let depth = 0; depth <= DEEPEST && level.length > 0 && found.length < MOST; depth += 1) {
    const below: string[] = [];
    for (const dir of level) {
      if (tasks.includes(dir)) continue;
      const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
      const hasSource = entries.some((entry) => entry.isFile() && isSourceFile(entry.name));
      if (hasSource && !tasks.some((task) => task.startsWith(`${dir}${path.sep}`))) found.push(dir);
      for (const entry of entries)
        if (entry.isDirectory() && !entry.name.startsWith('.') && !isUnsearched(entry.name))
          below.push(path.join(dir, entry.name));
    }
    level = below;
  }
  return found.slice(0, MOST);
}
