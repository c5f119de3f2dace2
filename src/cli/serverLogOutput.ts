import { type LogLevel, type LogRecord, type Operation, severity, type TraceRecord } from '../shared/api.ts';
import { formatDuration } from '../shared/format.ts';
import { shortDetail } from './buildOutput.ts';
import type { Cli } from './cli.ts';
import { formatLog } from './format.ts';

/** How long lines wait to be written together and in the order of their times, in milliseconds. */
const EVERY = 50;

/** What becomes a line. */
type Line = Pick<LogRecord, 'time' | 'level' | 'message' | 'task'> & Partial<LogRecord>;

/**
 * The lines that a server writes to its terminal, in the order of their times: log records, and one for each request
 * and change. They are made and written together every few milliseconds. One by one they would take several times as
 * long, and requests would wait for it.
 */
export class ServerLogOutput {
  readonly #cli: Cli;
  readonly #least: number;
  #waiting: { time: number; line(): Line }[] = [];

  /** @param level the lowest level that is written */
  constructor(cli: Cli, level: LogLevel) {
    this.#cli = cli;
    this.#least = severity(level);
  }

  record(record: LogRecord): void {
    this.#add(record.level, record.time, () => record);
  }

  request({ callee, request = 'event', status, start, duration, trace }: TraceRecord): void {
    const level = status === 0 || status >= 500 ? 'warn' : 'info';
    const time = start + duration;
    this.#add(level, time, () => {
      const answer = status === 0 ? 'no answer' : String(status);
      return { time, level, message: `${request} ${answer} ${formatDuration(duration)}`, task: callee, trace };
    });
  }

  /** @param operation that has ended */
  change({ kind, tasks, state, result, error, startedAt, endedAt }: Operation): void {
    const took = endedAt === null ? 0 : Date.parse(endedAt) - Date.parse(startedAt);
    const what = kind === 'setup' ? 'The change of the setup' : `The ${kind === 'deploy' ? 'deploy' : 'deletion'}`;
    const why = shortDetail(error?.detail ?? '');
    const level = state === 'done' ? 'info' : state === 'failed' ? 'error' : 'warn';
    const time = Date.now();
    this.#add(level, time, () => ({
      time,
      level,
      message: `${state === 'done' ? result : `${what} ${ENDS[state]}: ${why}`} (${formatDuration(took)})`,
      task: kind === 'setup' ? null : (tasks[0] ?? null),
    }));
  }

  /** Writes what waits. Called at the end. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    // A record may come after a newer one: of a request, which is known at its end, or of a function, through a pipe.
    const waiting = this.#waiting.sort((one, other) => one.time - other.time);
    this.#waiting = [];
    const { err, json } = this.#cli;
    const texts = waiting.map(({ line }) => {
      const record: LogRecord = { with: {}, function: null, trace: null, stream: 'log', ...line() };
      return json ? JSON.stringify(record) : formatLog(err, record);
    });
    err.write(`${texts.join('\n')}\n`);
  }

  #add(level: LogLevel, time: number, line: () => Line): void {
    if (severity(level) < this.#least) return;
    if (this.#waiting.length === 0) setTimeout(() => this.flush(), EVERY);
    this.#waiting.push({ time, line });
  }
}

const ENDS: Readonly<Record<Operation['state'], string>> = {
  running: 'runs',
  done: 'is done',
  failed: 'failed',
  superseded: 'was superseded',
  cancelled: 'was cancelled',
};
