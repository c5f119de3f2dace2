import { l10n, window } from 'vscode';
import { DismissedError } from '../../errors.ts';
import type { ExtensionCommand } from '../../services.ts';
import { prepare } from '../payloads.ts';
import type { PayloadSource } from '../recentCalls.ts';
import { namedTask, taskToInvoke } from '../taskToInvoke.ts';

/** Invokes a Task with the text that is selected in the active editor: that of the file, else one that is asked for. */
export const payloadSendSelection: ExtensionCommand = async (services) => {
  const editor = window.activeTextEditor;
  const text = editor?.document.getText(editor.selection) ?? '';
  if (editor === undefined || text === '') {
    void window.showInformationMessage(l10n.t('Select the text to send first.'));
    throw new DismissedError();
  }
  // A file of a Task is hardly ever sent to another one.
  const named = editor.document.uri.scheme === 'file' ? await namedTask(services, editor.document.uri) : undefined;
  const source: PayloadSource = { kind: 'text', text };
  const send = async (task: string): Promise<unknown> => services.invoker.send(task, source, await prepare(source));
  return send(await taskToInvoke(services, named, l10n.t('Send Selection as Payload'), send));
};
