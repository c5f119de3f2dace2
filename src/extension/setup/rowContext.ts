import type { TaskRow } from './rows.ts';

/** Tokens for the when clauses of package.json's menus, each with a semicolon. The first is the kind of row. */
export function contextOf({ folder, task, state }: Pick<TaskRow, 'folder' | 'task' | 'state'>): string {
  const tokens = ['task', state];
  if (folder) tokens.push('folder');
  if (task) tokens.push('deployed');
  // Invoke offers to deploy a Task that is not deployed yet, if no fault is known.
  if (task || state === 'not-deployed') tokens.push('invocable');
  if ((task?.group.length ?? 0) > 1) tokens.push('fused');
  return `${tokens.join(';')};`;
}
