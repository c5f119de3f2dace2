import { l10n, window } from 'vscode';
import { DismissedError } from '../../errors.ts';
import { execute } from '../../ownCommands.ts';
import type { ExtensionCommand } from '../../services.ts';
import { prepare } from '../payloads.ts';
import { namedTask, taskToInvoke } from '../taskToInvoke.ts';

/** Repeats the last invocation, of one Task or of all. A payload document is sent as it is now. */
export const invocationRepeat: ExtensionCommand = async (services, argument) => {
  const named = (await namedTask(services, argument)) ?? services.recent.lastTask;
  const [last] = named === undefined ? [] : services.recent.of(named);
  if (named === undefined || last === undefined) {
    void window.showInformationMessage(l10n.t('No Nuclio Task has been invoked yet.'));
    throw new DismissedError();
  }
  const again = (task: string): Thenable<unknown> => execute('fusionizer.invocation.repeat', { task });
  const task = await taskToInvoke(services, { task: named }, l10n.t('Repeat Last Invocation'), again);
  return services.invoker.send(task, last.source, await prepare(last.source));
};
