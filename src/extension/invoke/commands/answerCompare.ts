import { commands, l10n, window } from 'vscode';
import { DismissedError } from '../../errors.ts';
import type { ExtensionCommand } from '../../services.ts';
import { answeredTaskFor } from '../answeredTask.ts';
import { answerUri } from '../answers.ts';
import { columnOf } from '../tabs.ts';

/** Shows what a Task's newest answer has that the one before had not. */
export const answerCompare: ExtensionCommand = async (services, argument) => {
  const task = await answeredTaskFor(services, argument, l10n.t('Compare Answer with Previous'));
  const known = services.answers.of(task);
  if (known?.previous === undefined) {
    void window.showInformationMessage(l10n.t('{0} has answered only once: there is nothing to compare with.', task));
    throw new DismissedError();
  }
  if (known.previous.body.equals(known.current.body)) {
    void window.showInformationMessage(l10n.t('The newest answer of {0} has the same body as the one before.', task));
    return;
  }
  const column = columnOf(answerUri(task))?.column;
  const title = l10n.t('{0}: previous and newest answer', task);
  await commands.executeCommand('vscode.diff', answerUri(task, 'previous'), answerUri(task, 'current'), title, {
    ...(column ? { viewColumn: column } : {}),
  });
};
