import path from 'node:path';
import { FusionizerError } from '../../shared/errors.ts';
import { listTopLevelFiles } from '../../task/taskFiles.ts';
import { numberedName } from '../../task/taskName.ts';
import { isConfigFile } from '../../task/yaml/configFile.ts';
import { findConfig, readConfig } from '../../task/yaml/findConfig.ts';
import { inlineBlock } from '../../task/yaml/inlineConfig.ts';
import type { TaskFolder } from '../setup/rows.ts';
import { ConfigText } from './configDocument.ts';
import type { Fix } from './configProblem.ts';

/** A Task's folder, by its absolute path. */
type NamedTask = Pick<TaskFolder, 'name' | 'path'>;

/** A name that several Tasks have, in the configuration of one of them. Lines and columns count from 0. */
export interface NameMark {
  readonly file: string;
  readonly name: string;
  readonly line: number;
  readonly from: number;
  readonly to: number;
  /** The folder has the name, and the configuration has none. */
  readonly isUnwritten: boolean;
  readonly others: readonly NamedTask[];
  /** Gives the Task a name that no other one has; undefined if its map of metadata is on one line and has no name. */
  readonly fix: Fix | undefined;
}

/**
 * Finds the names that several Tasks have.
 * @param list the files at the top level of a folder
 * @param read a file's text, as the editors show it; undefined if there is no such file
 */
export async function nameMarks(
  tasks: readonly NamedTask[],
  read: (file: string) => Promise<string | undefined>,
  list = (folder: string): Promise<string[]> => listTopLevelFiles(folder).catch(() => []),
): Promise<NameMark[]> {
  const marks: NameMark[] = [];
  for (const task of tasks) {
    const folder = task.path;
    const others = tasks.filter((other) => other.name === task.name && other.path !== task.path);
    if (others.length === 0) continue;
    const config = findConfig(await list(folder));
    const file = path.join(folder, config?.name ?? '');
    const text = config && (await read(file));
    const free = numberedName(
      task.name,
      tasks.map(({ name }) => name),
    );
    const place = text === undefined ? undefined : placeOfName(task, text, file, free);
    if (place) marks.push({ file, name: task.name, ...place, others });
  }
  return marks;
}

type Place = Pick<NameMark, 'line' | 'from' | 'to' | 'isUnwritten' | 'fix'>;

/** @returns undefined if the text, which may not be saved yet, has another name, or cannot be read */
function placeOfName({ name, path: folder }: NamedTask, text: string, file: string, free: string): Place | undefined {
  try {
    const isYaml = isConfigFile(file);
    const kind = isYaml ? 'yaml' : 'source';
    const yaml = readConfig({ kind, name: path.basename(file) }, Buffer.from(text));
    const written = yaml?.config.metadata?.name || undefined;
    if ((written ?? path.basename(folder)) !== name) return undefined;
    const line = written === undefined || yaml === undefined ? 0 : yaml.lineOf('metadata', 'name') - 1;
    const shown = text.split(/\r?\n/, line + 1)[line] ?? '';
    const from = written === undefined ? 0 : Math.max(0, shown.indexOf(name, shown.indexOf(':')));
    const to = written === undefined ? shown.length : from + name.length;
    if (written !== undefined) return { line, from, to, isUnwritten: false, fix: { kind: 'replace', text: free } };
    const block = isYaml ? undefined : inlineBlock(text, path.extname(file));
    const config = block === undefined ? new ConfigText(text) : ConfigText.inline(block);
    return { line, from, to, isUnwritten: true, fix: config.insertionInto(['metadata'], `name: ${free}`) };
  } catch (error) {
    if (error instanceof FusionizerError) return undefined;
    throw error;
  }
}
