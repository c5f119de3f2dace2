import { configCreate } from './create/commands/configCreate.ts';
import { taskNew } from './create/commands/taskNew.ts';
import { taskCancelDeploy } from './deploy/commands/taskCancelDeploy.ts';
import { taskDeploy } from './deploy/commands/taskDeploy.ts';
import { taskDeployAll } from './deploy/commands/taskDeployAll.ts';
import { taskRedeployLast } from './deploy/commands/taskRedeployLast.ts';
import { diagnosticsCopy } from './diagnostics/diagnosticsCopy.ts';
import { answerCompare } from './invoke/commands/answerCompare.ts';
import { answerSave } from './invoke/commands/answerSave.ts';
import { answerShow } from './invoke/commands/answerShow.ts';
import { invocationCancel } from './invoke/commands/invocationCancel.ts';
import { invocationRepeat } from './invoke/commands/invocationRepeat.ts';
import { payloadNew } from './invoke/commands/payloadNew.ts';
import { payloadOpen } from './invoke/commands/payloadOpen.ts';
import { payloadSend } from './invoke/commands/payloadSend.ts';
import { payloadSendFile } from './invoke/commands/payloadSendFile.ts';
import { payloadSendSelection } from './invoke/commands/payloadSendSelection.ts';
import { taskInvoke } from './invoke/commands/taskInvoke.ts';
import { taskShowLogs } from './logs/taskShowLogs.ts';
import { scheduleApply } from './schedule/commands/scheduleApply.ts';
import { scheduleOpen } from './schedule/commands/scheduleOpen.ts';
import { schedulePause } from './schedule/commands/schedulePause.ts';
import { scheduleRestart } from './schedule/commands/scheduleRestart.ts';
import { scheduleStart } from './schedule/commands/scheduleStart.ts';
import { serverOpenApiPage } from './server/commands/serverOpenApiPage.ts';
import { serverRestart } from './server/commands/serverRestart.ts';
import { serverSetToken } from './server/commands/serverSetToken.ts';
import { serverShowActions } from './server/commands/serverShowActions.ts';
import { serverShowLog } from './server/commands/serverShowLog.ts';
import { serverStart } from './server/commands/serverStart.ts';
import { serverStop } from './server/commands/serverStop.ts';
import { settingsOpen } from './server/commands/settingsOpen.ts';
import type { ExtensionCommand } from './services.ts';
import { groupFuse } from './setup/commands/groupFuse.ts';
import { groupFuseSelected } from './setup/commands/groupFuseSelected.ts';
import { groupSplit } from './setup/commands/groupSplit.ts';
import { taskCopyAddress } from './setup/commands/taskCopyAddress.ts';
import { taskDelete } from './setup/commands/taskDelete.ts';
import { taskOpen } from './setup/commands/taskOpen.ts';
import { walkthroughOpen } from './walkthrough/walkthroughOpen.ts';

const ALL_COMMANDS: readonly ExtensionCommand[] = [
  answerCompare,
  answerSave,
  answerShow,
  configCreate,
  diagnosticsCopy,
  groupFuse,
  groupFuseSelected,
  groupSplit,
  invocationCancel,
  invocationRepeat,
  payloadNew,
  payloadOpen,
  payloadSend,
  payloadSendFile,
  payloadSendSelection,
  scheduleApply,
  scheduleOpen,
  schedulePause,
  scheduleRestart,
  scheduleStart,
  serverOpenApiPage,
  serverRestart,
  serverSetToken,
  serverShowActions,
  serverShowLog,
  serverStart,
  serverStop,
  settingsOpen,
  taskCancelDeploy,
  taskCopyAddress,
  taskDelete,
  taskDeploy,
  taskDeployAll,
  taskInvoke,
  taskNew,
  taskOpen,
  taskRedeployLast,
  taskShowLogs,
  walkthroughOpen,
];

/** Every command of the extension, by its id. */
export const COMMANDS: ReadonlyMap<string, ExtensionCommand> = new Map(
  ALL_COMMANDS.map((command) => [command.id, command]),
);
