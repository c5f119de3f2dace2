import { formatDuration } from '../../shared/format.ts';
import type { ReplayView } from '../../shared/traceApi.ts';
import { statusText } from './recordedAnswerText.ts';

/** How many differences a message names. */
const NAMED = 3;

/** Whether a replay had the same answer, and what was not sent or compared, as a message. */
export function replayText(task: string, view: ReplayView): string {
  const { before, after, durations, same, differences, notes } = view;
  const now = `${statusText(after.status)} in ${formatDuration(durations.after)}`;
  const then = before === null ? '' : `${statusText(before.status)} in ${formatDuration(durations.before)}`;
  const places = differences.map(({ what }) => what.replace(/^header:/, 'header '));
  const more = places.length > NAMED ? ` and ${places.length - NAMED} more` : '';
  const shown = `${places.slice(0, NAMED).join(', ')}${more}`;
  const outcome =
    before === null
      ? `${task} answered ${now}.`
      : same
        ? `${task} gave the same answer: ${now}, before ${then}.`
        : `${task} gave another answer: ${now}, before ${then}. It differs in ${shown}.`;
  return [outcome, ...notes.map((note) => `${note}.`)].join(' ');
}
