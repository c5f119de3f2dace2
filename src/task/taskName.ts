import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { FusionizerError } from '../shared/errors.ts';
import { TASK_NAME } from '../shared/taskNamePattern.ts';
import { TaskNameError } from './errors.ts';
import type { PackedTask } from './pack.ts';
import { listTopLevelFiles } from './taskFiles.ts';
import { findConfig, readConfig } from './yaml/findConfig.ts';
import { type FunctionYaml, placed } from './yaml/functionYaml.ts';

/** A valid Task name that resembles a text; undefined if nothing of the text can be used. */
export function suggestTaskName(text: string): string | undefined {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return name === '' ? undefined : name;
}

/** @throws FusionizerError `malformed`, with a valid name as a suggestion */
export function checkTaskName(name: string): void {
  if (TASK_NAME.test(name)) return;
  const suggestion = suggestTaskName(name);
  const hint = suggestion === undefined ? '' : `, such as '${suggestion}'`;
  throw new FusionizerError(
    'malformed',
    `${JSON.stringify(name)} cannot be a Task's name: ` +
      `use lowercase letters, digits and '-', starting with a letter, at most 40 characters${hint}`,
  );
}

/**
 * The name under which a folder or file is deployed: its `metadata.name`, or else the name of the folder or file.
 * @throws TaskNameError with a suggestion, and with the place of `metadata.name` in the configuration, if the name is
 *   not a DNS label; FusionizerError `task` if the configuration cannot be read
 * @param packed the Task's packed files; without them, the configuration is read from the disk
 */
export async function taskNameOf(source: string, packed?: Pick<PackedTask, 'config'>): Promise<string> {
  const isFolder = (await stat(source)).isDirectory();
  const yaml = packed ? readPacked(packed) : await configOf(source, isFolder);
  const configured = yaml?.checked().metadata?.name || undefined;
  const base = path.basename(path.resolve(source));
  const name = configured ?? (isFolder ? base : path.parse(base).name);
  try {
    checkTaskName(name);
  } catch (cause) {
    if (!(cause instanceof FusionizerError)) throw cause;
    const advice =
      configured === undefined
        ? ` (it is the ${isFolder ? "folder's" : "file's"} name): write another one as metadata.name`
        : '';
    if (yaml === undefined) throw new TaskNameError('malformed', cause.message + advice, { cause });
    const place = { file: yaml.file, line: yaml.lineOf('metadata', 'name') };
    const message = `${placed(place.file, place.line)}: ${cause.message}${advice}`;
    throw new TaskNameError('malformed', message, { ...place, cause });
  }
  return name;
}

/**
 * The name that a folder's configuration gives it, even if other fields are wrong; undefined if there is no name or an
 * invalid one.
 */
export async function soundTaskName(folder: string): Promise<string | undefined> {
  // If the configuration cannot be read at all, it gives no name. A deploy reports why.
  const yaml = await configOf(folder, true).catch(() => undefined);
  const name = yaml?.config.metadata?.name;
  return name !== undefined && TASK_NAME.test(name) ? name : undefined;
}

const readPacked = ({ config }: Pick<PackedTask, 'config'>): FunctionYaml | undefined =>
  config && readConfig(config.file, config.bytes);

async function configOf(source: string, isFolder: boolean): Promise<FunctionYaml | undefined> {
  const folder = isFolder ? source : path.dirname(source);
  const found = findConfig(isFolder ? await listTopLevelFiles(source) : [path.basename(source)]);
  return found && readConfig(found, await readFile(path.join(folder, found.name)));
}

/** In characters, as `TASK_NAME` has it. */
const LONGEST_NAME = 40;

/** The first of name-2, name-3 ... that is not taken. A long name is cut. */
export function numberedName(name: string, taken: readonly string[]): string {
  for (let number = 2; ; number += 1) {
    const free = `${name.slice(0, LONGEST_NAME - String(number).length - 1)}-${number}`;
    if (!taken.includes(free)) return free;
  }
}
