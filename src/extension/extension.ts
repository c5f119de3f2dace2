import { commands, type ExtensionContext, l10n, window, workspace } from 'vscode';
import { messageOf } from '../shared/errors.ts';
import { registerCodeLens } from './codeLens/register.ts';
import { registerConfigHelp } from './config/register.ts';
import { Deployer } from './deploy/deployer.ts';
import { deployOnSave } from './deploy/deployOnSave.ts';
import { Problems } from './deploy/deployProblems.ts';
import { registerTaskType } from './deploy/vscodeTasks/register.ts';
import { registerInvoke } from './invoke/registerInvoke.ts';
import { registerCodeLinks } from './logs/codeLinks.ts';
import { TaskLogs } from './logs/taskLogs.ts';
import { writeRecord } from './logs/writeRecord.ts';
import { reportError } from './reportError.ts';
import { offerRestart } from './server/offerRestart.ts';
import { ServedFolders } from './server/servedFolders.ts';
import { hasServer, ServerConnection, type ServerStatus } from './server/serverConnection.ts';
import { setRemoteContext, setStatusContexts, tellFolders } from './server/showStatus.ts';
import { ServerStatusBar } from './server/statusBar.ts';
import type { Services } from './services.ts';
import { setting, textSetting } from './settings.ts';
import { fuse, split } from './setup/changeSetup.ts';
import { SetupModel } from './setup/setupModel.ts';
import { SetupDragAndDrop } from './setup/tree/dragAndDrop.ts';
import { SetupTree } from './setup/tree/setupTree.ts';
import { registerTools } from './tools/register.ts';
import { Walkthrough } from './walkthrough/walkthrough.ts';
import { TaskFolders } from './workspace/taskFolders.ts';

let services: Services | undefined;

/** Called by VS Code once it has started up. Starts nothing that a user did not ask for. */
export function activate(context: ExtensionContext): void {
  services = makeServices(context);
  registerCommands(services);
  showTree(services);
  registerCodeLens(services);
  registerTaskType(services);
  registerTools(services);
  context.subscriptions.push(deployOnSave(services));
  if (setting('server.autoStart') && workspace.isTrusted) startQuietly(services);
}

/** Called when the window closes: ends the server of this window, with all its workers. */
export async function deactivate(): Promise<void> {
  // VS Code waits a few seconds at most: running events are cut off.
  await services?.server.stop(AbortSignal.abort());
  await services?.servedFolders.tell(undefined, []);
}

function makeServices(context: ExtensionContext): Services {
  const log = window.createOutputChannel(l10n.t('Fusionizer'), { log: true });
  const model = new SetupModel();
  const problems = new Problems(registerConfigHelp({ context, log }));
  const walkthrough = new Walkthrough(model);
  const taskLogs = new TaskLogs();
  const statusBar = new ServerStatusBar();
  const servedFolders = new ServedFolders((error) =>
    log.warn(l10n.t('The command line finds the server by --server only: {0}', messageOf(error))),
  );
  const listeners: ((status: ServerStatus) => void)[] = [];
  const onStatus = (status: ServerStatus): void => {
    statusBar.show(status);
    setStatusContexts(status);
    if (!hasServer(status)) model.forget();
    tellFolders(servedFolders, status);
    for (const listener of listeners) listener(status);
  };
  const server = new ServerConnection(
    async (signal) => {
      const { connectAsSet } = await import('./server/connectAsSet.ts');
      return connectAsSet(context.secrets, log, signal);
    },
    {
      status: onStatus,
      read: (state) => model.read(state),
      event: (event) => {
        if (event.name !== 'log') return model.apply(event);
        taskLogs.add(event.data);
        // A server of this window writes its own records itself, those of its start too.
        if (event.data.tasks.length === 0 && server.connection?.origin !== 'own') writeRecord(log, event.data.record);
      },
      report: (error) => log.error(error),
    },
  );
  const folders = new TaskFolders((found) => model.setFolders(found));
  const deployer = new Deployer({ server, model, problems, log, state: context.workspaceState });
  const { invoker, answers, recent, shown } = registerInvoke({ server, log, state: context.workspaceState });
  const stopWaiting = answers.onDidUpdate(() => answers.tasks.length > 0 && walkthrough.complete('hasInvoked'));
  // No context yet: until the view has tried, a server is not said to be stopped.
  statusBar.show(server.status);
  setRemoteContext();
  context.subscriptions.push(
    log,
    problems,
    taskLogs,
    statusBar,
    walkthrough,
    stopWaiting,
    folders,
    shown,
    registerCodeLinks(),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('fusionizer.server.url')) {
        setRemoteContext();
        statusBar.show(server.status);
      }
      void offerRestart(server, change);
    }),
    workspace.onDidChangeWorkspaceFolders(() => tellFolders(servedFolders, server.status)),
  );
  return {
    context,
    log,
    model,
    server,
    servedFolders,
    folders,
    deployer,
    problems,
    taskLogs,
    walkthrough,
    invoker,
    answers,
    recent,
    selection: { nodes: [] },
    onServerStatus: (listener) => void listeners.push(listener),
  };
}

function registerCommands(made: Services): void {
  const declared: { command: string }[] = made.context.extension.packageJSON.contributes.commands;
  for (const { command: id } of declared) {
    const handler = async (argument?: unknown, selected?: unknown): Promise<unknown> => {
      try {
        // Loaded when the first one is called: the activation waits for nothing that it does not need.
        const { COMMANDS } = await import('./commands.ts');
        return await COMMANDS.get(id)?.run(made, argument, selected);
      } catch (error) {
        // Not waited for: a message stays until the user answers it.
        void reportError(made, error);
        return undefined;
      }
    };
    made.context.subscriptions.push(commands.registerCommand(id, handler));
  }
}

function showTree(made: Services): void {
  const { context, model, folders, server } = made;
  let opening = false;
  const tree = new SetupTree(
    model,
    async () => {
      made.walkthrough.complete('hasOpenedView');
      opening = mayStart();
      await folders.listed();
      // After the rows: its start takes the extension host's time.
      const start = (): void => {
        opening = false;
        startQuietly(made);
      };
      folders.ready().then(start, (error: unknown) => {
        made.log.error(messageOf(error));
        start();
      });
    },
    () => opening || hasServer(server.status),
  );
  const guarded = (change: (names: string[]) => Promise<void>) => (names: string[]) =>
    change(names).catch((error: unknown) => reportError(made, error));
  const view = window.createTreeView('fusionizer.setup', {
    treeDataProvider: tree,
    canSelectMany: true,
    showCollapseAll: false,
    dragAndDropController: new SetupDragAndDrop(model, {
      fuse: guarded((names) => fuse(made, names)),
      split: guarded((names) => split(made, names)),
    }),
  });
  context.subscriptions.push(
    tree,
    view,
    view.onDidChangeSelection(({ selection }) => {
      made.selection.nodes = selection;
    }),
  );
  // A message in the view would hide the welcome content with its buttons.
  made.onServerStatus(() => tree.serverChanged());
  context.subscriptions.push(workspace.onDidGrantWorkspaceTrust(() => view.visible && startQuietly(made)));
}

/**
 * Starts the server where that can work, and says why it did not; that a token is needed is in the view and in the
 * status bar.
 */
function startQuietly(made: Services): void {
  if (!mayStart()) return;
  made.server.start().catch((error: unknown) => {
    if (made.server.status.kind !== 'needsToken') return reportError(made, error);
    made.log.warn(messageOf(error));
    return undefined;
  });
}

/** Whether there is something to serve, and leave to run it. */
function mayStart(): boolean {
  return (
    workspace.isTrusted && (textSetting('server.url') !== undefined || (workspace.workspaceFolders ?? []).length > 0)
  );
}
