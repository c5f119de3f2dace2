import { l10n, window } from 'vscode';
import { DismissedError } from '../../errors.ts';
import type { ExtensionCommand } from '../../services.ts';
import { deployedTask, rowsFor } from '../targets.ts';

/** Deletes deployed Tasks, after a question; their folders stay. */
export const taskDelete: ExtensionCommand = async (services, argument, selected) => {
  const client = await services.server.client();
  const chosen = rowsFor(services, argument, selected).flatMap(({ name, task }) => (task ? [name] : []));
  const names = chosen.length > 0 ? chosen : [await deployedTask(services, argument, l10n.t('Delete Task'))];
  const remove = l10n.t('Delete');
  const answer = await window.showWarningMessage(
    names.length === 1
      ? l10n.t('Delete Task {0} from the server?', names[0] ?? '')
      : l10n.t('Delete {0} Tasks from the server?', names.length),
    { modal: true, detail: l10n.t('{0}\nFiles in the workspace stay as they are.', names.join(', ')) },
    remove,
  );
  if (answer !== remove) throw new DismissedError();
  for (const name of names) await client.delete(name);
};
