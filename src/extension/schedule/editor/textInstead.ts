import { commands, TabInputCustom, type TextDocument, type WebviewPanel, window } from 'vscode';

/** The boards that are open, by the addresses of their documents. */
const boards = new Map<string, Set<WebviewPanel>>();

/** Begins with seven of them where git has left a conflict. */
const CONFLICT = /^(?:<{7}|>{7}) /m;

/**
 * Shows the text where a board would be in the way: in a comparison, in a merge, and for a version out of git. VS Code
 * before August 2026 opens comparisons with the default editor of a file, and says nothing to that editor: a comparison
 * has no tab of the board's own kind.
 * @returns whether the text is shown
 */
export async function showTextInstead(
  document: TextDocument,
  panel: WebviewPanel,
  types: ReadonlySet<string>,
): Promise<boolean> {
  const key = document.uri.toString();
  const open = boards.get(key) ?? new Set();
  boards.set(key, open.add(panel));
  panel.onDidDispose(() => {
    open.delete(panel);
    if (open.size === 0) boards.delete(key);
  });
  const isElsewhere = !['file', 'untitled', 'vscode-remote'].includes(document.uri.scheme);
  if (!isElsewhere && !CONFLICT.test(document.getText()) && (await hasTab(key, open, types))) return false;
  panel.reveal(panel.viewColumn);
  await commands.executeCommand('workbench.action.reopenTextEditor');
  return true;
}

/** Whether there are as many tabs with boards of this document as there are boards. They come a moment later. */
async function hasTab(key: string, open: ReadonlySet<WebviewPanel>, types: ReadonlySet<string>): Promise<boolean> {
  const tabs = (): number =>
    window.tabGroups.all
      .flatMap(({ tabs: all }) => all)
      .filter(
        ({ input }) => input instanceof TabInputCustom && types.has(input.viewType) && input.uri.toString() === key,
      ).length;
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      changes.dispose();
      resolve(tabs() >= open.size);
    };
    const changes = window.tabGroups.onDidChangeTabs(() => tabs() >= open.size && end());
    const timer = setTimeout(end, tabs() >= open.size ? 0 : TAB_PATIENCE);
  });
}

/** Milliseconds after which a tab would be there. */
const TAB_PATIENCE = 1000;
