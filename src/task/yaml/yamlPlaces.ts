import { type Document, isAlias, isCollection, isMap, isNode, isPair, isScalar, isSeq, type Pair, visit } from 'yaml';
import { readBuildCommands } from '../buildCommands.ts';
import type { FieldPath } from './nuclioFields.ts';

/**
 * The place of the name of a field, of the element of a list, or of a part of a text, in characters; undefined if there
 * is no such thing.
 * @param path the keys from the top; case does not matter, as in Nuclio. For an element of a list, its index, its
 *   `name`, or a part of its text, which may continue in the next elements.
 * @param text the document's text, as the path may end with a part of a text of several lines
 */
export function exactPlace(document: Document, path: FieldPath, text: string): number | undefined {
  let node: unknown = document.contents;
  let place: number | undefined;
  for (const [index, key] of path.entries()) {
    if (isScalar(node) && node.range) {
      const [from, to] = node.range;
      const at = text.slice(from, to).indexOf(key);
      return at < 0 ? undefined : from + at;
    }
    const [name, value] = innerOf(isAlias(node) ? node.resolve(document) : node, key, path[index + 1]);
    if (!isNode(value) || !value.range) return undefined;
    place = isNode(name) && name.range ? name.range[0] : value.range[0];
    node = value;
  }
  return place;
}

/**
 * The place of a field in the document's text, which messages name and editors mark: its value, if that is written
 * beside its key. Else it is the key: the value is below it, empty, or not there, which is said of the key above.
 * @param atKey always the key, if the field has one
 */
export function fieldSpan(document: Document, path: FieldPath, atKey = false): Span {
  let node: unknown = document.contents;
  let span: Span = [0, 0];
  for (const [index, key] of path.entries()) {
    const [name, value] = innerOf(isAlias(node) ? node.resolve(document) : node, key);
    if (name === undefined && value === undefined) return span;
    const own = spanOf(name) ?? firstSpan(value);
    const beside = index === path.length - 1 && !atKey ? besideKey(value) : undefined;
    span = beside ?? own ?? span;
    node = value;
  }
  return span;
}

/** The place of a value that is neither empty nor written on lines of its own. */
function besideKey(value: unknown): Span | undefined {
  const span = spanOf(value);
  if (span === undefined || span[0] === span[1]) return undefined;
  return isCollection(value) && value.flow !== true ? undefined : span;
}

/** The first key or item of an element of a list that has several. */
function firstSpan(element: unknown): Span | undefined {
  if (!isCollection(element) || element.flow === true) return spanOf(element);
  const [first] = element.items;
  return firstSpan(isPair(first) ? first.key : first) ?? spanOf(element);
}

/**
 * Finds a field of a map, or an element of a list. An element has no name: its key is its index, its `name`, or a part
 * of its text. A build command that continues in the next elements is the element with `part`, else the first one.
 */
export function innerOf(node: unknown, key: string, part = ''): [name: unknown, value: unknown] {
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

/** Keys that a map has twice, and the place of the second one. A merge key may be there several times. */
export function repeatedKeys(document: Document): { path: FieldPath; span: Span }[] {
  const places = new Set(document.errors.map(({ pos: [from] }) => from));
  const found: { path: FieldPath; span: Span }[] = [];
  if (places.size === 0) return found;
  visit(document, {
    Pair: (_, pair, above) => {
      const span = spanOf(pair.key);
      if (span === undefined || !places.has(span[0]) || keyOf(pair) === '<<') return;
      const path = above.flatMap((one) => (isPair(one) ? [keyOf(one)] : []));
      found.push({ path: [...path, keyOf(pair)], span });
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
