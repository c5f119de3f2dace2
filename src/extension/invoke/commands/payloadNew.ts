import path from 'node:path';
import { l10n, window } from 'vscode';
import { payloadName } from '../../../client/payload/payloadFile.ts';
import { DismissedError } from '../../errors.ts';
import type { ExtensionCommand } from '../../services.ts';
import { createPayload, listPayloads, openPayload } from '../payloads.ts';
import { anyTask } from '../taskToInvoke.ts';

/** Creates a payload document for a Task and opens it. Needs no server. */
export const payloadNew: ExtensionCommand = async (services, argument) => {
  const task = await anyTask(services, argument, l10n.t('New Payload'));
  const known = (await listPayloads(services, task)).map((file) => path.basename(file).toLowerCase());
  const typed = await window.showInputBox({
    title: l10n.t('New Payload for {0}', task),
    prompt: l10n.t('Its name: JSON unless it ends otherwise, such as .txt or .csv'),
    value: known.length === 0 ? 'default.json' : '',
    validateInput: (text) => {
      const name = payloadName(text);
      if (name === undefined) return text === '' ? undefined : l10n.t('Use letters, digits, spaces, dots, - and _.');
      return known.includes(name.toLowerCase()) ? l10n.t('{0} exists already.', name) : undefined;
    },
  });
  const name = payloadName(typed ?? '');
  if (name === undefined) throw new DismissedError();
  await openPayload(await createPayload(services, task, name), true);
};
