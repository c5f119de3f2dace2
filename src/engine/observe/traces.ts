import type { TaskView, TraceRecord } from '../../shared/api.ts';
import { Ring } from './ring.ts';
import { fits, type TraceFilter } from './traceStore/segmentIndex.ts';
import type { RawExchange, SpanIds } from './traceStore/traceLine.ts';
import type { NumberedRecord, TraceStore } from './traceStore/traceStore.ts';

export const KEPT_TRACES = 10_000;
/** Durations kept per Task, for its percentiles. */
const KEPT_DURATIONS = 512;

interface TaskStatistics {
  calls: number;
  /** Of the calls, those from other Tasks. */
  local: number;
  remote: number;
  durations: Ring<number>;
}

/**
 * The newest recorded invocations and calls, bounded, with per-Task statistics. Decisions on fusion are made from
 * these.
 */
export class Traces {
  readonly #records = new Ring<TraceRecord>(KEPT_TRACES);
  readonly #statistics = new Map<string, TaskStatistics>();
  readonly #listeners = new Set<(record: TraceRecord, counted: boolean) => void>();
  #store: TraceStore | undefined;
  /** The number of the next record. Numbers go on from one run to the next. */
  #next = Date.now() * 1000;
  #first = this.#next;
  /** Lines of requests whose records come later take numbers, too. */
  readonly #numbers = new Ring<number>(KEPT_TRACES);

  /** Where records go besides memory, from now on. */
  recordTo(store: TraceStore | undefined): void {
    this.#store = store;
    if (store) this.#next = store.firstNumber;
    this.#first = this.#next;
  }

  /** The newest records on disk that were made before this run. */
  async ofEarlierRuns(limit: number): Promise<TraceRecord[]> {
    return (await this.#store?.find({}, limit, this.#first)) ?? [];
  }

  get store(): TraceStore | undefined {
    return this.#store;
  }

  /**
   * @param counted false for a callee that is not deployed: its statistics would never be removed again
   */
  push(record: TraceRecord, counted = true, exchange?: RawExchange): void {
    this.#records.push(record);
    this.#numbers.push(this.#next);
    this.#store?.add(this.#next, record, exchange);
    this.#next += 1;
    for (const listener of this.#listeners) listener(record, counted);
    if (!counted) return;
    let statistics = this.#statistics.get(record.callee);
    if (statistics === undefined) {
      statistics = { calls: 0, local: 0, remote: 0, durations: new Ring(KEPT_DURATIONS) };
      this.#statistics.set(record.callee, statistics);
    }
    statistics.calls += 1;
    if (record.caller !== null) statistics[record.local ? 'local' : 'remote'] += 1;
    statistics.durations.push(record.duration);
  }

  /** The request and answer of a call, whose record comes from its caller. */
  addExchange(ids: SpanIds, exchange: RawExchange): void {
    this.#store?.add(this.#next, ids, exchange);
    this.#next += 1;
  }

  /** Those in memory, newest last. */
  find(filter: TraceFilter): TraceRecord[] {
    return this.#records.toArray().filter((record) => fits(record, filter));
  }

  /** The newest `limit` of those in memory before a number, with their numbers, newest last. */
  numbered(filter: TraceFilter, limit = KEPT_TRACES, before = Number.POSITIVE_INFINITY): NumberedRecord[] {
    const [records, numbers] = [this.#records.toArray(), this.#numbers.toArray()];
    const found: NumberedRecord[] = [];
    for (let index = records.length - 1; index >= 0 && found.length < limit; index -= 1) {
      const [record, n = 0] = [records[index], numbers[index]];
      if (record && n < before && fits(record, filter)) found.push({ ...record, n });
    }
    return found.reverse();
  }

  /** The number of the oldest record in memory: older ones are on disk only. */
  get oldestNumber(): number {
    return this.#numbers.toArray()[0] ?? this.#next;
  }

  /** Calls since the start; percentiles of the newest in milliseconds. */
  statistics(task: string): Pick<TaskView, 'calls' | 'localCalls' | 'remoteCalls' | 'p50' | 'p95'> {
    const statistics = this.#statistics.get(task);
    if (statistics === undefined) return { calls: 0, localCalls: 0, remoteCalls: 0, p50: null, p95: null };
    const sorted = statistics.durations.toArray().sort((a, b) => a - b);
    const at = (share: number): number | null =>
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
    const { calls, local: localCalls, remote: remoteCalls } = statistics;
    return { calls, localCalls, remoteCalls, p50: at(0.5), p95: at(0.95) };
  }

  /** @returns ends the subscription */
  subscribe(listener: (record: TraceRecord, counted: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  forget(task: string): void {
    this.#statistics.delete(task);
  }
}
