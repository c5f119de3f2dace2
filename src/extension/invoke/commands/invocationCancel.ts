import { l10n, window } from 'vscode';
import type { ExtensionCommand } from '../../services.ts';
import { namedTask } from '../taskToInvoke.ts';

/** Gives up waiting for answers: for those of one Task, or for all. */
export const invocationCancel: ExtensionCommand = async (services, argument) => {
  const task = await namedTask(services, argument);
  const { running } = services.invoker;
  if (task === undefined ? running.length === 0 : !running.includes(task)) {
    void window.showInformationMessage(l10n.t('No answer is waited for.'));
    return;
  }
  services.invoker.cancel(task);
};
