import { stat } from 'node:fs/promises';
import path from 'node:path';
import { l10n, type QuickPickItem, Uri, window, workspace } from 'vscode';
import type { TaskView } from '../../shared/api.ts';
import { DismissedError, NoFolderError } from '../errors.ts';
import type { Services } from '../services.ts';
import type { TaskRow } from './rows.ts';
import { stateWord } from './tree/items.ts';
import { isSetupNode } from './tree/setupTree.ts';

/** The argument of commands that are not called from the tree: `{task: 'name'}`. */
interface TaskArgument {
  readonly task: string;
}

const isTaskArgument = (value: unknown): value is TaskArgument =>
  typeof value === 'object' && value !== null && 'task' in value && typeof value.task === 'string';

/**
 * The Task rows that a command was called on, by rows of the tree (a group means its Tasks), names, or files in Task
 * folders. Empty from the palette.
 */
export function rowsFor({ model, folders }: Services, argument: unknown, selected?: unknown): TaskRow[] {
  const all = Array.isArray(selected) && selected.length > 0 ? selected : [argument];
  const rows = all.flatMap((one): (TaskRow | undefined)[] => {
    if (isSetupNode(one)) {
      const row = model.row(one.key);
      return row?.kind === 'group' ? [...row.tasks] : [row];
    }
    if (typeof one === 'string') return [model.taskRow(one)];
    if (isTaskArgument(one)) return [model.taskRow(one.task)];
    if (one instanceof Uri) {
      const folder = folders.folderOf(one.fsPath);
      return [folder && model.folderRow(folder.path)];
    }
    return [];
  });
  return [...new Set(rows.filter((row) => row !== undefined))];
}

/**
 * What a command about groups was called on: the name of each deployed Task, and the Tasks of each group, in the order
 * of their rows. Empty from the palette.
 */
export function deployedPieces(services: Services, argument: unknown, selected?: unknown): string[][] {
  const all = Array.isArray(selected) && selected.length > 0 ? selected : [argument];
  const order = deployedTasks(services).map(({ name }) => name);
  return all
    .map((one) => rowsFor(services, one).flatMap(({ name, task }) => (task ? [name] : [])))
    .filter(({ length }) => length > 0)
    .sort(([one = ''], [other = '']) => order.indexOf(one) - order.indexOf(other));
}

/** The deployed Tasks, in the order of their rows. */
export const deployedTasks = ({ model }: Services): TaskView[] => model.taskRows.flatMap(({ task }) => task ?? []);

/** The deployed Task that a command was called on; asks for one from the palette. @throws DismissedError */
export async function deployedTask(services: Services, argument: unknown, title: string): Promise<string> {
  await services.server.client();
  const [row] = rowsFor(services, argument);
  if (row?.task) return row.name;
  const rows = services.model.taskRows.filter(({ task }) => task !== undefined);
  return (await pickRow(rows, title, l10n.t('No Nuclio Task is deployed yet: deploy one first.'))).name;
}

/** The folder that a command was called on; asks for one from the palette. @throws DismissedError */
export async function taskFolder(services: Services, argument: unknown, title: string): Promise<string> {
  if (argument instanceof Uri) {
    if ((await stat(argument.fsPath)).isDirectory()) return argument.fsPath;
    await services.folders.ready();
    return services.folders.folderOf(argument.fsPath)?.path ?? path.dirname(argument.fsPath);
  }
  if ((workspace.workspaceFolders ?? []).length === 0) throw new NoFolderError();
  await services.folders.ready();
  const [row] = rowsFor(services, argument);
  if (row?.folder) return row.folder.path;
  const active = window.activeTextEditor?.document.uri;
  const own = active?.scheme === 'file' ? services.folders.folderOf(active.fsPath)?.path : undefined;
  const rows = services.model.taskRows.filter(({ folder }) => folder !== undefined);
  const first = rows.find(({ folder }) => folder?.path === own);
  const picked = await pickRow(
    first ? [first, ...rows.filter((one) => one !== first)] : rows,
    title,
    l10n.t('There is no folder with function.yaml in this workspace.'),
  );
  return picked.folder?.path ?? '';
}

/** Asks for one of these rows. @throws DismissedError */
export async function pickRow(rows: readonly TaskRow[], title: string, none: string): Promise<TaskRow> {
  if (rows.length === 0) {
    void window.showInformationMessage(none);
    throw new DismissedError();
  }
  const picked = await window.showQuickPick(rows.map(itemOf), {
    title,
    placeHolder: l10n.t('Nuclio Task'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (picked === undefined) throw new DismissedError();
  return picked.row;
}

const itemOf = (row: TaskRow): QuickPickItem & { row: TaskRow } => ({
  row,
  label: row.name,
  description: stateWord(row),
  ...(row.folder ? { detail: workspace.asRelativePath(row.folder.path) } : {}),
});
