import { l10n, StatusBarAlignment, window } from 'vscode';

/**
 * Shows a text in the status bar for a while, and reads it out where a screen reader runs: a new element with the role
 * of an alert is read at once. `setStatusBarMessage` is silent. The focus stays where it is.
 * @param text may have icons, such as `$(pass)`, which are not read
 * @param shown milliseconds
 */
export function announce(text: string, shown: number): void {
  const item = window.createStatusBarItem('fusionizer.announcement', StatusBarAlignment.Left, 9);
  item.name = l10n.t('Fusionizer Messages');
  item.text = text;
  item.accessibilityInformation = { label: text.replaceAll(/\$\([\w~-]+\) ?/g, ''), role: 'alert' };
  item.show();
  setTimeout(() => item.dispose(), shown);
}
