import type { TraceRecord } from '../../shared/api.ts';
import { FusionizerError } from '../../shared/errors.ts';
import type { TraceSpan } from '../../shared/traceApi.ts';
import type { TraceFilter } from './traceStore/segmentIndex.ts';
import type { NumberedRecord } from './traceStore/traceStore.ts';
import { KEPT_TRACES, type Traces } from './traces.ts';

/** The digits of a whole id. */
const WHOLE = 32;
/** Records that are looked at to tell whether the beginning of an id is that of one trace only. */
const LOOKED_AT = 1000;

export interface TracePage {
  /** By their start. */
  readonly records: TraceRecord[];
  /** For the next page, of older records; undefined on the last one. */
  readonly cursor: number | undefined;
}

/** What is known of traces: the newest records in memory, and older ones, requests and answers on disk. */
export class TraceHistory {
  readonly #traces: Traces;

  constructor(traces: Traces) {
    this.#traces = traces;
  }

  /**
   * The newest records that fit.
   * @param cursor of the page before
   */
  async find(filter: TraceFilter, { limit = KEPT_TRACES, cursor = Number.POSITIVE_INFINITY } = {}): Promise<TracePage> {
    // One more than the page has shows whether there is another one.
    const newest = this.#traces.numbered(filter, limit + 1, cursor);
    const before = Math.min(this.#traces.oldestNumber, cursor);
    const left = limit + 1 - newest.length;
    const older = left > 0 ? ((await this.#traces.store?.find(filter, left, before)) ?? []) : [];
    const found = [...older.reverse(), ...newest];
    const page = found.slice(-limit);
    return { records: page.map(withoutNumber).sort(byStart), cursor: found.length > limit ? page[0]?.n : undefined };
  }

  /**
   * All records of one trace, with the requests and answers that were recorded.
   * @param id or its first characters
   * @throws FusionizerError `not-found`, and `malformed` for the beginning of several ids
   */
  async trace(id: string): Promise<TraceSpan[]> {
    const whole = id.length === WHOLE ? id : await this.#complete(id);
    const stored = await this.#traces.store?.trace(whole);
    const newest = this.#traces.numbered({ trace: whole }).filter(({ trace }) => trace === whole);
    const known = new Set(newest.map(({ n }) => n));
    const records = [...(stored?.records.filter(({ n }) => !known.has(n)) ?? []), ...newest];
    if (records.length === 0) throw noSuchTrace(id);
    return records.sort(byStart).map((record): TraceSpan => {
      const exchange = stored?.exchanges.get(record.span);
      const { n: _n, ...span } = record;
      return exchange === undefined || span.local
        ? span
        : { bytesIn: exchange.request.size, bytesOut: exchange.answer?.size, ...span, exchange };
    });
  }

  async #complete(prefix: string): Promise<string> {
    const { records } = await this.find({ trace: prefix }, { limit: LOOKED_AT });
    const [id, other] = new Set(records.map(({ trace }) => trace));
    if (id === undefined) throw noSuchTrace(prefix);
    if (other === undefined) return id;
    throw new FusionizerError(
      'not-found',
      `Several traces have ids that begin with '${prefix}', such as ${id} and ${other}: write more of it`,
    );
  }
}

/**
 * A call is recorded when it ends, and workers send their records in batches: in order of arrival, a caller would come
 * after its callees. Of records of one millisecond the longer one is the caller.
 */
const byStart = (one: TraceRecord, other: TraceRecord): number =>
  one.start - other.start || other.duration - one.duration;

function withoutNumber({ n: _n, ...record }: NumberedRecord): TraceRecord {
  return record;
}

function noSuchTrace(id: string): FusionizerError {
  return new FusionizerError(
    'not-found',
    `No trace is recorded whose id begins with '${id}': GET /-/traces lists those that are`,
  );
}
