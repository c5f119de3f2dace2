import { l10n, Uri, window } from 'vscode';
import { DismissedError } from '../errors.ts';
import type { Services } from '../services.ts';
import { answeredTask } from './answerUri.ts';
import { activeUri } from './tabs.ts';
import { namedTask } from './taskToInvoke.ts';

/**
 * The Task whose answer a command is about: from the argument or the active editor, else the user is asked.
 * @throws DismissedError
 */
export async function answeredTaskFor(services: Services, argument: unknown, title: string): Promise<string> {
  const { answers } = services;
  const uri = argument instanceof Uri ? argument : argument === undefined ? activeUri() : undefined;
  const named = answeredTask(uri) ?? (await namedTask(services, argument ?? uri));
  if (named !== undefined && answers.of(named)) return named;
  const tasks = answers.tasks.reverse();
  if (tasks.length === 0 || (named !== undefined && argument !== undefined)) {
    void window.showInformationMessage(
      named === undefined
        ? l10n.t('There is no answer yet: invoke a Nuclio Task first.')
        : l10n.t('{0} has not answered yet: invoke it first.', named),
    );
    throw new DismissedError();
  }
  const picked = tasks.length === 1 ? tasks[0] : await window.showQuickPick(tasks, { title });
  if (picked === undefined) throw new DismissedError();
  return picked;
}
