import { type LogLevel, type LogRecord, type Operation, severity, type TraceRecord } from '../shared/api.ts';
import { formatDuration } from '../shared/format.ts';
import { shortDetail } from './buildOutput.ts';
import type { Cli } from './cli.ts';
import { formatLog } from './format.ts';

/** How long lines wait to be written together and in the order of their times, in milliseconds. */
const EVERY = 50;

/**
 * The lines that a server writes to its terminal, in the order of their times: log records, and one for each request
 * and change. They are written together every few milliseconds: a write for each would cost requests more than the
 * line itself.
 */
export class ServerLogOutput {
  readonly #cli: Cli;
  readonly #least: number;
  #lines: { time: number; text: string }[] = [];

  /** @param level the lowest level that is written */
  constructor(cli: Cli, level: LogLevel) {
    this.#cli = cli;
    this.#least = severity(level);
  }

  record(record: LogRecord): void {
    if (severity(record.level) < this.#least) return;
    const { err, json } = this.#cli;
    if (this.#lines.length === 0) setTimeout(() => this.flush(), EVERY);
    this.#lines.push({ time: record.time, text: json ? JSON.stringify(record) : formatLog(err, record) });
  }

  request({ callee, request = 'event', status, start, duration, trace }: TraceRecord): void {
    const answer = status === 0 ? 'no answer' : String(status);
    const level = status === 0 || status >= 500 ? 'warn' : 'info';
    if (severity(level) < this.#least) return;
    const message = `${request} ${answer} ${formatDuration(duration)}`;
    this.#line({ time: start + duration, level, message, task: callee, trace });
  }

  /** @param operation that has ended */
  change({ kind, tasks, state, result, error, startedAt, endedAt }: Operation): void {
    const took = endedAt === null ? 0 : Date.parse(endedAt) - Date.parse(startedAt);
    const what = kind === 'setup' ? 'The change of the setup' : `The ${kind === 'deploy' ? 'deploy' : 'deletion'}`;
    const why = shortDetail(error?.detail ?? '');
    this.#line({
      time: Date.now(),
      level: state === 'done' ? 'info' : state === 'failed' ? 'error' : 'warn',
      message: `${state === 'done' ? result : `${what} ${ENDS[state]}: ${why}`} (${formatDuration(took)})`,
      task: kind === 'setup' ? null : (tasks[0] ?? null),
    });
  }

  /** Writes what waits. Called at the end. */
  flush(): void {
    // A record may come after a newer one: of a request, which is known at its end, or of a function, through a pipe.
    const lines = this.#lines.sort((one, other) => one.time - other.time);
    this.#lines = [];
    if (lines.length > 0) this.#cli.err.write(`${lines.map(({ text }) => text).join('\n')}\n`);
  }

  #line(record: Pick<LogRecord, 'time' | 'level' | 'message' | 'task'> & { trace?: string }): void {
    this.record({ with: {}, function: null, trace: null, stream: 'log', ...record });
  }
}

const ENDS: Readonly<Record<Operation['state'], string>> = {
  running: 'runs',
  done: 'is done',
  failed: 'failed',
  superseded: 'was superseded',
  cancelled: 'was cancelled',
};
