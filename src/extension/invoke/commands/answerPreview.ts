import { l10n, window } from 'vscode';
import { DismissedError } from '../../errors.ts';
import type { ExtensionCommand } from '../../services.ts';
import { answeredTaskFor } from '../answeredTask.ts';

/** Shows a Task's answer as an image or a page, beside its bytes. */
export const answerPreview: ExtensionCommand = async (services, argument) => {
  const task = await answeredTaskFor(services, argument, l10n.t('Preview Answer'));
  const answer = services.answers.of(task)?.current;
  if (answer === undefined) return;
  if (await services.previews.show(answer)) return;
  void window.showInformationMessage(
    l10n.t(
      'This answer of {0} has no preview: it is neither an image nor HTML, or it is too large. Save it to open it.',
      task,
    ),
  );
  throw new DismissedError();
};
