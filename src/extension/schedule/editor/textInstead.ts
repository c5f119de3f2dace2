import path from 'node:path';
import { commands, TabInputCustom, type TextDocument, type Uri, type WebviewPanel, window } from 'vscode';

/** The boards that are open, by the addresses of their documents. */
const boards = new Map<string, Set<WebviewPanel>>();

/** Begins lines where git has left a conflict. */
const CONFLICT = /^(?:<{7}|>{7}) /m;

/** Milliseconds after which a tab would be there. */
const PATIENCE = 1000;

/**
 * Shows the text where a board would be in the way: in a comparison, in a merge, and for a version out of git. VS Code
 * before August 2026 opens comparisons with the default editor of a file, and says nothing to that editor: a comparison
 * has no tab of the board's own kind.
 * @param types the kinds of the board's own tabs
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
  const own = (): number => ownTabs(types).filter(({ uri }) => uri.toString() === key).length;
  if (!(await becomes(() => own() >= open.size))) {
    compare(document.uri);
    return true;
  }
  const isHere = ['file', 'untitled', 'vscode-remote'].includes(document.uri.scheme);
  if (isHere && !CONFLICT.test(document.getText())) return false;
  const { viewColumn } = panel;
  panel.dispose();
  await commands.executeCommand('vscode.openWith', document.uri, 'default', { viewColumn });
  return true;
}

/** The sides of a comparison that has been opened, the left one first. */
const sides: Uri[] = [];
/** Milliseconds in which the second side follows the first one. */
const BOTH = 200;

/** Opens a comparison again, with the texts, once both of its sides are known. */
function compare(side: Uri): void {
  sides.push(side);
  if (sides.length > 1) return;
  setTimeout(() => {
    const [one, other] = sides.splice(0);
    if (one === undefined || other === undefined) return;
    const isSwapped = one.scheme === 'file' && other.scheme !== 'file';
    const [left, right] = isSwapped ? [other, one] : [one, other];
    // VS Code has no kind for the tab of such a comparison.
    const tab = window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .find(({ input, isActive }) => isActive && input === undefined);
    const title = tab?.label ?? path.posix.basename(right.path);
    const close = tab ? window.tabGroups.close(tab) : Promise.resolve(true);
    // `override` asks for the editor of texts. The API does not declare it, and takes it.
    void close.then(() => commands.executeCommand('vscode.diff', left, right, title, { override: true }));
  }, BOTH);
}

const isOwn = (input: unknown, types: ReadonlySet<string>): input is TabInputCustom =>
  input instanceof TabInputCustom && types.has(input.viewType);

const ownTabs = (types: ReadonlySet<string>): TabInputCustom[] =>
  window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ input }) => input)).filter((input) => isOwn(input, types));

/** Whether a condition on the tabs holds within a moment: they come after what is in them. */
function becomes(condition: () => boolean): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      changes.dispose();
      resolve(condition());
    };
    const changes = window.tabGroups.onDidChangeTabs(() => condition() && end());
    const timer = setTimeout(end, condition() ? 0 : PATIENCE);
  });
}
