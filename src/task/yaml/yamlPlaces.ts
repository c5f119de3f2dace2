import { type Document, isAlias, isMap, isNode, isPair, isScalar, isSeq, type Pair, visit } from 'yaml';
import type { FieldPath } from './configKeys.ts';

/**
 * Where a field's value begins in the document's text, in characters; the key that it should be below where the field
 * is not there.
 */
export function placeOf(document: Document, path: FieldPath): number {
  let node: unknown = document.contents;
  let place = 0;
  let above = 0;
  for (const key of path) {
    const [name, value] = innerOf(isAlias(node) ? node.resolve(document) : node, key);
    if (!isNode(value) || !value.range) return above;
    place = value.range[0];
    above = isNode(name) && name.range ? name.range[0] : place;
    node = value;
  }
  return place;
}

/**
 * As it is written first: two spellings of one key may be there. An element of a list has no name; its key is its
 * place, or what it says: its `name`, or a part of its text.
 */
export function innerOf(node: unknown, key: string): [name: unknown, value: unknown] {
  if (isSeq(node))
    return [undefined, /^\d+$/.test(key) ? node.items[Number(key)] : node.items.find((item) => says(item, key))];
  const pair = entryOf(node, key);
  return [pair?.key, pair?.value];
}

function says(item: unknown, key: string): boolean {
  if (isMap(item)) return item.get('name') === key;
  return isScalar(item) && String(item.value).includes(key);
}

/** Keys that a map has twice, and where, in characters: the parser tells of the second one. */
export function repeatedKeys(document: Document): { path: FieldPath; place: number }[] {
  const places = new Set(document.errors.map(({ pos: [from] }) => from));
  const found: { path: FieldPath; place: number }[] = [];
  if (places.size === 0) return found;
  visit(document, {
    Pair: (_, pair, above) => {
      const place = isNode(pair.key) ? pair.key.range?.[0] : undefined;
      if (place === undefined || !places.has(place)) return;
      const path = above.flatMap((one) => (isPair(one) ? [keyOf(one)] : []));
      found.push({ path: [...path, keyOf(pair)], place });
    },
  });
  return found;
}

/**
 * The entry of a map with this key. Nuclio matches keys without regard to case; where a key stands there in two
 * spellings, the exact one counts.
 */
export function entryOf(map: unknown, key: string): Pair | undefined {
  if (!isMap(map)) return undefined;
  return (
    map.items.find((pair) => keyOf(pair) === key) ??
    map.items.find((pair) => keyOf(pair).toLowerCase() === key.toLowerCase())
  );
}

/** The value behind these keys. */
export function valueAt(map: unknown, ...keys: string[]): unknown {
  return keys.reduce<unknown>((inner, key) => entryOf(inner, key)?.value, map);
}

export const keyOf = (pair: Pair): string => (isScalar(pair.key) ? String(pair.key.value) : '');

/** A place in a text, in characters. */
export type Span = readonly [from: number, to: number];

export function spanOf(node: unknown): Span | undefined {
  return isNode(node) && node.range ? [node.range[0], node.range[1]] : undefined;
}
