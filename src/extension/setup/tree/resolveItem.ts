import type { TreeItem } from 'vscode';
import type { ScheduleState } from '../../schedule/scheduleState.ts';
import { scheduleTooltip } from '../../schedule/scheduleText.ts';
import type { FreshTasks } from '../freshTasks.ts';
import type { Row } from '../rows.ts';
import { taskTooltip } from './taskTooltip.ts';

/** Adds what takes longer: the tooltip when the mouse rests on a row, and the command when the row is chosen. */
export async function resolveItem(
  item: TreeItem,
  row: Row | ScheduleState | undefined,
  fresh: FreshTasks,
): Promise<TreeItem> {
  if (row === undefined) return item;
  if (!('kind' in row)) item.tooltip = scheduleTooltip(row);
  else if (row.kind === 'task') {
    item.tooltip = taskTooltip(row.task ? { ...row, task: (await fresh.show(row.name)) ?? row.task } : row);
    if (row.folder) {
      const { openMainFile } = await import('../mainFile.ts');
      item.command = await openMainFile(row.folder.path);
    }
  }
  return item;
}
