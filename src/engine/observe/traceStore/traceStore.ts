import type { PlatformFunction } from '../../../platform/platform.ts';
import type { TextMask } from '../../../secrets/mask.ts';
import type { TraceRecord } from '../../../shared/api.ts';
import { messageOf } from '../../../shared/errors.ts';
import { isFailure } from '../../../shared/recordWords.ts';
import type { Exchange } from '../../../shared/traceApi.ts';
import { fits, type TraceFilter } from './segmentIndex.ts';
import { FEWEST_BATCHES, type OpenFile, Segments } from './segments.ts';
import { LineWriter, type Numbered, type RawExchange, readExchange, readSpan, type SpanIds } from './traceLine.ts';

/** Of all files together, in bytes. */
const RECORDED_BYTES = 64 * 1024 ** 2;
/** The smallest limit. Of an exchange that does not fit into a batch, only the span is kept. */
const FEWEST_BYTES = 64 * 1024;
/** The largest batch, in bytes: the longest line fits into it. */
const BATCH = 1024 ** 2;
/** How long a line waits for its batch, in milliseconds. */
const INTERVAL = 200;
/** What may wait for a slow disk, in bytes. More is dropped. */
const MOST_WAITING = 8 * BATCH;
/** Traces whose records are kept because one of them failed. */
const MOST_FAILED = 1000;
/** A run that ended by a crash may have had so many lines in its newest segment. */
const AFTER_LAST = 10_000_000;

export interface TraceStoreOptions {
  readonly dir: string;
  /** `errors` keeps what failed, and the records of its trace that come afterwards. */
  readonly record: 'all' | 'errors';
  /** In bytes; default 64 MiB. */
  readonly limit?: number | undefined;
  mask(ran: ReadonlySet<PlatformFunction>): TextMask;
  warn(message: string): void;
  readonly open?: OpenFile | undefined;
}

interface Waiting {
  readonly n: number;
  readonly span: TraceRecord | SpanIds;
  readonly exchange: RawExchange | undefined;
}

export type NumberedRecord = Numbered & TraceRecord;

/**
 * Traces on disk, with requests and answers. Lines are made when the answers of a turn of the event loop have been
 * sent, and written in batches: a kill of the server loses the newest batch at most.
 */
export class TraceStore {
  readonly #options: TraceStoreOptions;
  readonly #segments: Segments;
  readonly #writer = new LineWriter();
  readonly #capacity: number;
  readonly #failed = new Set<string>();
  readonly #free: Buffer[] = [];
  #waiting: Waiting[] = [];
  #batch: Buffer | undefined;
  #used = 0;
  #rows: (Pick<Waiting, 'n' | 'span'> & { offset: number; length: number })[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writes: Promise<void> = Promise.resolve();
  /** In bytes. */
  #unwritten = 0;
  #stopped = false;
  #isSlow = false;

  private constructor(options: TraceStoreOptions, segments: Segments, limit: number) {
    this.#options = options;
    this.#segments = segments;
    this.#capacity = Math.min(BATCH, limit / FEWEST_BATCHES);
  }

  /** @returns undefined, after a warning, where the folder cannot be used: then nothing is recorded */
  static async open(options: TraceStoreOptions): Promise<TraceStore | undefined> {
    const limit = Math.max(FEWEST_BYTES, options.limit ?? RECORDED_BYTES);
    try {
      return new TraceStore(options, await Segments.open(options.dir, limit, options.open), limit);
    } catch (error) {
      options.warn(`Traces are not recorded: ${messageOf(error)}. ${REPAIR}`);
      return undefined;
    }
  }

  /** The number of the first record of this run. */
  get firstNumber(): number {
    return Math.max(Date.now() * 1000, this.#segments.newest + AFTER_LAST);
  }

  /** @param n above that of the record before */
  add(n: number, span: TraceRecord | SpanIds, exchange?: RawExchange): void {
    if (this.#stopped || (this.#options.record === 'errors' && !this.#isOfFailure(span, exchange))) return;
    this.#waiting.push({ n, span, exchange });
    if (this.#waiting.length === 1) setImmediate(() => this.#drain());
  }

  #isOfFailure(span: TraceRecord | SpanIds, exchange: RawExchange | undefined): boolean {
    const status = 'status' in span ? span.status : (exchange?.answer?.status ?? 0);
    if (!isFailure(status)) return this.#failed.has(span.trace);
    this.#failed.add(span.trace);
    const [oldest] = this.#failed;
    if (this.#failed.size > MOST_FAILED && oldest !== undefined) this.#failed.delete(oldest);
    return true;
  }

  /** Writes everything that was added so far. */
  async flush(): Promise<void> {
    this.#drain();
    this.#seal();
    await this.#writes;
  }

  async close(): Promise<void> {
    await this.flush();
    this.#stopped = true;
    await this.#segments.close();
  }

  /**
   * The newest records that fit, newest first.
   * @param before only records before this number
   */
  async find(filter: TraceFilter, limit: number, before?: number): Promise<NumberedRecord[]> {
    await this.flush();
    const found: NumberedRecord[] = [];
    for (const segment of [...this.#segments.all].reverse()) {
      const index = await this.#segments.indexOf(segment, (lines) => this.#warnDamaged(segment.file, lines));
      const rows = index?.find(filter, before) ?? [];
      // Ids and masked names of a row are compared roughly: what is read decides.
      for (;;) {
        const some = take(rows, limit - found.length);
        for (const line of await this.#segments.lines(segment, some)) {
          const span = readSpan(line);
          if (span && 'callee' in span && fits(span, filter)) found.push(span);
        }
        if (found.length === limit) return found;
        if (some.length === 0) break;
      }
    }
    return found;
  }

  /** The records of a trace, oldest first, and requests and answers by span. */
  async trace(id: string): Promise<{ records: NumberedRecord[]; exchanges: Map<string, Exchange> }> {
    await this.flush();
    const records: NumberedRecord[] = [];
    const exchanges = new Map<string, Exchange>();
    for (const segment of [...this.#segments.all].reverse()) {
      const index = await this.#segments.indexOf(segment, (lines) => this.#warnDamaged(segment.file, lines));
      const rows = [...(index?.ofTrace(id) ?? [])];
      // The lines of a trace lie together.
      if (rows.length === 0 && records.length > 0) break;
      const lines = await this.#segments.lines(segment, rows);
      for (const line of lines.reverse()) {
        const span = readSpan(line);
        if (span?.trace !== id) continue;
        if ('callee' in span) records.unshift(span);
        const exchange = readExchange(line);
        if (exchange) exchanges.set(span.span, exchange);
      }
    }
    return { records, exchanges };
  }

  #drain(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    const ran = new Set<PlatformFunction>();
    for (const { exchange } of waiting) if (exchange) ran.add(exchange.fn);
    const mask = this.#options.mask(ran);
    for (const { n, span, exchange } of waiting) {
      let line = this.#writer.line(n, span, exchange, mask);
      // Only a small limit makes a batch too small for the bodies.
      if (line.length * 3 > this.#capacity && Buffer.byteLength(line) > this.#capacity)
        line = this.#writer.line(n, span, undefined, mask);
      this.#put(n, span, line);
    }
    this.#timer ??= setTimeout(() => this.#seal(), INTERVAL).unref();
  }

  #put(n: number, span: Waiting['span'], line: string): void {
    const left = this.#capacity - this.#used;
    // A character has at most three bytes for each unit of the text: mostly, there is no need to count.
    if (line.length * 3 > left && Buffer.byteLength(line) > left) this.#seal();
    this.#batch ??= this.#free.pop() ?? Buffer.allocUnsafeSlow(this.#capacity);
    const length = this.#batch.write(line, this.#used);
    this.#rows.push({ n, span, offset: this.#used, length: length - 1 });
    this.#used += length;
  }

  /** Ends the batch, and hands it to the disk. */
  #seal(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const [batch, rows, used] = [this.#batch, this.#rows, this.#used];
    const [first] = rows;
    if (batch === undefined || first === undefined) return;
    this.#batch = undefined;
    this.#rows = [];
    this.#used = 0;
    if (this.#stopped) return;
    if (this.#unwritten + used > MOST_WAITING) {
      if (!this.#isSlow) this.#options.warn(`The disk is too slow for all traces: some are not recorded. ${REPAIR}`);
      this.#isSlow = true;
      return;
    }
    const { segment, offset } = this.#segments.reserve(used, first.n);
    for (const row of rows) segment.index?.add(row.n, row.span, offset + row.offset, row.length);
    this.#unwritten += used;
    this.#writes = this.#writes.then(async () => {
      try {
        if (!this.#stopped) await this.#segments.write(segment, batch.subarray(0, used));
      } catch (error) {
        this.#stop(error);
      }
      this.#unwritten -= used;
      if (this.#free.length < 2) this.#free.push(batch);
    });
  }

  /** A full disk, most of the time. Half a line may have been written, behind which none may follow. */
  #stop(error: unknown): void {
    this.#stopped = true;
    this.#options.warn(`Recording of traces has stopped: ${messageOf(error)}. Invocations go on. ${REPAIR}`);
  }

  #warnDamaged(file: string, lines: number): void {
    this.#options.warn(`${lines === 1 ? 'A line' : `${lines} lines`} of ${file} cannot be read: traces lack them`);
  }
}

const REPAIR = 'Make room or repair the folder and start the server again, or start it with --record none';

function take<T>(from: Iterable<T>, most: number): T[] {
  const taken: T[] = [];
  if (most === 0) return taken;
  const iterator = from[Symbol.iterator]();
  for (let next = iterator.next(); !next.done; next = iterator.next()) {
    taken.push(next.value);
    if (taken.length === most) break;
  }
  return taken;
}
