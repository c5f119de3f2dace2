import { commands, workspace } from 'vscode';
import { textSetting } from '../settings.ts';
import type { ServedFolders } from './servedFolders.ts';
import type { ServerStatus } from './serverConnection.ts';

/** Sets what menus and welcome contents depend on. */
export function setStatusContexts(status: ServerStatus): void {
  const set = (name: string, value: unknown): void =>
    void commands.executeCommand('setContext', `fusionizer.${name}`, value);
  set('server', status.kind);
  set('serverRunning', status.kind === 'running');
  set('serverOrigin', 'connection' in status ? status.connection.origin : undefined);
}

/** Whether `fusionizer.server.url` names a server, for the same. */
export function setRemoteContext(): void {
  void commands.executeCommand('setContext', 'fusionizer.remote', textSetting('server.url') !== undefined);
}

/** Lets the command line find the window's server from each folder of the workspace. */
export function tellFolders(served: ServedFolders, status: ServerStatus): void {
  const server = 'connection' in status ? status.connection.servedBy : undefined;
  void served.tell(
    server,
    (workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath),
  );
}
