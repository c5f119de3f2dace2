import { commands, l10n, Uri, window } from 'vscode';
import { DismissedError } from '../../errors.ts';
import type { ExtensionCommand } from '../../services.ts';
import { activeBoard } from '../editor/register.ts';
import { openBoard } from '../openSchedule.ts';

/** Opens a JSON file as a schedule, whatever its name: that of the Explorer, or that of the active editor. */
export const scheduleOpenBoard: ExtensionCommand = async (_services, argument) => openBoard(fileOf(argument));

/** Opens the text of a schedule, in place of its board. */
export const scheduleOpenText: ExtensionCommand = async (_services, argument) => {
  await commands.executeCommand('vscode.openWith', argument instanceof Uri ? argument : fileOf(), 'default');
};

/** Puts the keyboard's focus on the board: the Tab key does not lead from VS Code into a page. */
export const scheduleFocus: ExtensionCommand = async () => activeBoard()?.focus();

function fileOf(argument?: unknown): Uri {
  if (argument instanceof Uri) return argument;
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  if (typeof input === 'object' && input !== null && 'uri' in input && input.uri instanceof Uri) return input.uri;
  void window.showInformationMessage(l10n.t('Open the JSON file with the schedule first.'));
  throw new DismissedError();
}
