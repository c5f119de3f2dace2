import { type CST, Lexer, Parser } from 'yaml';

/** In levels. No configuration that a person writes is nested deeper. */
export const MAX_DEPTH = 100;

/**
 * In tokens: keys, values, colons, spaces, line breaks and the like. A field has five of them. The bound keeps the time
 * for reading a configuration below 100 ms, in which the server answers nobody.
 */
export const MAX_TOKENS = 12_000;

/** Whether YAML has more tokens than `MAX_TOKENS`. A text of many lines in a block scalar is one token. */
export function hasTooManyTokens(text: string): boolean {
  let count = 0;
  for (const _ of new Lexer().lex(text)) {
    count += 1;
    if (count > MAX_TOKENS) return true;
  }
  return false;
}

/** Signs of the lexer that are no text: the begin of a document, the end of a flow, a scalar that follows. */
const SIGNS: ReadonlySet<string> = new Set(['\u{2}', '\u{18}', '\u{1f}']);
const HEX = '[0-9a-fA-F]';
/** An escape in a text in double quotes; `wrong` for one that YAML does not know. */
const ESCAPE = new RegExp(
  String.raw`\\(?:[0abt\tnvfre "/\\N_LP\n]|\r\n|x${HEX}{2}|u${HEX}{4}|U(?:000${HEX}|0010)${HEX}{4}|(?<wrong>.|$))`,
  'gs',
);

/**
 * Finds the first escape that YAML does not know. The parser would report each of them, and a text may have 100,000.
 * @returns its place, in characters, and the escape
 */
export function wrongEscape(text: string): { place: number; escape: string } | undefined {
  let place = 0;
  for (const token of new Lexer().lex(text)) {
    if (token.startsWith('"'))
      for (const { index, groups } of token.matchAll(ESCAPE))
        if (groups?.['wrong'] !== undefined) return { place: place + index, escape: token.slice(index, index + 2) };
    if (!SIGNS.has(token)) place += token.length;
  }
  return undefined;
}

/**
 * Whether YAML (or JSON, which is YAML) is nested deeper than `MAX_DEPTH`. The parser of the package yaml is recursive,
 * and a stack overflow in the middle of it may end the process. Its first stage, used here, is not recursive.
 */
export function isNestedTooDeep(text: string): boolean {
  const parser = new Parser();
  for (const document of parser.parse(text)) {
    const open: [token: CST.Token, depth: number][] = [[document, 0]];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const [token, depth] = next;
      if (depth > MAX_DEPTH) return true;
      if (token.type === 'document' && token.value) open.push([token.value, depth]);
      if (!('items' in token)) continue;
      for (const { key, value } of token.items)
        for (const inner of [key, value]) if (inner) open.push([inner, depth + 1]);
    }
  }
  return false;
}
