import { l10n, type TextDocument } from 'vscode';
import type { OwnCommand } from '../ownCommands.ts';
import type { Services } from '../services.ts';
import { answerSummary, answerTitle } from './answer.ts';
import { answerActions } from './answerActions.ts';
import type { Answers } from './answers.ts';
import { answeredTask, answerUri } from './answerUri.ts';
import { fitting, roomBeside } from './fitLenses.ts';
import { lensRoom } from './lensRoom.ts';
import type { PayloadSource } from './recentCalls.ts';
import { unansweredSummary } from './unanswered.ts';

/** The characters of `200 OK`. */
const STATUS = 6;

/** The line above an answer: its summary, and what can be done with it. */
export function answerLenses({ uri }: TextDocument, { answers, invoker }: Services): OwnCommand[] {
  const task = answeredTask(uri);
  // The two sides of a comparison have no lenses.
  if (task === undefined || uri.toString() !== answerUri(task).toString()) return [];
  return invoker.running.includes(task) ? [waitingLens(task)] : lensesOf(task, answers);
}

/**
 * While an event is on its way, the document shows the answer before.
 * @param source Cancel ends the wait for this payload only
 */
export const waitingLens = (task: string, source?: PayloadSource): OwnCommand => ({
  title: `$(sync~spin) ${l10n.t('Waiting: Cancel')}`,
  command: 'fusionizer.invocation.cancel',
  arguments: [source?.kind === 'document' ? { task, payload: source.path } : { task }],
});

function lensesOf(task: string, answers: Answers): OwnCommand[] {
  const current = answers.of(task)?.current;
  const unanswered = answers.unansweredOf(task);
  const more: OwnCommand = {
    title: l10n.t('More...'),
    tooltip: l10n.t('Parts of the answer, and what can be done with it'),
    command: 'fusionizer.answer.show',
    arguments: [{ task, pick: true }],
  };
  if (unanswered === undefined && current === undefined) return [];
  const room = lensRoom('answer');
  const actions = answerActions(task, answers).map(({ title, short = title, ...action }) => ({
    ...action,
    title: roomBeside([title, more.title], room) < STATUS ? short : title,
  }));
  const rest = actions.map(
    ({ title, hint, command, arguments: given }): OwnCommand => ({
      title,
      tooltip: hint,
      command,
      arguments: [...given],
    }),
  );
  // That there is a preview, or were calls, is worth more than the time and `OK`, but less than a failure's reason.
  const kept = actions
    .filter(({ command, part }) => command === 'fusionizer.answer.preview' || part === 'calls')
    .slice(0, current !== undefined && current.status < 400 ? 1 : 0)
    .map(({ title }) => title);
  const first: OwnCommand = unanswered
    ? { title: unansweredSummary(unanswered), command: '' }
    : {
        ...more,
        title: current ? answerTitle(current, roomBeside([...kept, more.title], room)) : '',
        tooltip: current ? answerSummary(current) : '',
      };
  const all = [first, ...rest];
  const fit = fitting(
    all.map(({ title }) => title),
    room,
    more.title,
  );
  return fit === all.length ? all : [...all.slice(0, fit), more];
}
