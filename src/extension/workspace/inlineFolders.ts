import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { hasInlineConfig } from '../../task/findTasks.ts';
import { isSourceFile } from '../../task/yaml/inlineConfig.ts';

/**
 * The folders that are Tasks by Nuclio's inline configuration: the only source file of such a folder has one. Files of
 * larger folders are not read, so that the search stays cheap in projects of another kind.
 * @param sources source files of the workspace
 * @param isTaken whether a folder belongs to a Task already
 */
export async function inlineFolders(
  sources: readonly string[],
  isTaken: (folder: string) => boolean,
): Promise<string[]> {
  const counts = new Map<string, number>();
  for (const file of sources) counts.set(path.dirname(file), (counts.get(path.dirname(file)) ?? 0) + 1);
  const found: string[] = [];
  for (const [folder, count] of counts)
    if (count === 1 && !isTaken(folder) && (await isInlineTask(folder))) found.push(folder);
  return found;
}

/** Whether a folder without function.yaml is a Task by the inline configuration of its only source file. */
export async function isInlineTask(folder: string): Promise<boolean> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const [source, ...others] = entries.filter((entry) => entry.isFile() && isSourceFile(entry.name));
  if (source === undefined || others.length > 0) return false;
  // A file that cannot be read is not a Task that could be shown.
  return hasInlineConfig(path.join(folder, source.name)).catch(() => false);
}
