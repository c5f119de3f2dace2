import { CodeLens, type CodeLensProvider, EventEmitter, l10n, languages, Range, type TextDocument } from 'vscode';
import type { OwnCommand } from '../ownCommands.ts';
import type { Services } from '../services.ts';
import { type Answer, type AnswerDetails, type AnswerPart, answerSummary, countCalls } from './answer.ts';
import { ANSWER_SCHEME, type Answers, answeredTask, answerUri, type TaskAnswers } from './answers.ts';
import { unansweredSummary } from './unanswered.ts';

const TOP = new Range(0, 0, 0, 0);
/** The most names of a Fusion Group in a lens. */
const NAMES = 3;

/** The lines above an answer: its summary, its other parts, and its commands. */
export function registerAnswerLenses({ context, answers, invoker }: Services): void {
  const changes = new EventEmitter<void>();
  const provider: CodeLensProvider = {
    onDidChangeCodeLenses: changes.event,
    provideCodeLenses: (document: TextDocument) => {
      const task = answeredTask(document.uri);
      // The two sides of a comparison have no lenses.
      if (task === undefined || document.uri.toString() !== answerUri(task).toString()) return [];
      const waiting = invoker.running.includes(task) ? [waitingLens(task)] : [];
      return [...waiting, ...lensesOf(task, answers)].map((command) => new CodeLens(TOP, command));
    },
  };
  context.subscriptions.push(
    changes,
    answers.onDidUpdate(() => changes.fire()),
    invoker.onDidChange(() => changes.fire()),
    languages.registerCodeLensProvider({ scheme: ANSWER_SCHEME }, provider),
  );
}

/** While an event is on its way, the document shows the answer before. */
export const waitingLens = (task: string): OwnCommand => ({
  title: `$(sync~spin) ${l10n.t('Waiting: Cancel')}`,
  command: 'fusionizer.invocation.cancel',
  arguments: [{ task }],
});

/** The most important lenses come first, as a narrow editor cuts off the rest. */
function lensesOf(task: string, answers: Answers): OwnCommand[] {
  const known = answers.of(task);
  const unanswered = answers.unansweredOf(task);
  if (unanswered)
    return [
      { title: unansweredSummary(unanswered), command: '' },
      ...(known ? [lastAnswer(task, known.current)] : []),
      taskLogs(task),
    ];
  if (known === undefined) return [];
  return [
    { title: answerSummary(known.current), command: '' },
    ...partLenses(task, known, answers),
    ...actions(task, known),
    ...groupLens(known.current),
  ];
}

const lastAnswer = (task: string, answer: Answer): OwnCommand => ({
  title: l10n.t('Last Answer'),
  tooltip: answerSummary(answer),
  command: 'fusionizer.answer.show',
  arguments: [{ task, part: 'body' }],
});

const taskLogs = (task: string): OwnCommand => ({
  title: l10n.t('Logs'),
  command: 'fusionizer.task.showLogs',
  arguments: [{ task }],
});

/** `Calls: 2 local, 1 remote`; undefined without calls. */
function callsTitle(details: AnswerDetails): string | undefined {
  const { local, remote } = countCalls(details);
  if (local + remote === 0) return undefined;
  const counts = [
    ...(local > 0 ? [l10n.t('{0} local', local)] : []),
    ...(remote > 0 ? [l10n.t('{0} remote', remote)] : []),
  ];
  return l10n.t('Calls: {0}', counts.join(', '));
}

function partLenses(task: string, { current, part }: TaskAnswers, answers: Answers): OwnCommand[] {
  const { details } = current;
  const titles: [AnswerPart, string | undefined, tooltip?: string][] = [
    ['body', l10n.t('Body')],
    ['logs', details && l10n.t('Logs: {0}', details.logs.length), l10n.t('Show what the Tasks logged and printed')],
    ['calls', details && callsTitle(details), l10n.t('Show the calls from Task to Task')],
    ['headers', l10n.t('Headers')],
    ['raw', part === 'body' && answers.shown(task)?.changed ? l10n.t('As It Came') : undefined],
  ];
  return titles.flatMap(([one, title, tooltip = '']) =>
    title === undefined || one === part
      ? []
      : { title, tooltip, command: 'fusionizer.answer.show', arguments: [{ task, part: one }] },
  );
}

function actions(task: string, { previous }: TaskAnswers): OwnCommand[] {
  const compare: OwnCommand = {
    title: l10n.t('Compare'),
    tooltip: l10n.t('Compare with the previous answer'),
    command: 'fusionizer.answer.compare',
    arguments: [{ task }],
  };
  return [
    ...(previous ? [compare] : []),
    {
      title: l10n.t('Save'),
      tooltip: l10n.t('Save the body as a file'),
      command: 'fusionizer.answer.save',
      arguments: [{ task }],
    },
  ];
}

/** `taska + taskb`: the Fusion Group that served the invocation, if it has more than one Task. */
function groupLens({ details }: Answer): OwnCommand[] {
  const group = details?.group ?? [];
  if (group.length < 2) return [];
  const names =
    group.slice(0, NAMES).join(' + ') + (group.length > NAMES ? l10n.t(' + {0} more', group.length - NAMES) : '');
  return [{ title: names, tooltip: l10n.t('The Fusion Group that served it: {0}', group.join(' + ')), command: '' }];
}
