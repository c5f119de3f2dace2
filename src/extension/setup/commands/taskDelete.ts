import { l10n, window } from 'vscode';
import { DismissedError } from '../../errors.ts';
import type { ExtensionCommand } from '../../services.ts';
import { deployedTask, rowsFor } from '../targets.ts';

/** Deletes deployed Tasks after a question. Their folders stay. */
export const taskDelete: ExtensionCommand = async (services, argument, selected) => {
  const client = await services.server.client();
  const chosen = rowsFor(services, argument, selected).flatMap(({ name, task }) => (task ? [name] : []));
  const names = chosen.length > 0 ? chosen : [await deployedTask(services, argument, l10n.t('Delete Nuclio Task'))];
  const remove = l10n.t('Delete');
  const files = l10n.t('Files in the workspace stay as they are.');
  const answer = await window.showWarningMessage(
    names.length === 1
      ? l10n.t('Delete the Nuclio Task {0} from the server?', names[0] ?? '')
      : l10n.t('Delete {0} Nuclio Tasks from the server?', names.length),
    { modal: true, detail: names.length === 1 ? files : `${names.join(', ')}\n\n${files}` },
    remove,
  );
  if (answer !== remove) throw new DismissedError();
  for (const name of names) await client.delete(name);
};
