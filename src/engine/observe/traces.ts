import type { TraceRecord } from '../../shared/api.ts';
import { Ring } from './ring.ts';

const KEPT = 10_000;
/** Durations kept per Task, for its percentiles. */
const KEPT_DURATIONS = 512;

interface TaskStatistics {
  calls: number;
  durations: Ring<number>;
}

/**
 * The newest recorded invocations and calls, bounded, with per-Task statistics. Decisions on fusion are made from
 * these.
 */
export class Traces {
  readonly #records = new Ring<TraceRecord>(KEPT);
  readonly #statistics = new Map<string, TaskStatistics>();
  readonly #listeners = new Set<(record: TraceRecord, counted: boolean) => void>();

  /**
   * @param counted false for a callee that is not deployed: its statistics would never be removed again
   */
  push(record: TraceRecord, counted = true): void {
    this.#records.push(record);
    for (const listener of this.#listeners) listener(record, counted);
    if (!counted) return;
    let statistics = this.#statistics.get(record.callee);
    if (statistics === undefined) {
      statistics = { calls: 0, durations: new Ring(KEPT_DURATIONS) };
      this.#statistics.set(record.callee, statistics);
    }
    statistics.calls += 1;
    statistics.durations.push(record.duration);
  }

  /** Newest last. */
  find(filter: { trace?: string | undefined; task?: string | undefined }): TraceRecord[] {
    return this.#records
      .toArray()
      .filter(
        (record) =>
          (filter.trace === undefined || record.trace.startsWith(filter.trace)) &&
          (filter.task === undefined || record.callee === filter.task || record.caller === filter.task),
      );
  }

  /** Calls since the start; percentiles of the newest in milliseconds. */
  statistics(task: string): { calls: number; p50: number | null; p95: number | null } {
    const statistics = this.#statistics.get(task);
    if (statistics === undefined) return { calls: 0, p50: null, p95: null };
    const sorted = statistics.durations.toArray().sort((a, b) => a - b);
    const at = (share: number): number | null =>
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
    return { calls: statistics.calls, p50: at(0.5), p95: at(0.95) };
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
