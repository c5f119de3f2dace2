import { l10n, Uri, window, workspace } from 'vscode';
import { DismissedError } from '../../errors.ts';
import { execute } from '../../ownCommands.ts';
import type { ExtensionCommand } from '../../services.ts';
import { payloadOf } from '../payloadFile.ts';
import { prepare } from '../payloads.ts';
import type { PayloadSource } from '../recentCalls.ts';
import { activeUri } from '../tabs.ts';
import { taskToInvoke } from '../taskToInvoke.ts';

/** Sends a payload document: the one that it was called on, else that of the active editor. */
export const payloadSend: ExtensionCommand = async (services, argument) => {
  const uri = argument instanceof Uri ? argument : activeUri();
  const payload = uri && payloadOf(uri.fsPath);
  if (uri === undefined || payload === undefined) {
    void window.showInformationMessage(
      l10n.t('Open a payload first: a file in .fusionizer/payloads/<task>/, which Open Payload... finds.'),
    );
    throw new DismissedError();
  }
  const again = (): Thenable<unknown> => execute('fusionizer.payload.send', uri);
  const task = await taskToInvoke(services, { task: payload.task }, l10n.t('Send Payload'), again);
  const source: PayloadSource = { kind: 'document', path: uri.fsPath };
  // What was sent is kept: a payload is never lost.
  await workspace.textDocuments
    .find((document) => document.isDirty && document.uri.toString() === uri.toString())
    ?.save();
  return services.invoker.send(task, source, await prepare(source));
};
