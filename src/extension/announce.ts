import { l10n, StatusBarAlignment, type StatusBarItem, window } from 'vscode';

let shownNow: StatusBarItem | undefined;

/**
 * Shows a text in the status bar for a while, and reads it out where a screen reader runs: a new element with the role
 * of an alert is read at once. `setStatusBarMessage` is silent. The focus stays where it is.
 * @param text may have icons, such as `$(pass)`, which are not read
 * @param shown milliseconds
 * @param short takes its place in the bar, where there may be little room; the whole is read out, and in the tooltip
 */
export function announce(text: string, shown: number, short = text): void {
  // A new text takes the place of the one before: two items of one name would end together.
  shownNow?.dispose();
  const item = window.createStatusBarItem('fusionizer.announcement', StatusBarAlignment.Left, 9);
  item.name = l10n.t('Fusionizer Messages');
  const plain = text.replaceAll(/\$\([\w~-]+\) ?/g, '');
  item.text = short;
  item.tooltip = plain;
  item.accessibilityInformation = { label: plain, role: 'alert' };
  item.show();
  shownNow = item;
  setTimeout(() => item.dispose(), shown);
}
