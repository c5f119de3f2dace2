import { CodeLens, type CodeLensProvider, type Command, type Disposable, l10n, languages, Range, type TextDocument } from 'vscode';
import { formatDuration, formatSize } from '../../shared/format.ts';
import { type Answer, type AnswerPart, countCalls } from './answer.ts';
import { ANSWER_SCHEME, type Answers, answeredTask, answerUri, type TaskAnswers } from './answers.ts';

const TOP = new Range(0, 0, 0, 0);

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

/** `200 OK · 12.3 ms · 1.2 KiB · taska + taskb · 2 local, 0 remote calls` */
export function summary({ status, statusText, duration, body, details, task }: Answer): string {
  const words = [`${status < 400 ? '$(pass)' : '$(error)'} ${status} ${statusText}`.trim(), formatDuration(duration), formatSize(body.length)];
  if (details?.group) words.push(details.group.length > 1 ? details.group.join(' + ') : l10n.t('{0} by itself', task));
  if (details) {
    const { local, remote } = countCalls(details);
    words.push(local + remote === 0 ? l10n.t('no calls') : l10n.t('{0} local, {1} remote calls', local, remote));
  }
  return words.join(' · ');
}

/** `200 OK · 12.3 ms`, for the payload's lens. */
export const shortSummary = ({ status, statusText, duration }: Answer): string =>
  `${status < 400 ? '$(pass)' : '$(error)'} ${`${status} ${statusText}`.trim()} · ${formatDuration(duration)}`;

function partLenses(task: string, { current, part }: TaskAnswers, answers: Answers): Command[] {
  const titles: [AnswerPart, string | undefined][] = [
    ['body', l10n.t('Body')],
    ['raw', part === 'body' && answers.shown(task)?.changed ? l10n.t('As It Came') : undefined],
    ['headers', l10n.t('Headers ({0})', Object.keys(current.headers).length)],
    ['calls', current.details && l10n.t('Calls ({0})', current.details.calls.filter(({ caller }) => caller !== null).length)],
    ['logs', current.details && l10n.t('Logs ({0})', current.details.logs.length)],
  ];
  return titles.flatMap(([one, title]) =>
    title === undefined || one === part ? [] : { title, command: 'fusionizer.answer.show', arguments: [{ task, part: one }] },
  );
}

function actions(task: string, { previous }: TaskAnswers): Command[] {
  const compare = { title: l10n.t('Compare with Previous'), command: 'fusionizer.answer.compare', arguments: [{ task }] };
  return [...(previous ? [compare] : []), { title: l10n.t('Save As...'), command: 'fusionizer.answer.save', arguments: [{ task }] }];
}
