import { TASK_NAME } from '../../shared/taskNamePattern.ts';
import type { TaskRow } from '../setup/rows.ts';

/** A Task that another one can call. */
export interface Callee {
  readonly name: string;
  readonly deployed: boolean;
}

/**
 * The Tasks that can be called, each once: the deployed ones first, then the others, by name. Folders whose names are
 * not valid for a Task are left out.
 */
export function calleesOf(rows: readonly Pick<TaskRow, 'name' | 'task'>[]): Callee[] {
  const deployed = new Set(rows.flatMap(({ name, task }) => (task ? [name] : [])));
  const names = [...new Set(rows.map(({ name }) => name))].filter((name) => TASK_NAME.test(name)).sort();
  const callees = names.map((name) => ({ name, deployed: deployed.has(name) }));
  return [...callees.filter((one) => one.deployed), ...callees.filter((one) => !one.deployed)];
}
