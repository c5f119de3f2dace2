import { l10n, window } from 'vscode';
import type { ExtensionCommand } from '../../services.ts';
import type { PayloadSource } from '../recentCalls.ts';
import { namedTask } from '../taskToInvoke.ts';

/** Stops waiting for the answers of one Task, or of all. */
export const invocationCancel: ExtensionCommand = async (services, argument) => {
  const task = await namedTask(services, argument);
  const { running } = services.invoker;
  if (task === undefined ? running.length === 0 : !running.includes(task)) {
    void window.showInformationMessage(l10n.t('No invocation is running.'));
    return;
  }
  services.invoker.cancel(task, payloadIn(argument));
};

/** The line above a payload ends the wait for that payload only. */
const payloadIn = (argument: unknown): PayloadSource | undefined =>
  typeof argument === 'object' && argument !== null && 'payload' in argument && typeof argument.payload === 'string'
    ? { kind: 'document', path: argument.payload }
    : undefined;
