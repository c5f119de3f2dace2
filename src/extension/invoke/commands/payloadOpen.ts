import path from 'node:path';
import { l10n, type QuickPickItem, window } from 'vscode';
import { DismissedError } from '../../errors.ts';
import { execute } from '../../ownCommands.ts';
import type { ExtensionCommand } from '../../services.ts';
import { createPayload, listPayloads, openPayload } from '../payloads.ts';
import { anyTask } from '../taskToInvoke.ts';

/** Opens a payload document of a Task; makes the first one. Needs no server. */
export const payloadOpen: ExtensionCommand = async (services, argument) => {
  const task = await anyTask(services, argument, l10n.t('Open Payload'));
  const files = await listPayloads(services, task);
  if (files.length === 0) return openPayload(await createPayload(services, task, 'default.json'), true);
  const items = files.map((file): QuickPickItem & { file?: string } => ({ label: path.basename(file), file }));
  const create: QuickPickItem & { file?: string } = { label: `$(new-file) ${l10n.t('New Payload...')}` };
  const picked =
    files.length === 1
      ? items[0]
      : await window.showQuickPick([...items, create], { title: l10n.t('Open Payload of {0}', task) });
  if (picked === undefined) throw new DismissedError();
  if (picked.file === undefined) return execute('fusionizer.payload.new', { task });
  return openPayload(picked.file);
};
