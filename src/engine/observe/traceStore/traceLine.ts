import { isUtf8 } from 'node:buffer';
import type { FunctionResponse, PlatformFunction } from '../../../platform/platform.ts';
import type { TextMask } from '../../../secrets/mask.ts';
import { maskedStart } from '../../../secrets/mask.ts';
import type { TraceRecord } from '../../../shared/api.ts';
import { type Exchange, RECORDED_BODY, type RecordedHeaders } from '../../../shared/traceApi.ts';
import { HeaderTexts, maskedPath } from './headerTexts.ts';

/**
 * A line of a segment: the span as JSON, and behind a tab its exchange, if there is one. JSON has no tabs of its own,
 * so that spans can be read without the bodies behind them. The request of a call, whose span comes from its caller,
 * has a line of its own with the call's ids only.
 */

/** A request and its answer as they passed the server. */
export interface RawExchange {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Names and values alternate. */
  readonly headers: readonly string[];
  /** How many items at the beginning of the headers are the server's own, and not recorded. */
  readonly ownItems: number;
  readonly body: Buffer;
  readonly answer: FunctionResponse | undefined;
  /** That ran it, and whose secrets are masked. */
  readonly fn: PlatformFunction;
}

/** The place of a record in the order in which they came. */
export type Numbered = { readonly n: number };
export type SpanIds = Pick<TraceRecord, 'trace' | 'span'>;
export type SpanLine = Numbered & (TraceRecord | SpanIds);

/** An exchange in a line: as short as possible. Bodies are text, or base64 where `e` says so. */
interface StoredPart {
  h: string[];
  b: string;
  e?: 1;
  /** The whole size in bytes, where the recorded body is not whole. */
  z?: number;
}
interface StoredExchange extends StoredPart {
  m: string;
  p: string;
  a: (StoredPart & { s: number }) | null;
  /** A secret is masked in it. */
  x?: 1;
}

const TAB = 9;

/** What a duration is written in: whole numbers are written several times as fast as fractions. */
const PER_MS = 10_000;
const EXPONENT = 'e-4';

/** Ids of W3C, which JSON writes as they are. */
const HEX = /^[0-9a-f]+$/;

/** Writes lines. It remembers what hardly changes from one request to the next, which is most of it. */
export class LineWriter {
  readonly #requests = new HeaderTexts();
  readonly #answers = new HeaderTexts();
  readonly #numbers = new LongNumber(1e6);
  readonly #starts = new LongNumber(1e3);
  #last: TraceRecord | undefined;
  /** The end of the last record's JSON, with the fields that `isLike` compares. */
  #tail = '';
  #lastTarget = '';
  #targetText = { method: '', text: '', masked: false };

  /** @param mask takes secrets out of everything */
  line(n: number, span: TraceRecord | SpanIds, exchange: RawExchange | undefined, mask: TextMask): string {
    // The server's own ids are good ones.
    const isOwn = exchange !== undefined;
    const head = `{"n":${this.#numbers.text(n)},${this.#span(span, isOwn)}`;
    const line = exchange === undefined ? head : `${head}\t${this.#exchange(exchange, mask)}`;
    // Almost no line has a secret: only one that has is taken apart.
    return mask(line) === line ? `${line}\n` : `${maskedLine(line, mask)}\n`;
  }

  #exchange({ method, target, headers, ownItems, body, answer }: RawExchange, mask: TextMask): string {
    if (target !== this.#lastTarget || method !== this.#targetText.method) {
      const path = target.includes('?') ? maskedPath(target) : target;
      const text = `{"m":${JSON.stringify(method)},"p":${JSON.stringify(path)},"h":`;
      this.#targetText = { method, text, masked: path !== target };
      this.#lastTarget = target;
    }
    const sent = this.#requests.of(headers, ownItems);
    const begin = `${this.#targetText.text}${sent.text}${bodyText(body, mask)},"a":`;
    const hides = this.#targetText.masked || sent.masked;
    if (answer === undefined) return `${begin}null${hides ? HIDES : '}'}`;
    const got = this.#answers.of(answer.headers, 0);
    const content = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
    const end = hides || got.masked ? HIDES : '}';
    return `${begin}{"s":${answer.status},"h":${got.text}${bodyText(content, mask)}}${end}`;
  }

  /** The JSON of a span without its first brace. JSON.stringify would take three times as long. */
  #span(span: TraceRecord | SpanIds, isOwn: boolean): string {
    if (!('callee' in span) || !(isOwn || hasPlainIds(span)) || !Number.isInteger(span.start))
      return JSON.stringify(span).slice(1);
    if (this.#last === undefined || !isLike(this.#last, span)) {
      const { trace: _t, span: _s, parent: _p, start: _b, duration: _d, bytesIn: _i, bytesOut: _o, ...other } = span;
      const { waited: _w, ...rest } = other;
      this.#last = span;
      this.#tail = JSON.stringify(rest).slice(1);
    }
    const { trace, span: id, parent, bytesIn, bytesOut, waited } = span;
    const numbers =
      (bytesIn === undefined ? '' : `"bytesIn":${bytesIn},`) +
      (bytesOut === undefined ? '' : `"bytesOut":${bytesOut},`) +
      (waited === undefined ? '' : `"waited":${Math.round(waited * PER_MS)}${EXPONENT},`);
    const duration = `${Math.round(span.duration * PER_MS)}${EXPONENT}`;
    return (
      `"trace":"${trace}","span":"${id}","parent":${parent === null ? 'null' : `"${parent}"`},` +
      `"start":${this.#starts.text(span.start)},"duration":${duration},${numbers}${this.#tail}`
    );
  }
}

/** The end of an exchange in which a secret is masked. */
const HIDES = ',"x":1}';

/** Writes large whole numbers whose upper digits hardly change. */
class LongNumber {
  readonly #unit: number;
  readonly #digits: number;
  #upper = Number.NaN;
  #text = '';

  /** @param unit of the upper digits: a power of ten */
  constructor(unit: number) {
    this.#unit = unit;
    this.#digits = String(unit).length - 1;
  }

  /** @param number at least 0 */
  text(number: number): string {
    const upper = Math.floor(number / this.#unit);
    if (upper <= 0) return String(number);
    if (upper !== this.#upper) {
      this.#upper = upper;
      this.#text = String(upper);
    }
    return this.#text + String(number - upper * this.#unit).padStart(this.#digits, '0');
  }
}

const hasPlainIds = ({ trace, span, parent }: TraceRecord): boolean =>
  HEX.test(trace) && HEX.test(span) && (parent === null || HEX.test(parent));

function isLike(one: TraceRecord, other: TraceRecord): boolean {
  return (
    one.group === other.group &&
    one.callee === other.callee &&
    one.caller === other.caller &&
    one.local === other.local &&
    one.status === other.status &&
    one.cold === other.cold &&
    one.request === other.request &&
    one.setup === other.setup &&
    one.mode === other.mode &&
    one.worker === other.worker &&
    one.replayOf === other.replayOf
  );
}

/**
 * The JSON of a body's fields, with a comma before them. A secret in the part that is kept is masked later, with all
 * else; one that the cut goes through would not be found then.
 */
function bodyText(body: Buffer, mask: TextMask): string {
  if (body.length === 0) return ',"b":""';
  if (body.length <= RECORDED_BODY)
    return isUtf8(body) ? `,"b":${JSON.stringify(body.toString())}` : `,"b":"${body.toString('base64')}","e":1`;
  const known = body.subarray(0, RECORDED_BODY + 2 * mask.reach);
  const text = known.toString();
  // The cut may go through a character, which is then the last one.
  const isText = isUtf8(known) || !text.slice(0, -1).includes('\ufffd');
  const kept = isText
    ? JSON.stringify(
        Buffer.from(maskedStart(text, RECORDED_BODY, mask))
          .subarray(0, RECORDED_BODY)
          .toString(),
      )
    : `"${body.toString('base64', 0, RECORDED_BODY - mask.reach)}"`;
  return `,"b":${kept}${isText ? '' : ',"e":1'},"z":${body.length}`;
}

function maskedLine(line: string, mask: TextMask): string {
  return line
    .split('\t')
    .map((json) => {
      const value = deepMasked(JSON.parse(json), mask) as Record<string, unknown>;
      return JSON.stringify('h' in value ? { ...value, x: 1 } : value);
    })
    .join('\t');
}

function deepMasked(value: unknown, mask: TextMask): unknown {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map((item) => deepMasked(item, mask));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, deepMasked(inner, mask)]));
}

/** @param line without its line break @returns undefined for a line that is damaged */
export function readSpan(line: Buffer): SpanLine | undefined {
  const tab = line.indexOf(TAB);
  const value = parse(line.toString('utf8', 0, tab < 0 ? line.length : tab));
  return isSpan(value) ? value : undefined;
}

/** The exchange in a line; undefined if it has none, or is damaged. */
export function readExchange(line: Buffer): Exchange | undefined {
  const tab = line.indexOf(TAB);
  const stored = tab < 0 ? undefined : (parse(line.toString('utf8', tab + 1)) as StoredExchange | undefined);
  if (stored === undefined || !Array.isArray(stored.h)) return undefined;
  const { m: method, p: path, a: answer, x } = stored;
  return {
    request: { method, path, ...partOf(stored) },
    answer: answer && { status: answer.s, ...partOf(answer) },
    masked: x === 1,
  };
}

function partOf({ h, b, e, z }: StoredPart): Omit<Exchange['request'], 'method' | 'path'> {
  const encoding = e === 1 ? 'base64' : 'utf8';
  const size = z ?? Buffer.byteLength(b, encoding);
  return { headers: headersOf(h), body: b, encoding, size, truncated: z !== undefined };
}

/** @param pairs names and values alternate */
export function headersOf(pairs: readonly string[]): RecordedHeaders {
  const headers: RecordedHeaders = {};
  for (let index = 0; index < pairs.length; index += 2) {
    const [name = '', value = ''] = pairs.slice(index, index + 2);
    const earlier = Object.hasOwn(headers, name) ? headers[name] : undefined;
    const now = earlier === undefined ? value : [earlier, value].flat();
    Object.defineProperty(headers, name, { value: now, enumerable: true, configurable: true, writable: true });
  }
  return headers;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // A crash, or a damaged disk, left half a line.
    return undefined;
  }
}

function isSpan(value: unknown): value is SpanLine {
  const { n, trace, span } = (value ?? {}) as Record<string, unknown>;
  return typeof n === 'number' && typeof trace === 'string' && typeof span === 'string';
}
