import type { LogLevel, LogRecord } from '../../shared/api.ts';
import { Ring } from './ring.ts';

const KEPT = 2000;
const ORDER: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

export interface LogFilter {
  task: string;
  level?: LogLevel | undefined;
}

/** The newest log records, bounded per Task, and those who follow them. */
export class Logs {
  readonly #byTask = new Map<string, Ring<LogRecord>>();
  readonly #listeners = new Set<(record: LogRecord, tasks: readonly string[]) => void>();
  readonly #mask: (record: LogRecord) => LogRecord;

  /** @param mask takes secrets out of a record before anyone sees it */
  constructor(mask: (record: LogRecord) => LogRecord) {
    this.#mask = mask;
  }

  /** @param group whose logs it belongs to when it names no Task: a print of a function belongs to all its Tasks */
  push(said: LogRecord, group: readonly string[]): void {
    const record = this.#mask(said);
    const tasks = record.task === null ? group : [record.task];
    for (const task of tasks) {
      let ring = this.#byTask.get(task);
      if (ring === undefined) {
        ring = new Ring(KEPT);
        this.#byTask.set(task, ring);
      }
      ring.push(record);
    }
    for (const listener of this.#listeners) listener(record, tasks);
  }

  find(filter: LogFilter): LogRecord[] {
    const records = this.#byTask.get(filter.task)?.toArray() ?? [];
    return records.filter((record) => ORDER[record.level] >= ORDER[filter.level ?? 'debug']);
  }

  /** @returns ends the subscription */
  follow(filter: LogFilter, listener: (record: LogRecord) => void): () => void {
    const follower = (record: LogRecord, tasks: readonly string[]): void => {
      if (tasks.includes(filter.task) && ORDER[record.level] >= ORDER[filter.level ?? 'debug']) listener(record);
    };
    this.#listeners.add(follower);
    return () => this.#listeners.delete(follower);
  }

  /** Everything, as it comes. */
  subscribe(listener: (record: LogRecord, tasks: readonly string[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  forget(task: string): void {
    this.#byTask.delete(task);
  }
}
