import type { Event, ExtensionContext, LogOutputChannel } from 'vscode';
import type { ConfigDiagnostics } from './config/configDiagnostics.ts';
import type { CommandId } from './contributes.ts';
import type { Deployer } from './deploy/deployer.ts';
import type { DeployProblems } from './deploy/deployProblems.ts';
import type { Answers } from './invoke/answers.ts';
import type { Invoker } from './invoke/invoker.ts';
import type { Previews } from './invoke/preview/previews.ts';
import type { RecentCalls } from './invoke/recentCalls.ts';
import type { TaskLogs } from './logs/taskLogs.ts';
import type { ServedFolders } from './server/servedFolders.ts';
import type { ServerConnection, ServerStatus } from './server/serverConnection.ts';
import type { SetupHistory } from './setup/setupHistory.ts';
import type { SetupModel } from './setup/setupModel.ts';
import type { SetupNode } from './setup/tree/setupTree.ts';
import type { Invocations } from './traces/invocations.ts';
import type { Walkthrough } from './walkthrough/walkthrough.ts';
import type { TaskFolders } from './workspace/taskFolders.ts';

/** What commands and views work with. `makeServices` makes it once, at the activation. */
export interface Services {
  readonly context: ExtensionContext;
  /** For the server and everything it runs. Tasks have channels of their own. */
  readonly log: LogOutputChannel;
  readonly model: SetupModel;
  readonly server: ServerConnection;
  readonly onServerStatus: Event<ServerStatus>;
  readonly servedFolders: ServedFolders;
  readonly folders: TaskFolders;
  readonly configDiagnostics: ConfigDiagnostics;
  readonly deployer: Deployer;
  readonly deployProblems: DeployProblems;
  readonly taskLogs: TaskLogs;
  readonly walkthrough: Walkthrough;
  readonly invoker: Invoker;
  readonly answers: Answers;
  readonly previews: Previews;
  readonly recent: RecentCalls;
  readonly invocations: Invocations;
  readonly setupHistory: SetupHistory;
  /** What the user was told of the schedule, as it is said once. */
  readonly toldOfSchedule: Set<string>;
  /** The rows that are selected in the tree. */
  readonly selection: { nodes: readonly SetupNode[] };
}

/**
 * Runs a command.
 * @param argument a row of the tree, a file or a name that the command was called on; undefined from the palette
 * @param selected all rows or files that were selected
 * @throws anything: `reportError` shows it to the user
 */
export type ExtensionCommand = (services: Services, argument?: unknown, selected?: unknown) => PromiseLike<unknown>;

/** The commands of one feature. */
export type FeatureCommands = Readonly<Partial<Record<CommandId, ExtensionCommand>>>;
