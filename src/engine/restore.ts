import type { SavedFunction } from '../platform/platform.ts';
import { FusionizerError, messageOf } from '../shared/errors.ts';
import { sameGroup } from '../shared/setup.ts';
import { readTaskDefinition, type Task, type TaskDefinition } from '../task/task.ts';
import type { ActualSetup } from './actual.ts';
import type { Mover } from './mover.ts';
import type { ServerLog } from './observe/serverLog.ts';
import type { Operations } from './operations.ts';
import type { State, Store } from './store.ts';

/** Stands for a definition that is lost with its files. */
const UNREADABLE: TaskDefinition = {
  config: {},
  handler: '',
  runtimeName: 'unknown',
  runtime: { family: 'python', version: undefined },
};

export interface RestoreParts {
  store: Store;
  actual: ActualSetup;
  mover: Mover;
  operations: Operations;
  serverLog: ServerLog;
}

/**
 * Serves again what was served before a restart. Functions that still run are adopted, others are built again. A group
 * that cannot start is tried Task by Task. A Task that fails alone, too, stays deployed without a function, with the
 * reason. A cancelled restore leaves the remaining Tasks as they are.
 */
export async function restore(saved: State, parts: RestoreParts): Promise<void> {
  const tasks = await readTasks(saved, parts);
  const { actual, mover, operations, serverLog } = parts;
  const start = async (names: string[], still?: SavedFunction): Promise<void> => {
    const group = names.flatMap((name) => tasks.get(name) ?? []);
    if (group.length === 0) return;
    try {
      // The restored state is saved already: there is nothing to commit.
      const work: Parameters<typeof operations.run>[2] = async (handle) => {
        if (still && group.length === names.length && (await mover.adopt(still, group, handle))) return;
        await mover.move({ groups: [group], removed: [], force: false }, handle, async () => {});
      };
      await operations.run({ kind: 'setup', tasks: names }, undefined, work, () => `Restored ${names.join(', ')}`);
    } catch (error) {
      // The server is closing: the Tasks are not at fault.
      if (error instanceof FusionizerError && error.code === 'busy') return;
      serverLog.write('error', `${JSON.stringify(names)} could not be started again: ${messageOf(error)}`);
      if (names.length > 1) await Promise.all(names.map((name) => start([name])));
      else for (const task of group) actual.markBroken(task, messageOf(error));
    }
  };
  const functions = saved.functions.map(({ name, tasks: group, saved: own }) => ({ name, group, saved: own }));
  await Promise.all(
    saved.actual.map((names) =>
      start(
        names,
        functions.find(({ group }) => sameGroup(group, names)),
      ),
    ),
  );
}

async function readTasks(saved: State, { store, actual, serverLog }: RestoreParts): Promise<Map<string, Task>> {
  const tasks = new Map<string, Task>();
  for (const entry of saved.tasks) {
    const dir = store.taskDir(entry.name, entry.version);
    try {
      tasks.set(entry.name, { ...entry, ...(await readTaskDefinition(dir, entry.name)), dir });
    } catch (error) {
      const reason = `its files in ${dir} cannot be read: ${messageOf(error)}; deploy it again`;
      serverLog.write('error', `Task '${entry.name}' cannot be started: ${reason}`);
      actual.markBroken({ ...entry, ...UNREADABLE, dir }, reason);
    }
  }
  return tasks;
}
