import path from 'node:path';
import { commands, l10n, Uri, window, workspace } from 'vscode';
import { DismissedError } from '../../errors.ts';
import type { ExtensionCommand } from '../../services.ts';
import { answeredTaskFor } from '../answeredTask.ts';
import { answerEnding } from '../fileEnding.ts';

/** Saves the body of a Task's last answer, byte for byte. */
export const answerSave: ExtensionCommand = async (services, argument) => {
  const task = await answeredTaskFor(services, argument, l10n.t('Save Answer'));
  if (services.answers.unansweredOf(task)) {
    void window.showInformationMessage(
      l10n.t(
        'The last invocation of {0} had no answer to save. Show the answer before by More..., above its document.',
        task,
      ),
    );
    throw new DismissedError();
  }
  const answer = services.answers.of(task)?.current;
  if (answer === undefined) return;
  const name = `${task}-answer${answerEnding(answer)}`;
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const target = await window.showSaveDialog({
    title: l10n.t('Save the Answer of {0}', task),
    defaultUri: folder ? Uri.joinPath(folder, name) : Uri.file(path.resolve(name)),
  });
  if (target === undefined) throw new DismissedError();
  await workspace.fs.writeFile(target, answer.body);
  // Not awaited: messages stay until the user answers them.
  void offerToOpen(target);
};

/** VS Code can show files, such as images, that the answer's document cannot show. */
async function offerToOpen(file: Uri): Promise<void> {
  const open = l10n.t('Open');
  if (
    (await window.showInformationMessage(
      l10n.t('The answer is saved in {0}.', workspace.asRelativePath(file)),
      open,
    )) === open
  ) {
    await commands.executeCommand('vscode.open', file);
  }
}
