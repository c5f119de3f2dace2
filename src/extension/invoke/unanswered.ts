import { l10n } from 'vscode';
import { formatDuration } from '../../shared/format.ts';
import type { Sent } from './answer.ts';

/** An invocation that ended without an answer. */
export interface Unanswered extends Sent {
  /** Milliseconds that the invocation waited for its answer. */
  readonly duration: number;
  /** A message that says why no answer came; undefined if the user cancelled it. */
  readonly error: string | undefined;
}

/** `Cancelled after 3.2 s`, with an icon. */
export function unansweredSummary({ error, duration }: Unanswered): string {
  const words =
    error === undefined
      ? l10n.t('Cancelled after {0}', formatDuration(duration))
      : l10n.t('No answer after {0}', formatDuration(duration));
  return `${error === undefined ? '$(circle-slash)' : '$(error)'} ${words}`;
}

/** The text of the answer's document without an answer. @param earlier whether there is an earlier answer */
export function unansweredText({ task, method, path, duration, error }: Unanswered, earlier: boolean): string {
  const time = formatDuration(duration);
  const lines = [
    `${method} ${task}${path}`,
    '',
    ...(error === undefined
      ? [
          l10n.t('Cancelled after {0}, without an answer.', time),
          l10n.t('Its handler may still be running: see its logs.'),
        ]
      : [l10n.t('No answer after {0}:', time), error]),
    ...(earlier ? ['', l10n.t('The answer before is in More..., above.')] : []),
  ];
  return `${lines.join('\n')}\n`;
}
