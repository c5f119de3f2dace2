import type { IncomingHttpHeaders } from 'node:http';
import type { LogRecord, TraceRecord } from '../../shared/api.ts';
import { formatDuration, formatSize } from '../../shared/format.ts';

/** Longer words of a status, `Internal Server Error`, would push time and size out of sight. The headers show them. */
const WORDS = 12;

/** A Task's answer to one invocation. */
export interface Answer {
  readonly task: string;
  readonly method: string;
  readonly path: string;
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

/** Counts the calls from Task to Task. */
export function countCalls({ calls }: AnswerDetails): { local: number; remote: number } {
  const inner = calls.filter(({ caller }) => caller !== null);
  const local = inner.filter((call) => call.local).length;
  return { local, remote: inner.length - local };
}

/** `200 OK · 12.3 ms · 1.2 KiB`. It is short, as an editor beside another one is narrow. */
export function answerSummary(answer: Answer): string {
  const { status, statusText, duration, body } = answer;
  const icon = status < 400 ? '$(pass)' : '$(error)';
  const words = statusText.length > WORDS ? '' : statusText;
  return [`${icon} ${`${status} ${words}`.trim()}`, formatDuration(duration), formatSize(body.length)].join(' · ');
}
