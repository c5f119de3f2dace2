import type { TaskRow } from '../setup/rows.ts';

/** The steps of the walkthrough that show in the Fusion Setup. */
export interface Progress {
  readonly hasDeployed: boolean;
  readonly hasInvoked: boolean;
  readonly hasFused: boolean;
}

export function progressOf(rows: readonly Pick<TaskRow, 'task'>[]): Progress {
  const tasks = rows.flatMap(({ task }) => task ?? []);
  return {
    hasDeployed: tasks.length > 0,
    hasInvoked: tasks.some(({ calls }) => calls > 0),
    hasFused: tasks.some(({ group }) => group.length > 1),
  };
}
