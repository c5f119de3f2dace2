import { stat } from 'node:fs/promises';
import path from 'node:path';
import { l10n, Uri, window, workspace } from 'vscode';
import { DismissedError, NoFolderError } from '../errors.ts';

/**
 * The folder that something is made in: what the command was called on, else the workspace folder, asked for where
 * there are several.
 */
export async function folderFor(argument: unknown): Promise<string> {
  if (argument instanceof Uri && argument.scheme === 'file') {
    const isFolder = (await stat(argument.fsPath).catch(() => undefined))?.isDirectory() ?? false;
    return isFolder ? argument.fsPath : path.dirname(argument.fsPath);
  }
  const [first, ...others] = workspace.workspaceFolders ?? [];
  if (first === undefined) throw new NoFolderError();
  if (others.length === 0) return first.uri.fsPath;
  const picked = await window.showWorkspaceFolderPick({ placeHolder: l10n.t('In which folder?') });
  if (picked === undefined) throw new DismissedError();
  return picked.uri.fsPath;
}
