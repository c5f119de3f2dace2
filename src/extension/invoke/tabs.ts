import { type Tab, TabInputCustom, TabInputText, type Uri, ViewColumn, window } from 'vscode';
import { ANSWER_SCHEME } from './answerUri.ts';

/** The file or document that a tab shows; undefined if it shows something else. */
export function uriOf(tab: Tab | undefined): Uri | undefined {
  return tab?.input instanceof TabInputText || tab?.input instanceof TabInputCustom ? tab.input.uri : undefined;
}

/** The document of the active tab, or its file in an editor of another kind. */
export const activeUri = (): Uri | undefined => uriOf(window.tabGroups.activeTabGroup.activeTab);

/** A column beside the active one: an existing one, else a new one. */
export function columnBeside(): ViewColumn {
  const active = window.tabGroups.activeTabGroup.viewColumn;
  const others = window.tabGroups.all.map(({ viewColumn }) => viewColumn).filter((column) => column !== active);
  return others.find((column) => column > active) ?? others.at(-1) ?? ViewColumn.Beside;
}

/** The column that has a document open, in front of other tabs or behind them. */
export function columnOf(uri: Uri): { column: ViewColumn; visible: boolean } | undefined {
  const same = (tab: Tab | undefined): boolean => uriOf(tab)?.toString() === uri.toString();
  const visible = window.tabGroups.all.find(({ activeTab }) => same(activeTab));
  if (visible) return { column: visible.viewColumn, visible: true };
  const group = window.tabGroups.all.find(({ tabs }) => tabs.some(same));
  return group && { column: group.viewColumn, visible: false };
}

/** The column in which any answer is open. */
export const columnOfAnswers = (): ViewColumn | undefined =>
  window.tabGroups.all.find(({ tabs }) => tabs.some((tab) => uriOf(tab)?.scheme === ANSWER_SCHEME))?.viewColumn;
