import path from 'node:path';
import { TASK_NAME } from '../../shared/api.ts';
import { messageOf } from '../../shared/errors.ts';
import { readTaskDefinition } from '../../task/task.ts';
import { soundTaskName, taskNameOf } from '../../task/taskName.ts';
import type { TaskFolder } from '../setup/rows.ts';

/**
 * Looks into a folder with function.yaml, but not into all of its files: the hash comes later. What is wrong with it is
 * part of the answer.
 */
export async function readTaskFolder(folder: string): Promise<TaskFolder> {
  const base = path.basename(folder);
  try {
    const { config, runtimeName } = await readTaskDefinition(folder, base);
    // Of a name that cannot be, this one says why, and where it is.
    const name = TASK_NAME.test(config.metadata?.name || base)
      ? config.metadata?.name || base
      : await taskNameOf(folder);
    return { path: folder, name, hash: undefined, runtime: runtimeName, problem: undefined };
  } catch (error) {
    // Another fault than that of its name does not make it another Task.
    return {
      path: folder,
      name: (await soundTaskName(folder)) ?? base,
      hash: undefined,
      runtime: undefined,
      problem: messageOf(error),
    };
  }
}
