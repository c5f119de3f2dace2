import { l10n, StatusBarAlignment, window } from 'vscode';

/**
 * Shows a text in the status bar for a while, and reads it out where a screen reader runs: a new element with the role
 * of an alert is read at once. `setStatusBarMessage` is silent. The focus stays where it is.
 * @param text may have icons, such as `$(pass)`, which are not read
 * @param shown milliseconds
 * @param short takes its place in the bar, where there may be little room; the whole is read out, and in the tooltip
 */
export function announce(text: string, shown: number, short = text): void {
  const item = window.createStatusBarItem('fusionizer.announcement', StatusBarAlignment.Left, 9);
  item.name = l10n.t('Fusionizer Messages');
  const plain = text.replaceAll(/\$\([\w~-]+\) ?/g, '');
  item.text = short;
  item.tooltip = plain;
  item.accessibilityInformation = { label: plain, role: 'alert' };
  item.show();
  setTimeout(() => item.dispose(), shown);
}
