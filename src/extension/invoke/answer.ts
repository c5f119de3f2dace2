import type { IncomingHttpHeaders } from 'node:http';
import type { LogRecord, TraceRecord } from '../../shared/api.ts';
import { formatDuration, formatSize } from '../../shared/format.ts';
import { textWidth } from './fitLenses.ts';
import type { PayloadSource } from './recentCalls.ts';

/** What was sent to a Task. */
export interface Sent {
  readonly task: string;
  readonly source: PayloadSource;
  /** Equal for invocations that sent the same request. */
  readonly request: string;
  readonly method: string;
  readonly path: string;
}

/** A Task's answer to one invocation. */
export interface Answer extends Sent {
  readonly status: number;
  readonly statusText: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly trace: string;
  /** Unix milliseconds. */
  readonly at: number;
  /** Milliseconds, measured in the editor. */
  readonly duration: number;
  /** Undefined until the server knows. */
  readonly details: AnswerDetails | undefined;
}

/** What the server knows about an invocation a second after it. */
export interface AnswerDetails {
  /** The Fusion Group that served the invocation; undefined until it is known. */
  readonly group: readonly string[] | undefined;
  /** The invocation and all calls from Task to Task, in the order in which they began. */
  readonly calls: readonly TraceRecord[];
  /** The logs of all Tasks that took part, oldest first. */
  readonly logs: readonly LogRecord[];
}

/** The parts of an answer that its document can show. `raw`: the unchanged body, where `body` shows another form. */
export const ANSWER_PARTS = ['body', 'raw', 'headers', 'calls', 'logs'] as const;
export type AnswerPart = (typeof ANSWER_PARTS)[number];

/** What is known of a Task's answers. */
export interface TaskAnswers {
  readonly current: Answer;
  /** The answer before to the same request. */
  readonly previous: Answer | undefined;
  /** The part that the Task's document shows. */
  readonly part: AnswerPart;
}

/** Counts the calls from Task to Task. */
export function countCalls({ calls }: AnswerDetails): { local: number; remote: number } {
  const inner = calls.filter(({ caller }) => caller !== null);
  const local = inner.filter((call) => call.local).length;
  return { local, remote: inner.length - local };
}

/** `500 Internal Server Error · 12.3 ms · 1.2 KiB` */
export function answerSummary({ status, statusText, duration, body }: Answer): string {
  return [reasonOf(status, statusText), formatDuration(duration), formatSize(body.length)].join(' · ');
}

/**
 * The line above an answer, in the longest form that fits: `200 OK · 12 ms`, `200 OK`, `200 · 12 ms` or `200`. A reason
 * is worth more than the time, and one of a failure is cut rather than left out.
 * @param room in characters of average width
 */
export function answerTitle({ status, statusText, duration }: Answer, room = Number.MAX_SAFE_INTEGER): string {
  const time = duration < 1000 ? `${Math.max(1, Math.round(duration))} ms` : formatDuration(duration);
  const reason = reasonOf(status, statusText);
  const forms = [
    `${reason} · ${time}`,
    reason,
    ...(status < 400 ? [] : cutAtWord(reason, room)),
    `${status} · ${time}`,
  ];
  return forms.find((form) => textWidth(form) <= room) ?? String(status);
}

/** `503 Service…`: as many words of a reason as fit; nothing if not even its first one does. */
function cutAtWord(reason: string, room: number): string[] {
  const words = reason.split(' ');
  for (let count = words.length - 1; count > 1; count -= 1) {
    const cut = `${words.slice(0, count).join(' ')}…`;
    if (textWidth(cut) <= room) return [cut];
  }
  return [];
}

/** `503 Service Unavailable`. For a status without a name, Node.js fills in `unknown`, which says nothing. */
export const reasonOf = (status: number, statusText: string): string =>
  (statusText === 'unknown' ? String(status) : `${status} ${statusText}`).trim();
