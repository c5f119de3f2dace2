import type { WorkspaceFolder } from 'vscode';
import { defaultStateDir } from '../../state/stateDir.ts';
import { textSetting } from '../settings.ts';

/**
 * The state folder of the server that serves a workspace folder: the one that the settings name, or else the folder's
 * own.
 * @throws if the folder does not exist
 */
export function stateFolder(folder: WorkspaceFolder): string {
  return textSetting('server.stateFolder') ?? defaultStateDir(folder.uri.fsPath);
}
