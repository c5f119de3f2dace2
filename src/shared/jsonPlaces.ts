/** Where a value or a key is in a JSON text. */
export interface JsonPlace {
  /** Keys and indexes from the outermost value. A key has the path of its value. */
  readonly path: readonly (string | number)[];
  readonly offset: number;
  readonly length: number;
  readonly isKey: boolean;
}

/** Strings, brackets, commas, colons, and numbers and words. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** An object or a list that is open. `at`: the key or index of the value that comes next. */
interface Open {
  readonly isList: boolean;
  readonly offset: number;
  at: string | number;
  awaitsKey: boolean;
}

/**
 * The values and keys of a text, inner ones before those around them.
 * @param text valid JSON
 * @param deepest the longest path that is of interest: a hostile text may be nested any number of times
 */
export function jsonPlaces(text: string, deepest: number): JsonPlace[] {
  const places: JsonPlace[] = [];
  const open: Open[] = [];
  const add = (offset: number, end: number, isKey: boolean): void => {
    if (open.length <= deepest) places.push({ path: open.map(({ at }) => at), offset, length: end - offset, isKey });
  };
  for (const { 0: token, index: offset } of text.matchAll(TOKEN)) {
    const last = open.at(-1);
    if (token === '{' || token === '[')
      open.push({ isList: token === '[', offset, at: token === '[' ? 0 : '', awaitsKey: token === '{' });
    else if (token === '}' || token === ']') {
      const ended = open.pop();
      if (ended) add(ended.offset, offset + 1, false);
    } else if (token === ',') {
      if (last?.isList) last.at = Number(last.at) + 1;
      else if (last) last.awaitsKey = true;
    } else if (token === ':') {
      if (last) last.awaitsKey = false;
    } else {
      const isKey = last?.awaitsKey === true && token.startsWith('"');
      if (isKey) last.at = String(JSON.parse(token));
      add(offset, offset + token.length, isKey);
    }
  }
  return places;
}

/** The seconds, setups, groups and names in the text of a schedule. */
export const schedulePlaces = (text: string): JsonPlace[] => jsonPlaces(text, 3);
