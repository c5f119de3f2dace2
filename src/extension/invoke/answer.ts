import type { IncomingHttpHeaders } from 'node:http';
import type { LogRecord, TraceRecord } from '../../shared/api.ts';
import { formatDuration, formatSize } from '../../shared/format.ts';

/** Longer words of a status, `Internal Server Error`, would push time and size out of sight. The headers show them. */
const WORDS = 12;

/** What a Task answered to one invocation. */
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
  /** Milliseconds, as seen here. */
  readonly duration: number;
  /** Undefined until the server knows. */
  readonly details: AnswerDetails | undefined;
}

/** What the server knows of an invocation, in the second after it. */
export interface AnswerDetails {
  /** The Fusion Group that served it; undefined until it is known. */
  readonly group: readonly string[] | undefined;
  /** The invocation itself and all calls from Task to Task, in the order in which they began. */
  readonly calls: readonly TraceRecord[];
  /** Of all Tasks that took part, oldest first. */
  readonly logs: readonly LogRecord[];
}

/** The parts of an answer that its document can show. `raw`: the body as it came, where it is shown in another form. */
export const ANSWER_PARTS = ['body', 'raw', 'headers', 'calls', 'logs'] as const;
export type AnswerPart = (typeof ANSWER_PARTS)[number];

/** Calls from Task to Task. */
export function countCalls({ calls }: AnswerDetails): { local: number; remote: number } {
  const inner = calls.filter(({ caller }) => caller !== null);
  const local = inner.filter((call) => call.local).length;
  return { local, remote: inner.length - local };
}

/** `200 OK · 12.3 ms · 1.2 KiB`, `500 · 12.3 ms · 1.2 KiB`: short, as editors beside another one are narrow. */
export function answerSummary(answer: Answer): string {
  const { status, statusText, duration, body } = answer;
  const icon = status < 400 ? '$(pass)' : '$(error)';
  const words = statusText.length > WORDS ? '' : statusText;
  return [`${icon} ${`${status} ${words}`.trim()}`, formatDuration(duration), formatSize(body.length)].join(' · ');
}
