import path from 'node:path';
import { l10n, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import { type ScheduleState, severityOf } from '../../schedule/scheduleState.ts';
import { scheduleText } from '../../schedule/scheduleText.ts';

const ICONS = {
  error: new ThemeIcon('error', new ThemeColor('problemsErrorIcon.foreground')),
  warning: new ThemeIcon('warning', new ThemeColor('problemsWarningIcon.foreground')),
} as const;

/** The row of the schedule in the view. */
export function scheduleItem(state: ScheduleState): TreeItem {
  const item = new TreeItem(l10n.t('Schedule'), TreeItemCollapsibleState.None);
  const severity = severityOf(state);
  item.id = 'schedule';
  item.description = scheduleText(state);
  item.iconPath = severity === 'none' ? new ThemeIcon(state.isRunning ? 'calendar' : 'debug-pause') : ICONS[severity];
  item.contextValue = state.isRunning ? 'schedule;running;' : 'schedule;paused;';
  const name = state.file === null ? '' : `, ${path.basename(state.file)}`;
  item.accessibilityInformation = { label: `${l10n.t('Schedule')}${name}: ${item.description}`, role: 'treeitem' };
  return item;
}
