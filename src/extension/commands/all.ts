import type { ExtensionCommand } from '../services.ts';
import { answerCompare } from './answerCompare.ts';
import { answerSave } from './answerSave.ts';
import { answerShow } from './answerShow.ts';
import { configCreate } from './configCreate.ts';
import { diagnosticsCopy } from './diagnosticsCopy.ts';
import { groupFuse } from './groupFuse.ts';
import { groupFuseSelected } from './groupFuseSelected.ts';
import { groupSplit } from './groupSplit.ts';
import { invocationCancel } from './invocationCancel.ts';
import { invocationRepeat } from './invocationRepeat.ts';
import { payloadNew } from './payloadNew.ts';
import { payloadOpen } from './payloadOpen.ts';
import { payloadSend } from './payloadSend.ts';
import { payloadSendFile } from './payloadSendFile.ts';
import { payloadSendSelection } from './payloadSendSelection.ts';
import { scheduleApply } from './scheduleApply.ts';
import { scheduleOpen } from './scheduleOpen.ts';
import { schedulePause } from './schedulePause.ts';
import { scheduleRestart } from './scheduleRestart.ts';
import { scheduleStart } from './scheduleStart.ts';
import { serverOpenApiPage } from './serverOpenApiPage.ts';
import { serverRestart } from './serverRestart.ts';
import { serverSetToken } from './serverSetToken.ts';
import { serverShowActions } from './serverShowActions.ts';
import { serverShowLog } from './serverShowLog.ts';
import { serverStart } from './serverStart.ts';
import { serverStop } from './serverStop.ts';
import { settingsOpen } from './settingsOpen.ts';
import { taskCancelDeploy } from './taskCancelDeploy.ts';
import { taskCopyAddress } from './taskCopyAddress.ts';
import { taskDelete } from './taskDelete.ts';
import { taskDeploy } from './taskDeploy.ts';
import { taskDeployAll } from './taskDeployAll.ts';
import { taskInvoke } from './taskInvoke.ts';
import { taskNew } from './taskNew.ts';
import { taskOpen } from './taskOpen.ts';
import { taskRedeployLast } from './taskRedeployLast.ts';
import { taskShowLogs } from './taskShowLogs.ts';
import { walkthroughOpen } from './walkthroughOpen.ts';

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
export const COMMANDS: ReadonlyMap<string, ExtensionCommand> = new Map(ALL_COMMANDS.map((command) => [command.id, command]));
