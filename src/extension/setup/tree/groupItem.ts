import { l10n, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import { groupName } from '../../../shared/groupName.ts';
import type { GroupRow, TaskRow } from '../rows.ts';
import { stateWord } from './items.ts';

/** The row of a Fusion Group. Its size comes first, as a narrow view cuts off the end. */
export function groupItem({ key, tasks }: GroupRow): TreeItem {
  const names = tasks.map(({ name }) => name);
  const item = new TreeItem(groupName(names), TreeItemCollapsibleState.Expanded);
  const state = groupStates(tasks);
  item.id = key;
  item.iconPath = new ThemeIcon('layers-active', new ThemeColor('charts.blue'));
  item.description = l10n.t('{0} Tasks · {1}', tasks.length, state);
  item.contextValue = 'group;';
  item.tooltip = l10n.t('{0} run in one function, so calls between them are local calls.', names.join(', '));
  const label = l10n.t('Fusion Group of {0} Tasks: {1}, {2}', tasks.length, names.join(', '), state);
  item.accessibilityInformation = { label, role: 'treeitem' };
  return item;
}

/** One word if all Tasks have the same state, else how many have which. */
function groupStates(tasks: readonly TaskRow[]): string {
  const counts = new Map<string, number>();
  for (const task of tasks) counts.set(stateWord(task), (counts.get(stateWord(task)) ?? 0) + 1);
  const [[only] = [''], ...others] = [...counts];
  return others.length === 0 ? only : [...counts].map(([state, count]) => `${count} ${state}`).join(', ');
}
