import path from 'node:path';
import { FusionizerError } from '../../shared/errors.ts';
import { CONFIG_FILES, isConfigFile } from '../../task/yaml/configFile.ts';
import { readConfig } from '../../task/yaml/findConfig.ts';
import type { NamedTask } from '../workspace/taskNames.ts';

/** A name that several Tasks have, in the configuration of one of them. Lines and columns count from 0. */
export interface NameMark {
  readonly file: string;
  readonly name: string;
  readonly line: number;
  readonly from: number;
  readonly to: number;
  /** The folder or the file has the name, and the configuration has none. */
  readonly isUnwritten: boolean;
  readonly others: readonly NamedTask[];
}

/**
 * Finds the names that several Tasks have.
 * @param read a file's text, as the editors show it; undefined if there is no such file
 */
export async function nameMarks(
  tasks: readonly NamedTask[],
  read: (file: string) => Promise<string | undefined>,
): Promise<NameMark[]> {
  const marks: NameMark[] = [];
  for (const task of tasks) {
    const others = tasks.filter((other) => other.name === task.name && other.path !== task.path);
    if (others.length === 0) continue;
    for (const file of [...CONFIG_FILES.map((name) => path.join(task.path, name)), task.path]) {
      const text = await read(file);
      if (text === undefined) continue;
      const place = placeOfName(task.name, text, file);
      if (place) marks.push({ file, name: task.name, ...place, others });
      break;
    }
  }
  return marks;
}

/** @returns undefined if the text, which may not be saved yet, has another name, or cannot be read */
function placeOfName(name: string, text: string, file: string) {
  try {
    const kind = isConfigFile(file) ? 'yaml' : 'source';
    const yaml = readConfig({ kind, name: path.basename(file) }, Buffer.from(text));
    const written = yaml?.config.metadata?.name || undefined;
    const own = kind === 'yaml' ? path.basename(path.dirname(file)) : path.parse(file).name;
    if ((written ?? own) !== name) return undefined;
    const line = written === undefined || yaml === undefined ? 0 : yaml.lineOf('metadata', 'name') - 1;
    const shown = text.split(/\r?\n/, line + 1)[line] ?? '';
    const from = written === undefined ? 0 : Math.max(0, shown.indexOf(name, shown.indexOf(':')));
    return { line, from, to: written === undefined ? shown.length : from + name.length, isUnwritten: !written };
  } catch (error) {
    if (error instanceof FusionizerError) return undefined;
    throw error;
  }
}
