import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ifMissing } from '../../shared/ifMissing.ts';
import { isAlive, readHolder } from '../../state/stateLock.ts';

/** Whether a state folder has deployed Tasks, or a running server holds it. */
export async function isInUse(state: string): Promise<boolean> {
  if ((await readdir(path.join(state, 'tasks')).catch(ifMissing([]))).length > 0) return true;
  const holder = await readHolder(path.join(state, 'lock.json'));
  return holder !== undefined && (await isAlive(holder));
}
