import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { l10n, Uri, window, workspace } from 'vscode';
import { FusionizerError } from '../../shared/errors.ts';
import { CONFIG_FILES } from '../../task/yaml/configFile.ts';
import { DismissedError, NoFolderError } from '../errors.ts';
import type { Services } from '../services.ts';
import { configTarget } from './configTarget.ts';
import { folderFor } from './folderFor.ts';
import { sourceFolders } from './sourceFolders.ts';

/** The folder to create function.yaml in, and the configuration that its Task has already. */
export interface ConfigFolder {
  readonly folder: string;
  /** Absolute. It is in the folder, or above it if the folder is a part of another Task. */
  readonly present: string | undefined;
}

/**
 * The folder that function.yaml belongs to: the one that the command was called on, that of the active file, or, for a
 * payload, that of its Task.
 * @throws DismissedError, NoFolderError; FusionizerError where no Task can be
 */
export async function configFolder(services: Services, argument: unknown): Promise<ConfigFolder> {
  const from = argument ?? activeFile();
  const dir = from === undefined ? await pickFolder(services) : await folderFor(from);
  const top = workspace.getWorkspaceFolder(Uri.file(dir))?.uri.fsPath ?? dir;
  await services.folders.ready();
  const target = configTarget(dir, top);
  if (target.kind === 'tool')
    throw new FusionizerError(
      'malformed',
      l10n.t(
        "No Task can be in {0}: call Create function.yaml on a Task's folder in the Explorer, or on a file of it.",
        target.name,
      ),
    );
  const folder = target.kind === 'folder' ? target.folder : folderOfTask(services, target.task);
  const present = configIn(folder) ?? configIn(services.folders.folderOf(folder)?.path);
  if (present === undefined) await confirmAround(services, folder);
  return { folder, present };
}

/**
 * Asks where it belongs, of the folders with source files that are no part of a Task and have none in them.
 * @throws FusionizerError if there is no such folder
 */
async function pickFolder({ folders, model }: Services): Promise<string> {
  if (workspace.workspaceFolders === undefined) throw new NoFolderError();
  await folders.ready();
  const tasks = model.folders.map((folder) => folder.path);
  const found = await Promise.all(workspace.workspaceFolders.map(({ uri }) => sourceFolders(uri.fsPath, tasks)));
  const all = found.flat();
  if (all.length === 0)
    throw new FusionizerError(
      'not-found',
      l10n.t('Each folder with source files has a configuration already: call Create function.yaml on a new folder.'),
    );
  const picked = await window.showQuickPick(
    all.map((folder) => ({ label: workspace.asRelativePath(folder), folder })),
    { title: l10n.t('Create function.yaml'), placeHolder: l10n.t('In which folder?') },
  );
  if (picked === undefined) throw new DismissedError();
  return picked.folder;
}

/** One function.yaml above Tasks makes all of them parts of one: seldom what was meant. */
async function confirmAround({ model }: Services, folder: string): Promise<void> {
  const inside = model.folders.filter((task) => task.path.startsWith(`${folder}${path.sep}`));
  if (inside.length === 0) return;
  const create = l10n.t('Create');
  const picked = await window.showWarningMessage(
    l10n.t(
      '{0} has {1} Nuclio Tasks in it. Make it a Task with all of their files?',
      path.basename(folder),
      inside.length,
    ),
    {
      modal: true,
      detail: inside
        .slice(0, 10)
        .map(({ name }) => name)
        .join(', '),
    },
    create,
  );
  if (picked !== create) throw new DismissedError();
}

function folderOfTask({ model }: Services, name: string): string {
  const rows = model.taskRows.filter((row) => row.name === name);
  const source = rows.find(({ task }) => task?.source)?.task?.source ?? undefined;
  const folder =
    rows.find((row) => row.folder !== undefined)?.folder?.path ??
    (source && statSync(source, { throwIfNoEntry: false })?.isDirectory() ? source : undefined);
  if (folder !== undefined) return folder;
  throw new FusionizerError(
    'not-found',
    l10n.t(
      'This is a payload of the Nuclio Task {0}, whose folder is not in this workspace: call Create function.yaml on ' +
        "the Task's folder in the Explorer, or on its source file.",
      name,
    ),
  );
}

function configIn(folder: string | undefined): string | undefined {
  if (folder === undefined) return undefined;
  return CONFIG_FILES.map((name) => path.join(folder, name)).find((file) => existsSync(file));
}

/** The file of the active editor, if it is in the workspace. */
function activeFile(): Uri | undefined {
  const uri = window.activeTextEditor?.document.uri;
  return uri && workspace.getWorkspaceFolder(uri) ? uri : undefined;
}
