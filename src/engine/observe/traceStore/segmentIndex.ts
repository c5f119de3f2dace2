import type { TraceRecord } from '../../../shared/api.ts';
import { isFailure } from '../../../shared/recordWords.ts';
import { readSpan, type SpanLine } from './traceLine.ts';

/** What is searched for. All fields have to fit. */
export interface TraceFilter {
  /** The first characters of a trace's id. */
  trace?: string | undefined;
  /** Caller or callee. */
  task?: string | undefined;
  status?: StatusFilter | undefined;
  /** The shortest duration, in milliseconds. */
  min?: number | undefined;
  /** The earliest start, in Unix milliseconds. */
  since?: number | undefined;
  /** Only invocations from outside. */
  outer?: boolean | undefined;
}

/** Both ends are included. `error` is no answer, or a status of 400 or above. */
export type StatusFilter = 'error' | { readonly from: number; readonly to: number };

const statusFits = (status: number, filter: StatusFilter | undefined): boolean =>
  filter === undefined || (filter === 'error' ? isFailure(status) : status >= filter.from && status <= filter.to);

export function fits(record: TraceRecord, { trace, task, status, min = 0, since = 0, outer }: TraceFilter): boolean {
  return (
    record.duration >= min &&
    record.start >= since &&
    statusFits(record.status, status) &&
    (trace === undefined || record.trace.startsWith(trace)) &&
    (task === undefined || record.callee === task || record.caller === task) &&
    (outer !== true || record.caller === null)
  );
}

/** The fields of a row, which are all numbers: objects would cost several times as much memory. */
const N = 0;
const TRACE = 1;
const START = 4;
const DURATION = 5;
const STATUS = 6;
const CALLER = 7;
const CALLEE = 8;
const OFFSET = 9;
const LENGTH = 10;
const WIDTH = 11;

/** The caller of an invocation from outside; the callee of a line that has only an exchange. */
const NONE = -1;
/** Hex digits in a number. */
const DIGITS = 12;

const LINE_BREAK = 10;

/** Where a line is in its segment. */
export interface Row {
  readonly n: number;
  readonly offset: number;
  readonly length: number;
}

/** What is in a segment, in 88 bytes for each line: enough to find lines without reading the file. */
export class SegmentIndex {
  #rows = new Float64Array(64 * WIDTH);
  #count = 0;
  readonly #names = new Map<string, number>();

  /** The index of a segment's content. Lines that are damaged, and a last one that is not complete, are left out. */
  static read(content: Buffer): { index: SegmentIndex; damaged: number } {
    const index = new SegmentIndex();
    let damaged = 0;
    let begin = 0;
    for (let end = content.indexOf(LINE_BREAK); end >= 0; end = content.indexOf(LINE_BREAK, begin)) {
      const line = readSpan(content.subarray(begin, end));
      if (line === undefined) damaged += 1;
      else index.add(line.n, line, begin, end - begin);
      begin = end + 1;
    }
    return { index, damaged };
  }

  get count(): number {
    return this.#count;
  }

  /** @param length of the line without its line break */
  add(n: number, span: TraceRecord | Omit<SpanLine, 'n'>, offset: number, length: number): void {
    const at = this.#count * WIDTH;
    if (at === this.#rows.length) {
      const larger = new Float64Array(at * 2);
      larger.set(this.#rows);
      this.#rows = larger;
    }
    const rows = this.#rows;
    const record = 'callee' in span ? span : undefined;
    rows[at + N] = n;
    const { trace } = span;
    for (let part = 0; part < 3; part += 1) rows[at + TRACE + part] = number(trace, part, '0');
    rows[at + START] = record?.start ?? 0;
    rows[at + DURATION] = record?.duration ?? 0;
    rows[at + STATUS] = record?.status ?? 0;
    rows[at + CALLER] = record === undefined || record.caller === null ? NONE : this.#numberOf(record.caller);
    rows[at + CALLEE] = record === undefined ? NONE : this.#numberOf(record.callee);
    rows[at + OFFSET] = offset;
    rows[at + LENGTH] = length;
    this.#count += 1;
  }

  /** The lines of records that fit, newest first, and with `before` only those before this number. */
  *find(filter: TraceFilter, before = Number.POSITIVE_INFINITY): Generator<Row> {
    const { trace, task, status, min = 0, since = 0, outer } = filter;
    const rows = this.#rows;
    const name = task === undefined ? undefined : this.#names.get(task);
    if (task !== undefined && name === undefined) return;
    for (let at = (this.#count - 1) * WIDTH; at >= 0; at -= WIDTH) {
      const [n = 0, start = 0, duration = 0] = [rows[at + N], rows[at + START], rows[at + DURATION]];
      if (n >= before || rows[at + CALLEE] === NONE || duration < min || start < since) continue;
      if (name !== undefined && rows[at + CALLEE] !== name && rows[at + CALLER] !== name) continue;
      if (outer === true && rows[at + CALLER] !== NONE) continue;
      if (!statusFits(rows[at + STATUS] ?? 0, status) || !this.#isOf(at, trace)) continue;
      yield this.#row(at);
    }
  }

  /** All lines of a trace, oldest first, also those that have only an exchange. */
  *ofTrace(id: string): Generator<Row> {
    for (let at = 0; at < this.#count * WIDTH; at += WIDTH) if (this.#isOf(at, id)) yield this.#row(at);
  }

  #row(at: number): Row {
    const rows = this.#rows;
    return { n: rows[at + N] ?? 0, offset: rows[at + OFFSET] ?? 0, length: rows[at + LENGTH] ?? 0 };
  }

  /** Whether a trace's id may begin so: ids that are no hex digits have to be read to know it. */
  #isOf(at: number, prefix: string | undefined): boolean {
    if (prefix === undefined) return true;
    for (let part = 0; part * DIGITS < prefix.length; part += 1) {
      const value = this.#rows[at + TRACE + part] ?? 0;
      if (value < number(prefix, part, '0') || value > number(prefix, part, 'f')) return false;
    }
    return true;
  }

  #numberOf(name: string): number {
    const found = this.#names.get(name);
    if (found !== undefined) return found;
    this.#names.set(name, this.#names.size);
    return this.#names.size - 1;
  }
}

/** Twelve hex digits of an id as a number. */
function number(id: string, part: number, fill: '0' | 'f'): number {
  const digits = id.slice(part * DIGITS, (part + 1) * DIGITS);
  const value = Number(`0x${digits.length === DIGITS ? digits : digits.padEnd(DIGITS, fill)}`);
  return Number.isNaN(value) ? 0 : value;
}
