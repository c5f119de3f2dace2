import { CodeLens, type CodeLensProvider, type Command, type Disposable, l10n, languages, Range, type TextDocument } from 'vscode';
import { formatDuration, formatSize } from '../../shared/format.ts';
import { type Answer, type AnswerDetails, type AnswerPart, countCalls } from './answer.ts';
import { ANSWER_SCHEME, type Answers, answeredTask, answerUri, type TaskAnswers } from './answers.ts';

const TOP = new Range(0, 0, 0, 0);
/** Of a Fusion Group, in a lens. */
const NAMES = 3;

/** Above an answer: how it went, its other parts, and what can be done with it. */
export function registerAnswerLenses(answers: Answers): Disposable {
  const provider: CodeLensProvider = {
    onDidChangeCodeLenses: answers.onDidUpdate,
    provideCodeLenses: (document: TextDocument) => {
      const task = answeredTask(document.uri);
      const known = task === undefined ? undefined : answers.of(task);
      // The sides of a comparison have none.
      if (task === undefined || known === undefined || document.uri.toString() !== answerUri(task).toString()) return [];
      return [{ title: summary(known.current), command: '' }, ...partLenses(task, known, answers), ...actions(task, known)].map(
        (command) => new CodeLens(TOP, command),
      );
    },
  };
  return languages.registerCodeLensProvider({ scheme: ANSWER_SCHEME }, provider);
}

/** `200 OK · 12.3 ms · 1.2 KiB`: short, as editors beside another one are narrow. */
export function summary(answer: Answer): string {
  const { status, statusText, duration, body } = answer;
  const icon = status < 400 ? '$(pass)' : '$(error)';
  return [`${icon} ${`${status} ${statusText}`.trim()}`, formatDuration(duration), formatSize(body.length)].join(' · ');
}

/** `taska + taskb: calls 2 local, 0 remote` */
function callsTitle(details: AnswerDetails): string {
  const { group = [] } = details;
  const { local, remote } = countCalls(details);
  const names = group.slice(0, NAMES).join(' + ') + (group.length > NAMES ? l10n.t(' + {0} more', group.length - NAMES) : '');
  const calls = local + remote === 0 ? l10n.t('no calls') : l10n.t('calls {0} local, {1} remote', local, remote);
  return names === '' ? calls : `${names}: ${calls}`;
}

function partLenses(task: string, { current, part }: TaskAnswers, answers: Answers): Command[] {
  const { details } = current;
  const titles: [AnswerPart, string | undefined, tooltip?: string][] = [
    ['body', l10n.t('Body')],
    [
      'calls',
      details && callsTitle(details),
      l10n.t('Show the calls from Task to Task. Before the colon: the Fusion Group, {0}', details?.group?.join(' + ') ?? ''),
    ],
    ['logs', details && l10n.t('Logs ({0})', details.logs.length), l10n.t('Show what the Tasks logged and printed')],
    ['headers', l10n.t('Headers')],
    ['raw', part === 'body' && answers.shown(task)?.changed ? l10n.t('As It Came') : undefined],
  ];
  return titles.flatMap(([one, title, tooltip = '']) =>
    title === undefined || one === part ? [] : { title, tooltip, command: 'fusionizer.answer.show', arguments: [{ task, part: one }] },
  );
}

function actions(task: string, { previous }: TaskAnswers): Command[] {
  const compare = { title: l10n.t('Compare with Previous'), command: 'fusionizer.answer.compare', arguments: [{ task }] };
  return [...(previous ? [compare] : []), { title: l10n.t('Save As...'), command: 'fusionizer.answer.save', arguments: [{ task }] }];
}
