import { workspace } from 'vscode';
import { setContext } from '../ownCommands.ts';
import type { Services } from '../services.ts';
import { setting, textSetting } from '../settings.ts';
import { SCHEDULE_KEY } from '../setup/setupModel.ts';
import { offerRestart } from './offerRestart.ts';
import { hasServer, type ServerStatus } from './serverConnection.ts';
import { startQuietly } from './startQuietly.ts';
import { ServerStatusBar } from './statusBar.ts';

/** Shows the server's status, follows its settings, and starts it if `fusionizer.server.autoStart` says so. */
export function registerServer(services: Services): void {
  const { context, server, model, onServerStatus } = services;
  const statusBar = new ServerStatusBar();
  // The context of the status is not set yet: until the view has tried a start, it shall not say "stopped".
  const show = (): void => statusBar.show(server.status, model.scheduleState);
  show();
  setRemoteContext();
  context.subscriptions.push(
    statusBar,
    onServerStatus((status) => {
      setStatusContexts(status);
      if (!hasServer(status)) model.forget();
      show();
      announceFolders(services);
    }),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('fusionizer.server.url')) {
        setRemoteContext();
        show();
      }
      void offerRestart(server, change);
    }),
    { dispose: model.onChange(({ keys }) => keys.has(SCHEDULE_KEY) && show()) },
    workspace.onDidChangeWorkspaceFolders(() => announceFolders(services)),
  );
  if (setting('server.autoStart') && workspace.isTrusted) startQuietly(services);
}

/** Sets what menus and welcome contents depend on. */
function setStatusContexts(status: ServerStatus): void {
  void setContext('fusionizer.server', status.kind);
  void setContext('fusionizer.serverRunning', status.kind === 'running');
  void setContext('fusionizer.serverOrigin', 'connection' in status ? status.connection.origin : undefined);
}

/** Whether `fusionizer.server.url` names a server, for the same. */
function setRemoteContext(): void {
  void setContext('fusionizer.remote', textSetting('server.url') !== undefined);
}

/** Lets the command line find the window's server from each folder of the workspace. */
function announceFolders({ servedFolders, server: { status } }: Services): void {
  const server = 'connection' in status ? status.connection.servedBy : undefined;
  void servedFolders.announce(
    server,
    (workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath),
  );
}
