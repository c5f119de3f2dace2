import path from 'node:path';
import { l10n, window } from 'vscode';
import { requestKey } from '../../../client/payload/toInvocation.ts';
import { FusionizerError } from '../../../shared/errors.ts';
import { execute } from '../../ownCommands.ts';
import type { ExtensionCommand } from '../../services.ts';
import { createPayload, listPayloads, openPayload, payloadsOf, prepare } from '../payloads.ts';
import { pickPayload, type ShownCall } from '../pickPayload.ts';
import type { PayloadSource, RecentCall } from '../recentCalls.ts';
import { taskToInvoke } from '../taskToInvoke.ts';

/**
 * Invokes a Task with a payload of the user's choice. The first time, it creates a payload to edit. Called with `{task:
 * 'name', payload: 'name.json'}`, as by a keybinding, it sends that document.
 */
export const taskInvoke: ExtensionCommand = async (services, argument) => {
  const again = (name: string): Thenable<unknown> => execute('fusionizer.task.invoke', { task: name });
  const task = await taskToInvoke(services, argument, l10n.t('Invoke Nuclio Task'), again);
  const documents = await listPayloads(services, task);
  const named = payloadIn(argument);
  if (named !== undefined) {
    const file = documents.find((one) => path.basename(one) === named);
    if (file === undefined)
      throw new FusionizerError(
        'not-found',
        l10n.t('{0} has no payload {1}: create it with New Payload...', task, named),
      );
    const source: PayloadSource = { kind: 'document', path: file };
    return services.invoker.send(task, source, await prepare(source));
  }
  const recent = services.recent.of(task);
  if (documents.length === 0 && recent.length === 0 && payloadsOf(services, task) !== undefined) {
    return openPayload(await createPayload(services, task, 'default.json'), true);
  }
  const choice = await pickPayload(task, documents, await Promise.all(recent.map(asOfNow)), selectedText());
  if (choice === 'new') return execute('fusionizer.payload.new', { task });
  if (choice === 'file') return execute('fusionizer.payload.sendFile', { task });
  if ('open' in choice) return openPayload(choice.open);
  return services.invoker.send(task, choice.send, await prepare(choice.send));
};

/** A file that was edited since, or is another one of its name, was not answered with the status of this call. */
async function asOfNow(call: RecentCall): Promise<ShownCall> {
  if (call.request === undefined || !('path' in call.source)) return { ...call, isOther: false };
  // What cannot be read now is said when it is sent.
  const now = await prepare(call.source).then(requestKey, () => undefined);
  return { ...call, isOther: now !== call.request };
}

function payloadIn(argument: unknown): string | undefined {
  return typeof argument === 'object' &&
    argument !== null &&
    'payload' in argument &&
    typeof argument.payload === 'string'
    ? argument.payload
    : undefined;
}

function selectedText(): string {
  const editor = window.activeTextEditor;
  return editor?.document.getText(editor.selection) ?? '';
}
