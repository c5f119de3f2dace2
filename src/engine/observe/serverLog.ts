import type { LogRecord } from '../../shared/api.ts';
import type { Logs } from './logs.ts';

/** Writes the server's own log records, as opposed to those of functions. */
export class ServerLog {
  readonly #logs: Logs;

  constructor(logs: Logs) {
    this.#logs = logs;
  }

  write(level: LogRecord['level'], message: string, extra: Record<string, unknown> = {}): void {
    this.#push({ level, message, with: extra });
  }

  /** A record that is shown with a Task's own. */
  writeOf(
    task: string,
    level: LogRecord['level'],
    message: string,
    about?: { readonly function: string; readonly trace: string },
  ): void {
    this.#push({ level, message, task, function: about?.function ?? null, trace: about?.trace ?? null });
  }

  #push(record: Partial<LogRecord> & Pick<LogRecord, 'level' | 'message'>): void {
    this.#logs.push(
      { time: Date.now(), with: {}, task: null, function: null, trace: null, stream: 'log', ...record },
      [],
    );
  }
}
