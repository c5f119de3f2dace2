import type { Difference, RecordedAnswer } from './traceApi.ts';

/** Headers that differ from one answer to the next, whatever a handler does. */
const VOLATILE = /^(date|content-length|server|traceparent|fusionizer-.*|x-nuclio-.*)$/i;
/** Whether a header says nothing about a difference of two answers. */
export const isVolatile = (header: string): boolean => VOLATILE.test(header);

/** How many differences are listed, and how much is shown of a value, in characters. */
const MOST = 100;
const SHOWN = 200;
/** Values that are nested deeper are compared as one text. */
const MAX_DEPTH = 50;

/** What differs between two answers: status, headers, and of JSON bodies each place. At most 100 differences. */
export function compareAnswers(before: RecordedAnswer, after: RecordedAnswer): Difference[] {
  const found: Difference[] = [];
  if (before.status !== after.status)
    found.push({ what: 'status', before: String(before.status), after: String(after.status) });
  compareHeaders(before, after, found);
  const [one, other] = [jsonOf(before), jsonOf(after)];
  if (one && other) compareValues('body', one.value, other.value, found, 0);
  else if (before.body !== after.body || before.encoding !== after.encoding || before.size !== after.size)
    found.push({ what: 'body', before: shown(before.body), after: shown(after.body) });
  return found.slice(0, MOST);
}

function compareHeaders(before: RecordedAnswer, after: RecordedAnswer, found: Difference[]): void {
  const [one, other] = [byName(before), byName(after)];
  for (const name of new Set([...one.keys(), ...other.keys()])) {
    const values = [one.get(name) ?? null, other.get(name) ?? null] as const;
    if (values[0] !== values[1])
      found.push({ what: `header:${name}`, before: shown(values[0]), after: shown(values[1]) });
  }
}

const byName = ({ headers }: RecordedAnswer): Map<string, string> =>
  new Map(
    Object.entries(headers).flatMap(([name, value]) =>
      isVolatile(name) ? [] : [[name.toLowerCase(), [value].flat().join(', ')] as const],
    ),
  );

function jsonOf({ body, encoding, truncated }: RecordedAnswer): { value: unknown } | undefined {
  if (encoding !== 'utf8' || truncated) return undefined;
  try {
    return { value: JSON.parse(body) };
  } catch {
    // Not JSON: compared as text.
    return undefined;
  }
}

function compareValues(place: string, before: unknown, after: unknown, found: Difference[], depth: number): void {
  if (found.length >= MOST || Object.is(before, after)) return;
  const isTree = typeof before === 'object' && typeof after === 'object' && before !== null && after !== null;
  if (!isTree || Array.isArray(before) !== Array.isArray(after) || depth === MAX_DEPTH) {
    const [one, other] = [textOf(before), textOf(after)];
    if (one !== other) found.push({ what: place, before: shown(one), after: shown(other) });
    return;
  }
  const [one, other] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  for (const key of new Set([...one.keys(), ...other.keys()])) {
    const inner = Array.isArray(before) ? `${place}[${key}]` : `${place}.${key}`;
    compareValues(inner, one.get(key), other.get(key), found, depth + 1);
  }
}

const textOf = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));

function shown(text: string): string;
function shown(text: string | null): string | null;
function shown(text: string | null): string | null {
  return text !== null && text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text;
}
