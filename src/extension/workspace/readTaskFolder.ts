import path from 'node:path';
import { messageOf } from '../../shared/errors.ts';
import { TASK_NAME } from '../../shared/taskNamePattern.ts';
import { readTaskDefinition } from '../../task/task.ts';
import { soundTaskName, taskNameOf } from '../../task/taskName.ts';
import type { TaskFolder } from '../setup/rows.ts';

/**
 * Reads the configuration of a folder with function.yaml. Its other files are read later, for the hash. Faults are part
 * of the result.
 */
export async function readTaskFolder(folder: string): Promise<TaskFolder> {
  const base = path.basename(folder);
  try {
    const { config, runtimeName } = await readTaskDefinition(folder, base);
    // For an invalid name, taskNameOf throws an error with its place.
    const name = TASK_NAME.test(config.metadata?.name || base)
      ? config.metadata?.name || base
      : await taskNameOf(folder);
    return { path: folder, name, hash: undefined, runtime: runtimeName, problem: undefined };
  } catch (error) {
    // A Task with another fault keeps its name.
    return {
      path: folder,
      name: (await soundTaskName(folder)) ?? base,
      hash: undefined,
      runtime: undefined,
      problem: messageOf(error),
    };
  }
}
