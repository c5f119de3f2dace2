import type { FeatureCommands } from '../services.ts';
import { answerCompare } from './commands/answerCompare.ts';
import { answerExpect } from './commands/answerExpect.ts';
import { answerPreview } from './commands/answerPreview.ts';
import { answerSave } from './commands/answerSave.ts';
import { answerShow } from './commands/answerShow.ts';
import { invocationCancel } from './commands/invocationCancel.ts';
import { invocationRepeat } from './commands/invocationRepeat.ts';
import { payloadNew } from './commands/payloadNew.ts';
import { payloadOpen } from './commands/payloadOpen.ts';
import { payloadSend } from './commands/payloadSend.ts';
import { payloadSendFile } from './commands/payloadSendFile.ts';
import { payloadSendSelection } from './commands/payloadSendSelection.ts';
import { taskInvoke } from './commands/taskInvoke.ts';

export const invokeCommands = {
  'fusionizer.answer.compare': answerCompare,
  'fusionizer.answer.expect': answerExpect,
  'fusionizer.answer.preview': answerPreview,
  'fusionizer.answer.save': answerSave,
  'fusionizer.answer.show': answerShow,
  'fusionizer.invocation.cancel': invocationCancel,
  'fusionizer.invocation.repeat': invocationRepeat,
  'fusionizer.payload.new': payloadNew,
  'fusionizer.payload.open': payloadOpen,
  'fusionizer.payload.send': payloadSend,
  'fusionizer.payload.sendFile': payloadSendFile,
  'fusionizer.payload.sendSelection': payloadSendSelection,
  'fusionizer.task.invoke': taskInvoke,
} satisfies FeatureCommands;
