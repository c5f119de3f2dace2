import { l10n } from 'vscode';
import type { CommandId } from '../contributes.ts';
import { type AnswerDetails, type AnswerPart, answerSummary, countCalls } from './answer.ts';
import { shownText } from './answerDocuments.ts';
import type { Answers } from './answers.ts';
import { previewOf } from './preview/previewKind.ts';

/** Something to do with a Task's answer: a lens above it, or a row of *More...*. */
export interface AnswerAction {
  readonly icon: string;
  readonly title: string;
  /** For a line with little room. */
  readonly short?: string;
  readonly hint: string;
  readonly command: CommandId;
  /** The part of the answer that it shows. */
  readonly part?: AnswerPart;
  readonly arguments: readonly unknown[];
}

const HINTS = { image: () => l10n.t('as an image'), page: () => l10n.t('without scripts and network') };

/**
 * All that can be done with a Task's answer, or after an invocation without one. The most important comes first. The
 * part that is shown is left out.
 */
export function answerActions(task: string, answers: Answers): AnswerAction[] {
  const known = answers.of(task);
  const act = (icon: string, title: string, hint: string, command: CommandId): AnswerAction => ({
    icon,
    title,
    hint,
    command,
    arguments: [{ task }],
  });
  if (answers.unansweredOf(task) || known === undefined) {
    const before = known && answerSummary(known.current);
    return [
      ...(before ? [act('history', l10n.t('Last Answer'), before, 'fusionizer.answer.show')] : []),
      act('output', l10n.t('Logs'), l10n.t('what the Task logged and printed'), 'fusionizer.task.showLogs'),
    ];
  }
  const { current, previous } = known;
  const { details } = current;
  const show = (icon: string, part: AnswerPart, title: string, hint: string, short = title): AnswerAction[] =>
    part === known.part
      ? []
      : [{ ...act(icon, title, hint, 'fusionizer.answer.show'), short, part, arguments: [{ task, part }] }];
  const counts = details && callCounts(details);
  const group = details?.group ?? [];
  const preview = previewOf(current);
  const logs = show(
    'output',
    'logs',
    l10n.t('Logs: {0}', details?.logs.length ?? 0),
    l10n.t('what the Tasks logged and printed'),
  );
  return [
    ...(preview ? [act('open-preview', l10n.t('Preview'), HINTS[preview.kind](), 'fusionizer.answer.preview')] : []),
    ...show('file', 'body', l10n.t('Body'), ''),
    ...(counts ? show('call-outgoing', 'calls', l10n.t('Calls: {0}', counts), group.join(' + '), counts) : []),
    {
      ...act('list-tree', l10n.t('Trace'), l10n.t('who called whom, and how long it took'), 'fusionizer.trace.open'),
      arguments: [{ trace: current.trace }],
    },
    ...(details && details.logs.length > 0 ? logs : []),
    ...(previous
      ? [
          act(
            'diff',
            l10n.t('Compare'),
            l10n.t('with the answer before to the same payload'),
            'fusionizer.answer.compare',
          ),
        ]
      : []),
    ...show('list-flat', 'headers', l10n.t('Headers'), ''),
    ...(known.part === 'body' && shownText(answers, task)?.changed
      ? show('file-code', 'raw', l10n.t('As It Came'), l10n.t('the body, unchanged'))
      : []),
    act('save-as', l10n.t('Save'), l10n.t('the body as a file'), 'fusionizer.answer.save'),
    ...(current.source.kind === 'document'
      ? [
          act(
            'beaker',
            l10n.t('Expect'),
            l10n.t('this answer to this payload, in the Test Explorer'),
            'fusionizer.answer.expect',
          ),
        ]
      : []),
  ];
}

/** `2 local, 1 remote`; undefined without calls. */
function callCounts(details: AnswerDetails): string | undefined {
  const { local, remote } = countCalls(details);
  if (local + remote === 0) return undefined;
  const counts = [
    ...(local > 0 ? [l10n.t('{0} local', local)] : []),
    ...(remote > 0 ? [l10n.t('{0} remote', remote)] : []),
  ];
  return counts.join(', ');
}
