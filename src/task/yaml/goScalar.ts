/**
 * What a plain scalar means to go-yaml v2, with which Nuclio reads its configurations: YAML 1.1 without sexagesimal
 * numbers. https://pkg.go.dev/gopkg.in/yaml.v2, https://yaml.org/type/
 */

/** A scalar that is not text, and how it is written. Whole numbers are `bigint`, all others `number`. */
export class GoScalar {
  readonly value: null | boolean | bigint | number;
  readonly written: string;

  constructor(value: GoScalar['value'], written: string) {
    this.value = value;
    this.written = written;
  }

  /** The text that a Go field of type string gets of it; null leaves the field empty. */
  get text(): string {
    const { value } = this;
    if (value === null) return '';
    return typeof value === 'number' ? floatText(value) : String(value);
  }

  /** Its text as a key of a map; undefined for null, which cannot be one. */
  get key(): string | undefined {
    const { value } = this;
    if (value === null) return undefined;
    if (typeof value !== 'number') return String(value);
    if (!Number.isFinite(value)) return Number.isNaN(value) ? '.nan' : `${value > 0 ? '' : '-'}.inf`;
    return floatText(value);
  }
}

const WORDS = new Map<string, GoScalar['value']>([
  ...['y', 'Y', ...cases('yes'), ...cases('true'), ...cases('on')].map((word): [string, true] => [word, true]),
  ...['n', 'N', ...cases('no'), ...cases('false'), ...cases('off')].map((word): [string, false] => [word, false]),
  ...['', '~', ...cases('null')].map((word): [string, null] => [word, null]),
  ...['.nan', '.NaN', '.NAN'].map((word): [string, number] => [word, Number.NaN]),
  ...['.inf', '.Inf', '.INF'].flatMap((word): [string, number][] => [
    [word, Number.POSITIVE_INFINITY],
    [`+${word}`, Number.POSITIVE_INFINITY],
    [`-${word}`, Number.NEGATIVE_INFINITY],
  ]),
]);

const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
/** After a point at the start, digits may have underscores between them. */
const POINT_FIRST = /^\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?$/;
const INTEGER = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9][0-9]*)$/;
/** Of the types int64 and uint64. A larger whole number is read as a float. */
const LEAST = -(2n ** 63n);
const MOST = 2n ** 64n - 1n;

/**
 * The value of a plain scalar without a tag, or its text.
 * @param isInline in an inline configuration, which Nuclio reads with go-yaml v3: only `true` and `false` are booleans
 */
export function resolvePlain(text: string, isInline = false): GoScalar | string {
  const word = WORDS.get(text);
  if (word !== undefined && !(isInline && typeof word === 'boolean' && !/^(true|false)$/i.test(text)))
    return new GoScalar(word, text);
  const number = numberOf(text);
  return number === undefined ? text : new GoScalar(number, text);
}

function numberOf(text: string): bigint | number | undefined {
  if (text.startsWith('.')) return POINT_FIRST.test(text) ? Number(text.replaceAll('_', '')) : undefined;
  if (!/^[-+0-9]/.test(text)) return undefined;
  const plain = text.replaceAll('_', '');
  const [, sign = '', digits] = INTEGER.exec(plain) ?? [];
  if (digits !== undefined) {
    const size = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits.toLowerCase());
    const value = sign === '-' ? -size : size;
    if (value >= LEAST && value <= MOST && (sign === '' || size <= 2n ** 63n)) return value;
  }
  if (!FLOAT.test(plain)) return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}

/**
 * The value of a scalar with a tag of YAML's own, such as `!!int`.
 * @returns undefined if the text is not of that kind
 */
export function resolveTagged(tag: string, text: string): GoScalar | string | undefined {
  const kind = tag.replace(/^tag:yaml\.org,2002:/, '');
  if (kind === 'binary') return Buffer.from(text, 'base64').toString('utf8');
  if (!['int', 'float', 'bool', 'null'].includes(kind)) return text;
  const found = resolvePlain(text);
  if (typeof found === 'string') return undefined;
  const { value } = found;
  if (kind === 'float' && typeof value === 'bigint') return new GoScalar(Number(value), text);
  const kinds = { bigint: 'int', number: 'float', boolean: 'bool', object: 'null' } as const;
  return kinds[typeof value as keyof typeof kinds] === kind ? found : undefined;
}

/**
 * A float as that reader writes it: the shortest text with the same value in single precision, with an exponent below
 * 1e-4 and from 1e6 on (Go's `strconv.FormatFloat(value, 'g', -1, 32)`).
 */
function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  const single = Math.fround(value);
  if (!Number.isFinite(single)) return single > 0 ? '+Inf' : '-Inf';
  if (Object.is(single, -0)) return '-0';
  const short = shortest(single);
  const [digits = '0', power = '0'] = short.toExponential().split('e');
  const exponent = Number(power);
  if (short === 0 || (exponent >= -4 && exponent < 6)) return String(short);
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** The number with the fewest digits that is the same in single precision. */
function shortest(single: number): number {
  for (let precision = 1; precision < 9; precision += 1) {
    const short = Number(single.toPrecision(precision));
    if (Math.fround(short) === single) return short;
  }
  return Number(single.toPrecision(9));
}

function cases(word: string): string[] {
  const capital = word.slice(0, 1).toUpperCase();
  return [word, capital + word.slice(1), word.toUpperCase()];
}
