import { existsSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../shared/errors.ts';
import { checkTaskName } from '../../task/taskName.ts';
import type { TaskRow } from '../setup/rows.ts';
import type { NamedTask } from '../workspace/taskNames.ts';

/** The folders that have a name, in the workspace or on the server, by their names. */
export function takenNames(
  named: readonly NamedTask[],
  rows: readonly Pick<TaskRow, 'name' | 'task'>[],
): ReadonlyMap<string, string> {
  const deployed = rows.flatMap(({ name, task }): [string, string][] => (task?.source ? [[name, task.source]] : []));
  return new Map([...deployed, ...named.map(({ name, path: folder }): [string, string] => [name, folder])]);
}

/**
 * Why a new Task cannot have this name in this folder; undefined where it can.
 * @param shown a path as the user reads it
 */
export function newNameProblem(
  name: string,
  parent: string,
  taken: ReadonlyMap<string, string>,
  shown = (folder: string): string => folder,
): string | undefined {
  if (name === '') return undefined;
  try {
    checkTaskName(name);
  } catch (error) {
    return messageOf(error);
  }
  const folder = taken.get(name);
  if (folder !== undefined && folder !== path.join(parent, name))
    return `The Task in ${shown(folder)} has this name: choose another one`;
  return existsSync(path.join(parent, name)) ? `${name} exists already: choose another name` : undefined;
}

/** The first of task, task-2, task-3 ... that is free. */
export function freeName(base: string, parent: string, taken: readonly string[]): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!taken.includes(name) && !existsSync(path.join(parent, name))) return name;
  }
}
