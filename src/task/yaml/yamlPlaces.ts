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
  if (!isMap(node)) return [undefined, undefined];
  const pair =
    node.items.find((one) => nameOf(one) === key) ??
    node.items.find((one) => nameOf(one).toLowerCase() === key.toLowerCase());
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
      const path = above.flatMap((one) => (isPair(one) ? [nameOf(one)] : []));
      found.push({ path: [...path, nameOf(pair)], place });
    },
  });
  return found;
}

const nameOf = (pair: Pair): string => (isScalar(pair.key) ? String(pair.key.value) : '');
