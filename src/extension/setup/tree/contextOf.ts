import type { TaskRow } from '../rows.ts';

/** Tokens that package.json's menus look for, each between semicolons; the first is the kind of row. */
export function contextOf({ folder, task, state }: Pick<TaskRow, 'folder' | 'task' | 'state'>): string {
  const tokens = ['task', state];
  if (folder) tokens.push('folder');
  if (task) tokens.push('deployed');
  // What is not deployed yet is deployed first, where nothing is known to be wrong with it.
  if (task || state === 'not-deployed') tokens.push('invocable');
  if ((task?.group.length ?? 0) > 1) tokens.push('fused');
  return `${tokens.join(';')};`;
}
