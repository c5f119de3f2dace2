import { l10n, type QuickPickItem, Uri, window, workspace } from 'vscode';
import { payloadOf } from '../../client/payload/payloadFile.ts';
import { FusionizerError } from '../../shared/errors.ts';
import { deployAndNotify } from '../deploy/deployAndNotify.ts';
import { DismissedError, NoFolderError } from '../errors.ts';
import { reportError } from '../reportError.ts';
import type { Services } from '../services.ts';
import type { TaskRow } from '../setup/rows.ts';
import { rowsFor } from '../setup/targets.ts';
import { stateWord } from '../setup/tree/items.ts';
import { activeUri } from './tabs.ts';

/**
 * The name of the Task that a command was called on: by `{task: 'name'}`, a name, a row of the tree, a file of the Task
 * or one of its payloads.
 */
export async function namedTask(services: Services, argument: unknown): Promise<string | undefined> {
  if (typeof argument === 'string') return argument;
  if (typeof argument === 'object' && argument !== null && 'task' in argument && typeof argument.task === 'string')
    return argument.task;
  if (argument instanceof Uri) {
    const payload = payloadOf(argument.fsPath);
    if (payload) return payload.task;
    await services.folders.ready();
  }
  return rowsFor(services, argument)[0]?.name;
}

/**
 * The deployed Task to invoke; asks for one if none is named.
 * @param again runs after the Task was deployed, if the user agrees to deploy it
 * @throws DismissedError; FusionizerError `not-found`; NoFolderError, UntrustedError and other errors of the
 *   server's start
 */
export async function taskToInvoke(
  services: Services,
  argument: unknown,
  title: string,
  again: (task: string) => PromiseLike<unknown>,
): Promise<string> {
  await services.server.client();
  const task = (await namedTask(services, argument)) ?? (await pickTask(services, title));
  const deployed = services.model.taskRow(task);
  const [own] = argument instanceof Uri && payloadOf(argument.fsPath) ? [] : rowsFor(services, argument);
  // A folder whose name another one's Task has: that Task is not the one that was meant.
  if (deployed && own?.folder && own.task === undefined) {
    const { path } = own.folder;
    const message = l10n.t('{0} is deployed, but not from {1}.', task, workspace.asRelativePath(path));
    void offerDeploy(services, message, path, again);
    throw new DismissedError();
  }
  if (deployed) return task;
  await services.folders.ready();
  const row = services.model.taskRows.find(({ name, folder }) => name === task && folder !== undefined);
  if (row?.folder === undefined)
    throw new FusionizerError(
      'not-found',
      l10n.t('There is no Nuclio Task {0}: nothing is deployed under that name.', task),
    );
  // Not awaited: messages stay until the user answers them.
  void offerDeploy(services, l10n.t('{0} is not deployed yet.', task), row.folder.path, again);
  throw new DismissedError();
}

async function offerDeploy(
  services: Services,
  message: string,
  folder: string,
  again: (task: string) => PromiseLike<unknown>,
): Promise<void> {
  const deploy = l10n.t('Deploy and Invoke');
  if ((await window.showInformationMessage(message, deploy)) !== deploy) return;
  try {
    const deployed = await deployAndNotify(services, folder);
    if (deployed) await again(deployed.task.name);
  } catch (error) {
    await reportError(services, error);
  }
}

/**
 * Asks for a deployed Task if there are several: first the one of the active editor, then those invoked before.
 * @throws DismissedError
 */
async function pickTask(services: Services, title: string): Promise<string> {
  await services.folders.ready();
  const active = activeUri();
  const own = active?.scheme === 'file' ? await namedTask(services, active) : undefined;
  const order = [...(own === undefined ? [] : [own]), ...services.recent.tasks];
  const place = ({ name }: TaskRow): number => (order.includes(name) ? order.indexOf(name) : order.length);
  const rows = services.model.taskRows
    .filter(({ task }) => task !== undefined)
    .sort((one, other) => place(one) - place(other));
  if (rows.length === 0) {
    void window.showInformationMessage(l10n.t('No Nuclio Task is deployed yet: deploy one first.'));
    throw new DismissedError();
  }
  const [only] = rows;
  if (only && rows.length === 1) return only.name;
  const items = rows.map(
    (row): QuickPickItem => ({
      label: row.name,
      description: stateWord(row),
      ...(row.folder ? { detail: workspace.asRelativePath(row.folder.path) } : {}),
    }),
  );
  const picked = await window.showQuickPick(items, { title, matchOnDetail: true });
  if (picked === undefined) throw new DismissedError();
  return picked.label;
}

/** A Task, deployed or not, for commands that need a folder but no server. @throws NoFolderError; DismissedError */
export async function anyTask(services: Services, argument: unknown, title: string): Promise<string> {
  if ((workspace.workspaceFolders ?? []).length === 0) throw new NoFolderError();
  const named = await namedTask(services, argument);
  if (named !== undefined) return named;
  await services.folders.ready();
  const names = [...new Set([...services.recent.tasks, ...services.model.taskRows.map(({ name }) => name)])];
  if (names.length === 0) {
    void window.showInformationMessage(l10n.t('There is no Nuclio Task yet: a payload belongs to one.'));
    throw new DismissedError();
  }
  const picked = await window.showQuickPick(names, { title });
  if (picked === undefined) throw new DismissedError();
  return picked;
}
