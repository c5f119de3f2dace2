import type { TraceRecord } from '../../shared/api.ts';
import { formatDuration } from '../../shared/format.ts';
import { countWords } from '../../shared/recordWords.ts';
import type { CallCounts } from './callCounts.ts';

/** `200 taska`, `no answer: taska` */
export const invocationLabel = ({ status, callee }: TraceRecord): string =>
  status === 0 ? `no answer: ${callee}` : `${status} ${callee}`;

/** `12 ms · 2 local, 1 remote · 14:03:22`. @param calls undefined if they are not known */
export function invocationDescription(record: TraceRecord, calls: CallCounts | undefined, now = Date.now()): string {
  const counts = calls === undefined ? '' : countWords(calls);
  return [formatDuration(record.duration), counts, timeText(record.start, now)]
    .filter((part) => part !== '')
    .join(' · ');
}

/** The whole row in words, for screen readers. */
export function spokenInvocation(record: TraceRecord, calls: CallCounts | undefined, now = Date.now()): string {
  const { callee, status, duration, cold, replayOf, start } = record;
  const answer = status === 0 ? 'gave no answer' : `answered ${status}`;
  return [
    `${callee} ${answer} after ${formatDuration(duration)}`,
    ...(calls === undefined || calls.local + calls.remote === 0
      ? []
      : [`${callsOf(calls.local, 'local')}, ${callsOf(calls.remote, 'remote')}`]),
    ...(cold ? ['cold start'] : []),
    ...(replayOf === undefined ? [] : ['a replay']),
    `at ${timeText(start, now)}`,
  ].join(', ');
}

const callsOf = (count: number, kind: string): string => `${count} ${kind} ${count === 1 ? 'call' : 'calls'}`;

/** `14:03:22` in local time, with the date before it if that is not today's. @param time Unix milliseconds */
export function timeText(time: number, now = Date.now()): string {
  const [date, today] = [new Date(time), new Date(now)];
  const two = (number: number): string => String(number).padStart(2, '0');
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  if (date.toDateString() === today.toDateString()) return clock;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock}`;
}
