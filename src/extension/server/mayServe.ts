import { type WorkspaceFolder, workspace } from 'vscode';
import { defaultStateDir } from '../../state/stateDir.ts';
import { NoFolderError, UntrustedError } from '../errors.ts';
import { textSetting } from '../settings.ts';

/** @throws NoFolderError, UntrustedError where this window may have no server */
export function checkMayServe(): void {
  if (textSetting('server.url') === undefined && (workspace.workspaceFolders ?? []).length === 0)
    throw new NoFolderError();
  if (!workspace.isTrusted) throw new UntrustedError();
}

/** The state folder of the server that serves a workspace folder. @throws if the folder does not exist */
export function stateFolder(folder: WorkspaceFolder): string {
  return textSetting('server.stateFolder') ?? defaultStateDir(folder.uri.fsPath);
}
