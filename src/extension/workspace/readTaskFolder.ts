import path from 'node:path';
import { messageOf } from '../../core/errors.ts';
import { checkTaskName, readTaskDefinition } from '../../core/task.ts';
import type { TaskFolder } from '../model/rows.ts';

/** Looks into a folder with function.yaml, but not into all of its files: the hash comes later. What is wrong with it is part of the answer. */
export async function readTaskFolder(folder: string): Promise<TaskFolder> {
  const base = path.basename(folder);
  try {
    const { config, runtimeName } = await readTaskDefinition(folder, base);
    const name = config.metadata?.name || base;
    checkTaskName(name);
    return { path: folder, name, hash: undefined, runtime: runtimeName, problem: undefined };
  } catch (error) {
    return { path: folder, name: base, hash: undefined, runtime: undefined, problem: messageOf(error) };
  }
}
