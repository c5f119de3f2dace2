import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { l10n, Uri, window, workspace } from 'vscode';
import { FusionizerError } from '../../shared/errors.ts';
import { CONFIG_FILES } from '../../task/yaml/configFile.ts';
import type { Services } from '../services.ts';
import { configTarget } from './configTarget.ts';
import { folderFor } from './folderFor.ts';

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
  const dir = await folderFor(argument ?? activeFile());
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
  return { folder, present };
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
