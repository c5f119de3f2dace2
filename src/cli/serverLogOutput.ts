import { type LogLevel, type LogRecord, type Operation, severity, type TraceRecord } from '../shared/api.ts';
import { formatDuration } from '../shared/format.ts';
import { answerWords } from '../shared/recordWords.ts';
import { shortDetail } from './buildOutput.ts';
import type { Cli } from './cli.ts';
import { formatLog } from './format.ts';

/** How long lines wait to be written together and in the order of their times, in milliseconds. */
const EVERY = 50;

/** A line that is no log record, as one. */
const recordOf = (line: Pick<LogRecord, 'time' | 'level' | 'message' | 'task'> & { trace?: string }): LogRecord => ({
  with: {},
  function: null,
  trace: null,
  stream: 'log',
  ...line,
});

/**
 * The lines that a server writes to its terminal, in the order of their times: log records, and one for each request
 * and change. They are made and written together every few milliseconds. One by one they would take several times as
 * long, and requests would wait for it.
 */
export class ServerLogOutput {
  readonly #cli: Cli;
  readonly #least: number;
  #waiting: { time: number; record(): LogRecord }[] = [];

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
      const answer = answerWords(status);
      const message = `${request} ${answer} ${formatDuration(duration)}`;
      return recordOf({ time, level, message, task: callee, trace });
    });
  }

  /** @param operation that has ended */
  change({ kind, tasks, state, result, error, startedAt, endedAt }: Operation): void {
    const took = endedAt === null ? 0 : Date.parse(endedAt) - Date.parse(startedAt);
    const what = kind === 'setup' ? 'The change of the setup' : `The ${kind === 'deploy' ? 'deploy' : 'deletion'}`;
    const why = shortDetail(error?.detail ?? '');
    const level = state === 'done' ? 'info' : state === 'failed' ? 'error' : 'warn';
    const time = Date.now();
    const message = `${state === 'done' ? result : `${what} ${ENDS[state]}: ${why}`} (${formatDuration(took)})`;
    const task = kind === 'setup' ? null : (tasks[0] ?? null);
    this.#add(level, time, () => recordOf({ time, level, message, task }));
  }

  /** Writes what waits. Called at the end. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    // A record may come after a newer one: of a request, which is known at its end, or of a function, through a pipe.
    const waiting = this.#waiting.sort((one, other) => one.time - other.time);
    this.#waiting = [];
    const { err, json } = this.#cli;
    const texts = waiting.map(({ record }) => (json ? JSON.stringify(record()) : formatLog(err, record())));
    err.write(`${texts.join('\n')}\n`);
  }

  #add(level: LogLevel, time: number, record: () => LogRecord): void {
    if (severity(level) < this.#least) return;
    if (this.#waiting.length === 0) setTimeout(() => this.flush(), EVERY);
    this.#waiting.push({ time, record });
  }
}

const ENDS: Readonly<Record<Operation['state'], string>> = {
  running: 'runs',
  done: 'is done',
  failed: 'failed',
  superseded: 'was superseded',
  cancelled: 'was cancelled',
};
