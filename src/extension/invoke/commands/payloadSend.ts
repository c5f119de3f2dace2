import { l10n, Uri, window, workspace } from 'vscode';
import { payloadOf } from '../../../client/payload/payloadFile.ts';
import { DismissedError } from '../../errors.ts';
import { execute } from '../../ownCommands.ts';
import type { ExtensionCommand } from '../../services.ts';
import { prepare } from '../payloads.ts';
import type { PayloadSource } from '../recentCalls.ts';
import { activeUri } from '../tabs.ts';
import { taskToInvoke } from '../taskToInvoke.ts';

/** Sends the payload document that it was called on, else the one in the active editor. */
export const payloadSend: ExtensionCommand = async (services, argument) => {
  const uri = argument instanceof Uri ? argument : activeUri();
  const payload = uri && payloadOf(uri.fsPath);
  if (uri === undefined || payload === undefined) {
    void window.showInformationMessage(
      l10n.t('Open a payload first, with Open Payload... Payloads are files in .fusionizer/payloads/<task>/.'),
    );
    throw new DismissedError();
  }
  const again = (): Thenable<unknown> => execute('fusionizer.payload.send', uri);
  const task = await taskToInvoke(services, { task: payload.task }, l10n.t('Send Payload'), again);
  const source: PayloadSource = { kind: 'document', path: uri.fsPath };
  // Saved, so that a payload that was sent is never lost.
  await workspace.textDocuments
    .find((document) => document.isDirty && document.uri.toString() === uri.toString())
    ?.save();
  return services.invoker.send(task, source, await prepare(source));
};
