import { workspace } from 'vscode';
import { messageOf } from '../../shared/errors.ts';
import { setContext } from '../ownCommands.ts';
import { reportError } from '../reportError.ts';
import type { Services } from '../services.ts';
import { setting, textSetting } from '../settings.ts';
import { SCHEDULE_KEY } from '../setup/setupModel.ts';
import { registerTaskPresence } from '../workspace/taskPresence.ts';
import { serveQuietly } from './serveQuietly.ts';
import { hasServer, type ServerStatus } from './serverConnection.ts';
import { ServerStatusBar } from './statusBar.ts';

/** Shows the server's status, follows its settings, and starts it if `fusionizer.server.autoStart` says so. */
export function registerServer(services: Services): void {
  const { context, server, model, log, onServerStatus } = services;
  let hasTasks = false;
  // A project without Tasks has no item, unless the user has asked for a server all the same.
  const statusBar = new ServerStatusBar(() =>
    hasTasks || server.status.kind !== 'idle' ? { status: server.status, schedule: model.scheduleState } : undefined,
  );
  const show = (): void => {
    statusBar.update().catch((error: unknown) => log.error(messageOf(error)));
  };
  const autoStart = (): void => {
    if (setting('server.autoStart')) void serveQuietly(services);
  };
  setStatusContexts(server.status);
  setRemoteContext();
  registerTaskPresence(services, (present) => {
    hasTasks = present;
    show();
  });
  context.subscriptions.push(
    statusBar,
    onServerStatus((status) => {
      setStatusContexts(status);
      if (!hasServer(status)) model.forget();
      show();
      announceFolders(services);
    }),
    workspace.onDidChangeConfiguration((change) => {
      if (!change.affectsConfiguration('fusionizer')) return;
      if (change.affectsConfiguration('fusionizer.server.url')) {
        setRemoteContext();
        show();
      }
      import('./offerRestart.ts')
        .then(({ offerRestart }) => offerRestart(services, change))
        .catch((error: unknown) => reportError(services, error));
    }),
    { dispose: model.onChange(({ keys }) => keys.has(SCHEDULE_KEY) && show()) },
    workspace.onDidChangeWorkspaceFolders(() => announceFolders(services)),
    workspace.onDidGrantWorkspaceTrust(() => {
      // The workspace's settings count from now on.
      setRemoteContext();
      show();
      autoStart();
    }),
  );
  autoStart();
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
