import { FusionizerError, messageOf } from '../shared/errors.ts';
import { readTaskDefinition, type Task, type TaskDefinition } from '../task/task.ts';
import type { ActualSetup } from './actual.ts';
import type { Mover } from './mover.ts';
import type { FunctionReports } from './observe/functionReports.ts';
import type { Operations } from './operations.ts';
import type { State, Store } from './store.ts';

/** Stands for a definition that is lost with its files. */
const UNREADABLE: TaskDefinition = {
  config: {},
  handler: '',
  runtimeName: 'unknown',
  runtime: { family: 'python', version: undefined },
};

/**
 * Serves again what was served before a restart. A group that cannot start is tried Task by Task; a Task that then
 * fails stays deployed, without a function, with the reason. A cancelled one is left as it is.
 */
export async function restore(
  saved: State,
  parts: { store: Store; actual: ActualSetup; mover: Mover; operations: Operations; reports: FunctionReports },
): Promise<void> {
  const { store, actual, mover, operations, reports } = parts;
  const tasks = new Map<string, Task>();
  for (const entry of saved.tasks) {
    const dir = store.taskDir(entry.name, entry.version);
    try {
      tasks.set(entry.name, { ...entry, ...(await readTaskDefinition(dir, entry.name)), dir });
    } catch (error) {
      const reason = `its files in ${dir} cannot be read: ${messageOf(error)}; deploy it again`;
      reports.say('error', `Task '${entry.name}' cannot be started: ${reason}`);
      actual.markBroken({ ...entry, ...UNREADABLE, dir }, reason);
    }
  }
  const start = async (names: string[]): Promise<void> => {
    const group = names.flatMap((name) => tasks.get(name) ?? []);
    if (group.length === 0) return;
    try {
      // What is restored is saved already: there is nothing to commit.
      const work: Parameters<typeof operations.run>[3] = (handle) =>
        mover.move({ groups: [group], removed: [], force: false }, handle, async () => {});
      await operations.run('setup', names, undefined, work, () => `Restored ${names.join(', ')}`);
    } catch (error) {
      // The server is told to close: nothing is wrong with the Tasks.
      if (error instanceof FusionizerError && error.code === 'busy') return;
      reports.say('error', `${JSON.stringify(names)} could not be started again: ${messageOf(error)}`);
      if (names.length > 1) await Promise.all(names.map((name) => start([name])));
      else for (const task of group) actual.markBroken(task, messageOf(error));
    }
  };
  await Promise.all(saved.actual.map(start));
}
