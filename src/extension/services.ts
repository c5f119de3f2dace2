import type { ExtensionContext, LogOutputChannel } from 'vscode';
import type { Deployer } from './deploy/deployer.ts';
import type { Problems } from './deploy/deployProblems.ts';
import type { Answers } from './invoke/answers.ts';
import type { Invoker } from './invoke/invoker.ts';
import type { RecentCalls } from './invoke/recentCalls.ts';
import type { TaskLogs } from './logs/taskLogs.ts';
import type { ServedFolders } from './server/servedFolders.ts';
import type { ServerConnection, ServerStatus } from './server/serverConnection.ts';
import type { SetupModel } from './setup/setupModel.ts';
import type { SetupNode } from './setup/tree/setupTree.ts';
import type { Walkthrough } from './walkthrough/walkthrough.ts';
import type { TaskFolders } from './workspace/taskFolders.ts';

/** What commands and views work with; made once, at the activation. */
export interface Services {
  readonly context: ExtensionContext;
  /** Of the server and what it runs; Tasks have channels of their own. */
  readonly log: LogOutputChannel;
  readonly model: SetupModel;
  readonly server: ServerConnection;
  readonly servedFolders: ServedFolders;
  readonly folders: TaskFolders;
  readonly deployer: Deployer;
  readonly problems: Problems;
  readonly taskLogs: TaskLogs;
  readonly walkthrough: Walkthrough;
  readonly invoker: Invoker;
  readonly answers: Answers;
  readonly recent: RecentCalls;
  /** What is selected in the tree. */
  readonly selection: { nodes: readonly SetupNode[] };
  /** The listener hears of each change of the server's status, until the extension ends. */
  onServerStatus(listener: (status: ServerStatus) => void): void;
}

/** What a command is: one a file, in commands/. */
export interface ExtensionCommand {
  /** As in package.json. */
  readonly id: string;
  /**
   * @param argument what it was called on: a row of the tree, a file, a name; undefined from the palette
   * @param selected all rows or files that were selected
   * @throws anything; it is told to the user in one place
   */
  run(services: Services, argument?: unknown, selected?: unknown): PromiseLike<unknown>;
}
