import type { TraceRecord } from '../../shared/api.ts';

/** Calls from Task to Task in one trace. */
export interface CallCounts {
  readonly local: number;
  readonly remote: number;
}

/** Milliseconds after an invocation's end in which functions may still report calls: they do so once a second. */
const LATE = 3000;
/** The most records that are read to count calls. */
const MOST = 5000;

/** The newest `limit` records from then on, in Unix milliseconds. */
type ReadSince = (since: number, limit: number) => Promise<readonly TraceRecord[]>;

/** Counts the calls of invocations. What cannot change any more is counted once. */
export class CallCounter {
  #final = new Map<string, CallCounts>();

  /**
   * @param invocations those that are shown
   * @returns the counts by trace; an invocation with too many newer records has none
   */
  async count(
    invocations: readonly TraceRecord[],
    read: ReadSince,
    now = Date.now(),
  ): Promise<ReadonlyMap<string, CallCounts>> {
    const known = new Map(
      invocations.flatMap(({ trace }) => {
        const final = this.#final.get(trace);
        return final === undefined ? [] : [[trace, final] as const];
      }),
    );
    this.#final = new Map(known);
    const open = invocations.filter(({ trace }) => !known.has(trace));
    if (open.length === 0) return known;
    const records = await read(Math.min(...open.map(({ start }) => start)), MOST);
    const from = records.length < MOST ? 0 : Math.min(...records.map(({ start }) => start));
    const counted = countByTrace(records);
    for (const { trace, start, duration } of open) {
      if (start < from) continue;
      const counts = counted.get(trace) ?? { local: 0, remote: 0 };
      known.set(trace, counts);
      if (start + duration + LATE < now) this.#final.set(trace, counts);
    }
    return known;
  }
}

/** The calls in each trace. Invocations from outside are none. */
function countByTrace(records: readonly TraceRecord[]): Map<string, CallCounts> {
  const counts = new Map<string, CallCounts>();
  for (const { trace, caller, local } of records) {
    if (caller === null) continue;
    const before = counts.get(trace) ?? { local: 0, remote: 0 };
    counts.set(trace, local ? { ...before, local: before.local + 1 } : { ...before, remote: before.remote + 1 });
  }
  return counts;
}
