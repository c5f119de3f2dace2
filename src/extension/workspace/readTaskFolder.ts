import path from 'node:path';
import { hashTask } from '../../client/taskHash.ts';
import { taskNameOf } from '../../client/taskName.ts';
import { messageOf } from '../../core/errors.ts';
import { readTaskDefinition } from '../../core/task.ts';
import type { TaskFolder } from '../model/rows.ts';

/** Looks into a folder with function.yaml. What is wrong with it is part of the answer. */
export async function readTaskFolder(folder: string): Promise<TaskFolder> {
  let name = path.basename(folder);
  let runtime: string | undefined;
  let hash: string | undefined;
  try {
    name = await taskNameOf(folder);
    hash = await hashTask(folder);
    runtime = (await readTaskDefinition(folder, name)).runtimeName;
    return { path: folder, name, runtime, hash, problem: undefined };
  } catch (error) {
    return { path: folder, name, runtime, hash, problem: messageOf(error) };
  }
}
