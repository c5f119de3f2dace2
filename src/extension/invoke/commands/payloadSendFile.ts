import { l10n, Uri, window } from 'vscode';
import { payloadOf } from '../../../client/payload/payloadFile.ts';
import { DismissedError } from '../../errors.ts';
import type { ExtensionCommand } from '../../services.ts';
import { prepare } from '../payloads.ts';
import type { PayloadSource } from '../recentCalls.ts';
import { namedTask, taskToInvoke } from '../taskToInvoke.ts';

/**
 * Invokes a Task with the bytes of a file: the one that it was called on, else it asks for one. A payload document is
 * sent as such.
 */
export const payloadSendFile: ExtensionCommand = async (services, argument) => {
  const file = argument instanceof Uri ? argument : undefined;
  const task = file ? await namedTask(services, file) : argument;
  const send = async (name: string): Promise<unknown> => {
    const path = (file ?? (await askForFile(name))).fsPath;
    const source: PayloadSource = { kind: payloadOf(path) ? 'document' : 'file', path };
    return services.invoker.send(name, source, await prepare(source));
  };
  return send(await taskToInvoke(services, task, l10n.t('Send File as Payload'), send));
};

async function askForFile(task: string): Promise<Uri> {
  const [picked] =
    (await window.showOpenDialog({ title: l10n.t('The payload for {0}', task), openLabel: l10n.t('Send') })) ?? [];
  if (picked === undefined) throw new DismissedError();
  return picked;
}
