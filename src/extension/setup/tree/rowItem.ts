import type { TreeItem } from 'vscode';
import type { ScheduleState } from '../../schedule/scheduleState.ts';
import type { Row } from '../rows.ts';
import { groupItem } from './groupItem.ts';
import { taskItem } from './items.ts';
import { scheduleItem } from './scheduleItem.ts';

/** What a row shows, without what takes longer: its tooltip and its command. */
export function rowItem(row: Row | ScheduleState | undefined): TreeItem {
  // The row was removed meanwhile. VS Code asks again at once.
  if (row === undefined) return {};
  if (!('kind' in row)) return scheduleItem(row);
  return row.kind === 'group' ? groupItem(row) : taskItem(row);
}
