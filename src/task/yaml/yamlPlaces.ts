import { type Document, isAlias, isMap, isNode, isPair, isScalar, isSeq, type Pair, visit } from 'yaml';
import { readBuildCommands } from '../buildCommands.ts';
import type { FieldPath } from './nuclioFields.ts';

/** Where a path leads to in a document's text, in characters. */
export interface Place {
  /** The name of the field, the element of the list, or the part of a text; undefined if there is no such thing. */
  readonly exact: number | undefined;
  /** The field's value. If the field does not exist, the key that it belongs below. */
  readonly nearest: number;
}

/**
 * Finds a place in a configuration.
 * @param path the keys from the top; case does not matter, as in Nuclio. For an element of a list, its index, its
 *   `name`, or a part of its text, which may continue in the next elements.
 * @param text the document's text, if the path may end with a part of a text of several lines
 */
export function findPlace(document: Document, path: FieldPath, text?: string): Place {
  let node: unknown = document.contents;
  let place: Place = { exact: undefined, nearest: 0 };
  let above = 0;
  for (const [index, key] of path.entries()) {
    if (text !== undefined && isScalar(node) && node.range) {
      const [from, to] = node.range;
      const at = text.slice(from, to).indexOf(key);
      return at < 0 ? { exact: undefined, nearest: above } : { exact: from + at, nearest: from + at };
    }
    const [name, value] = innerOf(isAlias(node) ? node.resolve(document) : node, key, path[index + 1]);
    if (!isNode(value) || !value.range) return { exact: undefined, nearest: above };
    const [nearest] = value.range;
    above = isNode(name) && name.range ? name.range[0] : nearest;
    place = { exact: above, nearest };
    node = value;
  }
  return place;
}

/**
 * Finds a field of a map, or an element of a list. An element has no name: its key is its index, its `name`, or a part
 * of its text. A build command that continues in the next elements is the element with `part`, else the first one.
 */
function innerOf(node: unknown, key: string, part = ''): [name: unknown, value: unknown] {
  if (isSeq(node)) {
    // A number may also be a text, such as the build command 5.
    if (/^\d+$/.test(key) && Number(key) < node.items.length) return [undefined, node.items[Number(key)]];
    const whole = node.items.find((item) => says(item, key));
    if (whole !== undefined) return [undefined, whole];
    const pieces = piecesOf(node.items, key);
    return [undefined, pieces.find((item) => says(item, part)) ?? pieces[0]];
  }
  const pair = entryOf(node, key);
  return [pair?.key, pair?.value];
}

function says(item: unknown, key: string): boolean {
  if (isMap(item)) return item.get('name') === key;
  return isScalar(item) && String(item.value).includes(key);
}

/** The elements that a build command consists of, each but the last one ending with a backslash. */
function piecesOf(items: readonly unknown[], command: string): unknown[] {
  let from = 0;
  for (const [at, item] of items.entries()) {
    if (at < items.length - 1 && textOf(item).trimEnd().endsWith('\\')) continue;
    const pieces = items.slice(from, at + 1);
    if (readBuildCommands(pieces.map(textOf)).before[0] === command) return pieces;
    from = at + 1;
  }
  return [];
}

const textOf = (item: unknown): string => (isScalar(item) ? String(item.value) : '');

/**
 * Keys that a map has twice, and the offset of the second one in characters, which the parser reports. A merge key may
 * be there several times.
 */
export function repeatedKeys(document: Document): { path: FieldPath; place: number }[] {
  const places = new Set(document.errors.map(({ pos: [from] }) => from));
  const found: { path: FieldPath; place: number }[] = [];
  if (places.size === 0) return found;
  visit(document, {
    Pair: (_, pair, above) => {
      const place = isNode(pair.key) ? pair.key.range?.[0] : undefined;
      if (place === undefined || !places.has(place) || keyOf(pair) === '<<') return;
      const path = above.flatMap((one) => (isPair(one) ? [keyOf(one)] : []));
      found.push({ path: [...path, keyOf(pair)], place });
    },
  });
  return found;
}

/**
 * The entry of a map with this key. Case does not matter, as in Nuclio. If the key appears in two spellings, the exact
 * one counts.
 */
export function entryOf(map: unknown, key: string): Pair | undefined {
  if (!isMap(map)) return undefined;
  return (
    map.items.find((pair) => keyOf(pair) === key) ??
    map.items.find((pair) => keyOf(pair).toLowerCase() === key.toLowerCase())
  );
}

/** The value at these keys. */
export function valueAt(map: unknown, ...keys: string[]): unknown {
  return keys.reduce<unknown>((inner, key) => entryOf(inner, key)?.value, map);
}

export const keyOf = (pair: Pair): string => (isScalar(pair.key) ? String(pair.key.value) : '');

/** A place in a text, in characters. */
export type Span = readonly [from: number, to: number];

export function spanOf(node: unknown): Span | undefined {
  return isNode(node) && node.range ? [node.range[0], node.range[1]] : undefined;
}
