import { commands, l10n, window } from 'vscode';
import { DismissedError } from '../../errors.ts';
import type { ExtensionCommand } from '../../services.ts';
import { openSides } from '../answerDocuments.ts';
import { answeredTaskFor } from '../answeredTask.ts';
import { answerUri } from '../answerUri.ts';
import { columnOf } from '../tabs.ts';

/** Compares a Task's answer with the one before to the same payload. */
export const answerCompare: ExtensionCommand = async (services, argument) => {
  const task = await answeredTaskFor(services, argument, l10n.t('Compare Answer with Previous'));
  const known = services.answers.of(task);
  if (known?.previous === undefined) {
    void window.showInformationMessage(
      l10n.t('{0} has answered this payload only once, so there is nothing to compare: send it again.', task),
    );
    throw new DismissedError();
  }
  if (known.previous.body.equals(known.current.body)) {
    void window.showInformationMessage(l10n.t('The newest answer of {0} has the same body as the one before.', task));
    return;
  }
  const column = columnOf(answerUri(task))?.column;
  const title = l10n.t('{0}: two answers to the same payload', task);
  const { previous, current } = await openSides(services.answers, task);
  await commands.executeCommand('vscode.diff', previous, current, title, {
    ...(column ? { viewColumn: column } : {}),
  });
};
