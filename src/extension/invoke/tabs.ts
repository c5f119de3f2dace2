import { type Tab, TabInputCustom, TabInputText, type Uri, ViewColumn, window } from 'vscode';

/** What a tab shows, where that is one file or document. */
export function uriOf(tab: Tab | undefined): Uri | undefined {
  return tab?.input instanceof TabInputText || tab?.input instanceof TabInputCustom ? tab.input.uri : undefined;
}

/** What the user is looking at: a text editor's document, or a file in an editor of another kind. */
export const activeUri = (): Uri | undefined => uriOf(window.tabGroups.activeTabGroup.activeTab);

/** Beside what the user is looking at: in a column that is there, else in a new one. */
export function columnBeside(): ViewColumn {
  const active = window.tabGroups.activeTabGroup.viewColumn;
  const others = window.tabGroups.all.map(({ viewColumn }) => viewColumn).filter((column) => column !== active);
  return others.find((column) => column > active) ?? others.at(-1) ?? ViewColumn.Beside;
}

/** Where a document is open, at the front or behind other tabs. */
export function columnOf(uri: Uri): { column: ViewColumn; visible: boolean } | undefined {
  const same = (tab: Tab | undefined): boolean => uriOf(tab)?.toString() === uri.toString();
  const visible = window.tabGroups.all.find(({ activeTab }) => same(activeTab));
  if (visible) return { column: visible.viewColumn, visible: true };
  const group = window.tabGroups.all.find(({ tabs }) => tabs.some(same));
  return group && { column: group.viewColumn, visible: false };
}
