import { l10n, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, workspace } from 'vscode';
import { contextOf } from '../rowContext.ts';
import type { RowState, TaskRow } from '../rows.ts';

/** The icon and colour of each state. The description has its word. */
const ICONS: Record<RowState, ThemeIcon> = {
  'not-deployed': new ThemeIcon('circle-outline', new ThemeColor('disabledForeground')),
  deploying: new ThemeIcon('sync~spin', new ThemeColor('progressBar.background')),
  ready: new ThemeIcon('pass-filled', new ThemeColor('testing.iconPassed')),
  busy: new ThemeIcon('watch', new ThemeColor('problemsWarningIcon.foreground')),
  'crash-loop': new ThemeIcon('warning', new ThemeColor('problemsWarningIcon.foreground')),
  unhealthy: new ThemeIcon('error', new ThemeColor('problemsErrorIcon.foreground')),
  error: new ThemeIcon('error', new ThemeColor('problemsErrorIcon.foreground')),
};

/** The word for a Task's state, with the stage of its deploy. */
export function stateWord({ state, stage, folder }: Pick<TaskRow, 'state' | 'stage' | 'folder'>): string {
  switch (state) {
    case 'not-deployed':
      return l10n.t('not deployed');
    case 'deploying':
      return stage === undefined ? l10n.t('deploying') : l10n.t('deploying: {0}', stage);
    case 'busy':
      return l10n.t('busy');
    case 'crash-loop':
      return l10n.t('crash loop');
    case 'error':
      return folder?.problem === undefined ? l10n.t('deploy failed') : l10n.t('cannot be deployed');
    default:
      return state;
  }
}

const timesUsed = (count: number): string =>
  count === 2 ? l10n.t('name is used twice') : l10n.t('name is used {0} times', count);

export function taskItem(row: TaskRow): TreeItem {
  const { task, folder } = row;
  const item = new TreeItem(row.name, TreeItemCollapsibleState.None);
  item.id = row.key;
  item.iconPath = ICONS[row.state];
  const runtime = task?.runtime ?? folder?.runtime;
  const parts = [stateWord(row)];
  // Right behind the state, as a narrow view cuts off the end.
  if (row.named > 1 && folder) parts.push(timesUsed(row.named), workspace.asRelativePath(folder.path));
  if (runtime !== undefined) parts.push(runtime);
  if (task) parts.push(l10n.t('version {0}', task.version));
  if (row.changed) parts.push(l10n.t('changed'));
  item.description = parts.join(' · ');
  item.contextValue = contextOf(row);
  item.accessibilityInformation = { label: `${row.name}, ${item.description}`, role: 'treeitem' };
  return item;
}
