import { existsSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../shared/errors.ts';
import { checkTaskName } from '../../task/taskName.ts';

/** Why a new Task cannot have this name in this folder; undefined where it can. */
export function nameProblem(name: string, parent: string): string | undefined {
  if (name === '') return undefined;
  try {
    checkTaskName(name);
  } catch (error) {
    return messageOf(error);
  }
  return existsSync(path.join(parent, name)) ? `${name} is there already: choose another name` : undefined;
}

/** The first of task, task-2, task-3 ... that is free. */
export function freeName(base: string, parent: string, taken: readonly string[]): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!taken.includes(name) && !existsSync(path.join(parent, name))) return name;
  }
}
