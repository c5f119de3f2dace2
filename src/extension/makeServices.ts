import path from 'node:path';
import { EventEmitter, type ExtensionContext, l10n, window } from 'vscode';
import { messageOf } from '../shared/errors.ts';
import { ConfigDiagnostics } from './config/configDiagnostics.ts';
import { Deployer } from './deploy/deployer.ts';
import { DeployProblems } from './deploy/deployProblems.ts';
import { Answers } from './invoke/answers.ts';
import { Invoker } from './invoke/invoker.ts';
import { Previews } from './invoke/preview/previews.ts';
import { RecentCalls } from './invoke/recentCalls.ts';
import { TaskLogs } from './logs/taskLogs.ts';
import { writeRecord } from './logs/writeRecord.ts';
import { checkMayServe } from './server/mayServe.ts';
import { ServedFolders } from './server/servedFolders.ts';
import { ServerConnection, type ServerStatus } from './server/serverConnection.ts';
import type { Services } from './services.ts';
import { SetupHistory } from './setup/setupHistory.ts';
import { SetupModel } from './setup/setupModel.ts';
import { Invocations } from './traces/invocations.ts';
import { Walkthrough } from './walkthrough/walkthrough.ts';
import { TaskFolders } from './workspace/taskFolders.ts';

/** Makes the services. None of them does any work before it is used; all end with the extension. */
export function makeServices(context: ExtensionContext): Services {
  const { workspaceState: state, secrets } = context;
  const kept = context.storageUri?.fsPath;
  const log = window.createOutputChannel(l10n.t('Fusionizer'), { log: true });
  const model = new SetupModel();
  const statuses = new EventEmitter<ServerStatus>();
  const taskLogs = new TaskLogs();
  const invocations = new Invocations();
  const server = new ServerConnection(
    async (signal) => {
      const { connectAsSet } = await import('./server/connectAsSet.ts');
      return connectAsSet(secrets, log, signal);
    },
    {
      status: (status) => statuses.fire(status),
      read: (read) => model.read(read),
      event: (event) => {
        if (event.name === 'invocation') return invocations.invoked();
        if (event.name !== 'log') return model.apply(event);
        taskLogs.add(event.data);
        // A server of this window writes its own records itself, including those of its start.
        if (event.data.tasks.length === 0 && server.connection?.origin !== 'own') writeRecord(log, event.data.record);
      },
      report: (error) => log.error(error),
    },
    checkMayServe,
  );
  const servedFolders = new ServedFolders((error) =>
    log.warn(l10n.t('The command line finds the server by --server only: {0}', messageOf(error))),
  );
  const folders = new TaskFolders((found) => model.setFolders(found));
  const schema = path.join(context.extensionPath, 'media', 'schemas', 'function.schema.json');
  const configDiagnostics = new ConfigDiagnostics(schema, (error) => log.error(messageOf(error)));
  const deployProblems = new DeployProblems(configDiagnostics);
  const deployer = new Deployer({ server, model, problems: deployProblems, log, state });
  const answers = new Answers();
  const previews = new Previews();
  const recent = new RecentCalls(state);
  const invoker = new Invoker({ server, log, answers, recent });
  const walkthrough = new Walkthrough(model, answers);
  const ended = [
    log,
    statuses,
    taskLogs,
    folders,
    configDiagnostics,
    deployProblems,
    invoker,
    answers,
    previews,
    walkthrough,
    invocations,
  ];
  context.subscriptions.push(...ended);
  return {
    context,
    log,
    model,
    server,
    onServerStatus: statuses.event,
    servedFolders,
    folders,
    configDiagnostics,
    deployer,
    deployProblems,
    taskLogs,
    walkthrough,
    invoker,
    answers,
    previews,
    recent,
    invocations,
    setupHistory: new SetupHistory(kept && path.join(kept, 'setupHistory.json')),
    toldOfSchedule: new Set(),
    selection: { nodes: [] },
  };
}
