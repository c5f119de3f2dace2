import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { TASK_NAME } from '../shared/api.ts';
import { FusionizerError } from '../shared/errors.ts';
import { TaskNameError } from './errors.ts';
import { listTopLevelFiles } from './taskFiles.ts';
import { findConfig, readConfig } from './yaml/findConfig.ts';
import { type FunctionYaml, placed } from './yaml/functionYaml.ts';

/** A Task's name that is near to a text; undefined where nothing of it can be used. */
export function suggestTaskName(text: string): string | undefined {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return name === '' ? undefined : name;
}

/** @throws FusionizerError `malformed`, with a name that would do */
export function checkTaskName(name: string): void {
  if (TASK_NAME.test(name)) return;
  const suggestion = suggestTaskName(name);
  const hint = suggestion === undefined ? '' : `, such as '${suggestion}'`;
  throw new FusionizerError(
    'malformed',
    `${JSON.stringify(name)} cannot be a Task's name: use lowercase letters, digits and '-', starting with a letter, at most 40 characters${hint}`,
  );
}

/**
 * The name that a folder or file is deployed under: its own `metadata.name`, else the folder's (file's) name.
 * @throws TaskNameError with a suggestion, and the place of `metadata.name` in the configuration, when that is not a
 *   DNS label; FusionizerError `task` when the configuration cannot be read
 */
export async function taskNameOf(source: string): Promise<string> {
  const isFolder = (await stat(source)).isDirectory();
  const yaml = await configOf(source, isFolder);
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
 * The name that a folder's configuration gives it, whatever else is wrong there; undefined where it gives none, or one
 * that no Task can have.
 */
export async function soundTaskName(folder: string): Promise<string | undefined> {
  // A configuration that cannot be read as a whole names nothing; reading it for a deploy says why.
  const yaml = await configOf(folder, true).catch(() => undefined);
  const name = yaml?.config.metadata?.name;
  return name !== undefined && TASK_NAME.test(name) ? name : undefined;
}

async function configOf(source: string, isFolder: boolean): Promise<FunctionYaml | undefined> {
  const folder = isFolder ? source : path.dirname(source);
  const found = findConfig(isFolder ? await listTopLevelFiles(source) : [path.basename(source)]);
  return found && readConfig(found, await readFile(path.join(folder, found.name)));
}
