import { workspace } from 'vscode';
import { NoFolderError, UntrustedError } from '../errors.ts';
import { textSetting } from '../settings.ts';

/**
 * Refuses a start where this window may have no server: without a folder to serve, if no server elsewhere is named, and
 * without trust.
 * @throws NoFolderError, UntrustedError
 */
export function checkMayServe(): void {
  if (textSetting('server.url') === undefined && (workspace.workspaceFolders ?? []).length === 0)
    throw new NoFolderError();
  if (!workspace.isTrusted) throw new UntrustedError();
}
