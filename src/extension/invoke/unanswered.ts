import { l10n } from 'vscode';
import { formatDuration } from '../../shared/format.ts';

/** An invocation that ended without an answer. */
export interface Unanswered {
  readonly task: string;
  readonly method: string;
  readonly path: string;
  /** How long the answer was waited for, in milliseconds. */
  readonly duration: number;
  /** Why none came, for people; undefined where the user cancelled it. */
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

/** What the answer's document shows instead of an answer. @param earlier there is an answer from before */
export function unansweredText({ task, method, path, duration, error }: Unanswered, earlier: boolean): string {
  const time = formatDuration(duration);
  const lines = [
    `${method} ${task}${path}`,
    '',
    ...(error === undefined
      ? [
          l10n.t('Cancelled after {0}, without an answer.', time),
          l10n.t('Its handler may still be running: its logs tell.'),
        ]
      : [l10n.t('No answer after {0}:', time), error]),
    ...(earlier ? ['', l10n.t('Last Answer, above, shows the one before.')] : []),
  ];
  return `${lines.join('\n')}\n`;
}
