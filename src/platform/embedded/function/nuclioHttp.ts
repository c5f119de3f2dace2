/**
 * Does to a request what Nuclio's http trigger (fasthttp) does before the handler sees it. The rules were observed on
 * Nuclio 1.14, see docs/differences.md.
 */

const MAX_CACHED = 2000;
const canonical = new Map<string, string>();

/** `x-custom-header` -> `X-Custom-Header`. */
export function canonicalHeader(name: string): string {
  const known = canonical.get(name);
  if (known !== undefined) return known;
  const made = name.toLowerCase().replace(/(^|-)([a-z])/g, (match) => match.toUpperCase());
  if (canonical.size < MAX_CACHED) canonical.set(name, made);
  return made;
}

/**
 * An object for names that clients choose. Its prototype has no properties: otherwise `__proto__` would set that
 * instead of a value. Objects of a constructor are written as JSON twice as fast as those of `Object.create(null)`.
 */
function Named() {}
Named.prototype = Object.create(null);
const named = (): Record<string, string> => new (Named as unknown as new () => Record<string, string>)();

/**
 * Raw headers (names and values in turns) as the handler sees them: with canonical names. The last one of a repeated
 * header wins.
 */
export function canonicalHeaders(raw: readonly string[]): Record<string, string> {
  const headers = named();
  for (let index = 0; index < raw.length; index += 2)
    headers[canonicalHeader(raw[index] ?? '')] = fromBytes(raw[index + 1] ?? '');
  return headers;
}

/** Node.js reads header values byte by byte. Handlers get them as UTF-8, as in Nuclio. */
function fromBytes(value: string): string {
  return /[\x80-\xff]/.test(value) ? Buffer.from(value, 'latin1').toString('utf8') : value;
}

/** Header values go out as UTF-8, which Node.js writes byte by byte. */
export function toBytes(value: string): string {
  return /[^\0-\x7f]/.test(value) ? Buffer.from(value, 'utf8').toString('latin1') : value;
}

/** Percent-decodes as UTF-8. A malformed escape stays as it is. */
function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    const bytes = text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    return Buffer.from(bytes, 'latin1').toString('utf8');
  }
}

/** `/a%20b/..//c` -> `/c`. */
export function normalisePath(raw: string): string {
  if (!raw.includes('%') && !raw.includes('//') && !raw.includes('/.')) return raw === '' ? '/' : raw;
  const parts: string[] = [];
  const decoded = decode(raw);
  const segments = decoded.split('/');
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1;
    if (segment === '..') parts.pop();
    // fasthttp removes `/./` but keeps a `/.` at the end.
    else if (segment !== '' && (segment !== '.' || last)) parts.push(segment);
    if (last && (segment === '' || segment === '..') && parts.length > 0) parts.push('');
  }
  return `/${parts.join('/')}`;
}

/** The query's fields. The last one of a repeated field wins. */
export function queryFields(query: string): Record<string, string> {
  const fields = named();
  for (const pair of query.split('&')) {
    if (pair === '' || pair === '=') continue;
    const equals = pair.indexOf('=');
    const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
    fields[decode(name.replaceAll('+', ' '))] = decode(value.replaceAll('+', ' '));
  }
  return fields;
}
