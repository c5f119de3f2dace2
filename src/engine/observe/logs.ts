import { type LogLevel, type LogRecord, severity } from '../../shared/api.ts';
import { Ring } from './ring.ts';

const KEPT = 2000;
/** The most that is kept of a Task's records, and of all records, in characters. */
const MOST_OF_TASK = 8 * 1024 ** 2;
const MOST = 32 * 1024 ** 2;
/** Of a record without its message and its extra fields, in characters. */
const OTHER_FIELDS = 150;

export interface LogFilter {
  /** Undefined: those of all Tasks and the server's own. */
  task?: string | undefined;
  level?: LogLevel | undefined;
  /** The first characters of a trace's id. */
  trace?: string | undefined;
  /** The earliest time, in Unix milliseconds. */
  since?: number | undefined;
}

const accepts = (record: LogRecord, { level = 'debug', trace, since = 0 }: LogFilter): boolean =>
  severity(record.level) >= severity(level) &&
  record.time >= since &&
  (trace === undefined || record.trace?.startsWith(trace) === true);

/** The newest log records, bounded per Task and together, and those who follow them. */
export class Logs {
  readonly #byTask = new Map<string, Ring<LogRecord>>();
  /** The server's own. */
  readonly #own = new Ring<LogRecord>(KEPT, { most: MOST_OF_TASK, sizeOf });
  readonly #listeners = new Set<(record: LogRecord, tasks: readonly string[]) => void>();
  readonly #mask: (record: LogRecord) => LogRecord;
  #size = 0;

  /** @param mask takes secrets out of a record before anyone sees it */
  constructor(mask: (record: LogRecord) => LogRecord) {
    this.#mask = mask;
  }

  /** @param group whose logs it belongs to when it names no Task: a print of a function belongs to all its Tasks */
  push(said: LogRecord, group: readonly string[]): void {
    const masked = this.#mask(said);
    const record = masked.task === null && group.length > 0 ? { ...masked, group: [...group] } : masked;
    const tasks = record.task === null ? group : [record.task];
    for (const task of tasks) {
      let ring = this.#byTask.get(task);
      if (ring === undefined) {
        ring = new Ring(KEPT, { most: MOST_OF_TASK, sizeOf });
        this.#byTask.set(task, ring);
      }
      this.#size -= ring.size;
      ring.push(record);
      this.#size += ring.size;
    }
    if (tasks.length === 0) this.#own.push(record);
    if (this.#size > MOST) this.#shrink();
    for (const listener of this.#listeners) listener(record, tasks);
  }

  /** Newest last. */
  find(filter: LogFilter): LogRecord[] {
    const records = filter.task === undefined ? this.#all() : (this.#byTask.get(filter.task)?.toArray() ?? []);
    return records.filter((record) => accepts(record, filter));
  }

  /** A print of a function is in the logs of all its Tasks, and here once. */
  #all(): LogRecord[] {
    const records = new Set([this.#own, ...this.#byTask.values()].flatMap((ring) => ring.toArray()));
    return [...records].sort((one, other) => one.time - other.time);
  }

  /** @returns ends the subscription */
  follow(filter: LogFilter, listener: (record: LogRecord) => void): () => void {
    const follower = (record: LogRecord, tasks: readonly string[]): void => {
      if ((filter.task === undefined || tasks.includes(filter.task)) && accepts(record, filter)) listener(record);
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
    this.#size -= this.#byTask.get(task)?.size ?? 0;
    this.#byTask.delete(task);
  }

  /** Takes half of the records from the Task that has most of them. */
  #shrink(): void {
    let largest: Ring<LogRecord> | undefined;
    for (const ring of this.#byTask.values()) if (largest === undefined || ring.size > largest.size) largest = ring;
    if (largest === undefined) return;
    this.#size -= largest.size;
    largest.shrink(largest.size / 2);
    this.#size += largest.size;
  }
}

/** In characters, roughly. */
function sizeOf({ message, trace, with: extra }: LogRecord): number {
  const size = OTHER_FIELDS + message.length + (trace?.length ?? 0);
  return Object.keys(extra).length === 0 ? size : size + JSON.stringify(extra).length;
}
