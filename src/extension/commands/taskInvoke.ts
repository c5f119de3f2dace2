import { commands, l10n, window } from 'vscode';
import { createPayload, listPayloads, openPayload, payloadsOf, prepare } from '../invoke/payloads.ts';
import { pickPayload } from '../invoke/pickPayload.ts';
import { taskToInvoke } from '../invoke/taskToInvoke.ts';
import type { ExtensionCommand } from '../services.ts';

/** Invokes a Task with a payload of the user's choice; the first time, with one that is made to be edited. */
export const taskInvoke: ExtensionCommand = {
  id: 'fusionizer.task.invoke',
  run: async (services, argument) => {
    const again = (name: string): Thenable<unknown> => commands.executeCommand('fusionizer.task.invoke', { task: name });
    const task = await taskToInvoke(services, argument, l10n.t('Invoke Task'), again);
    const documents = await listPayloads(services, task);
    const recent = services.recent.of(task);
    if (documents.length === 0 && recent.length === 0 && payloadsOf(services, task) !== undefined) {
      return openPayload(await createPayload(services, task, 'default.json'), true);
    }
    const choice = await pickPayload(task, documents, recent, selectedText());
    if (choice === 'new') return commands.executeCommand('fusionizer.payload.new', { task });
    if (choice === 'file') return commands.executeCommand('fusionizer.payload.sendFile', { task });
    if ('open' in choice) return openPayload(choice.open);
    return services.invoker.send(task, choice.send, await prepare(choice.send));
  },
};

function selectedText(): string {
  const editor = window.activeTextEditor;
  return editor?.document.getText(editor.selection) ?? '';
}
