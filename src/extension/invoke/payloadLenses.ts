import path from 'node:path';
import { l10n, type TextDocument } from 'vscode';
import { payloadOf } from '../../client/payload/payloadFile.ts';
import { documentInvocation, requestKey } from '../../client/payload/toInvocation.ts';
import { messageOf } from '../../shared/errors.ts';
import { shortened } from '../../shared/groupName.ts';
import type { OwnCommand } from '../ownCommands.ts';
import type { Services } from '../services.ts';
import { type Answer, answerSummary, answerTitle } from './answer.ts';
import { isAnswer } from './answerHistory.ts';
import { waitingLens } from './answerLenses.ts';
import { roomBeside } from './fitLenses.ts';
import { lensRoom } from './lensRoom.ts';
import type { PayloadSource } from './recentCalls.ts';
import { type Unanswered, unansweredSummary } from './unanswered.ts';

/** Characters of a request that its lens shows: the first and the last ones of its path tell it from others. */
const TARGET = 24;

/** The lines above a payload document: Send, the last answer, and the request. */
export function payloadLenses(document: TextDocument, { invoker, answers }: Services): OwnCommand[] {
  const payload = payloadOf(document.uri.fsPath);
  if (payload === undefined) return [];
  const { task } = payload;
  const send: OwnCommand = {
    title: `$(run) ${l10n.t('Send')}`,
    command: 'fusionizer.payload.send',
    arguments: [document.uri],
  };
  const source: PayloadSource = { kind: 'document', path: document.uri.fsPath };
  // What is wrong with the document is read whole.
  const { target, request } = targetOf(document, task);
  const waits = invoker.isWaiting(task, source);
  // The request comes last, and may be cut: the document has it.
  const room = roomBeside([send.title], lensRoom('payload'));
  return [
    waits ? waitingLens(task, source) : send,
    ...(waits || request === undefined ? [] : lastLens(task, answers.lastOf(task, source, request), room)),
    { title: target.startsWith('$(') ? target : shortened(target, TARGET), tooltip: target, command: '' },
  ];
}

/** How the last invocation with this very payload ended. @param room characters */
function lastLens(task: string, last: Answer | Unanswered | undefined, room: number): OwnCommand[] {
  if (last === undefined) return [];
  if (!isAnswer(last)) return [{ title: unansweredSummary(last), command: '' }];
  const { trace } = last;
  return [
    {
      title: answerTitle(last, room),
      tooltip: l10n.t('Show the answer: {0}', answerSummary(last)),
      command: 'fusionizer.answer.show',
      arguments: [{ task, trace }],
    },
  ];
}

/** Where the payload is sent, or why it cannot be sent, and the key of its request. */
function targetOf(document: TextDocument, task: string): { target: string; request: string | undefined } {
  try {
    const prepared = documentInvocation(path.basename(document.uri.fsPath), document.getText());
    return { target: `${prepared.method} ${task}${prepared.path}`, request: requestKey(prepared) };
  } catch (error) {
    return { target: `$(warning) ${messageOf(error)}`, request: undefined };
  }
}
