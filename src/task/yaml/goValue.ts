import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { anchorsOf } from './anchors.ts';
import { GoScalar, resolvePlain, resolveTagged } from './goScalar.ts';
import { MAX_DEPTH } from './yamlNesting.ts';

/**
 * The value that Nuclio's reader (sigs.k8s.io/yaml over go-yaml v2) gets of a document: of a repeated key the last one
 * counts, merge keys take part in the order of the text, and all keys are text.
 * https://pkg.go.dev/sigs.k8s.io/yaml, https://yaml.org/type/merge.html
 */

/** A value in the document. Scalars that are not text keep how they are written. */
export type GoValue = string | GoScalar | GoValue[] | Map<string, GoValue>;

/** Something about a document, and its place in the text, in characters. */
export interface PlacedMessage {
  readonly place: number;
  /** By default, the end of the line. */
  readonly end?: number | undefined;
  readonly message: string;
}

/** A document that has no value. */
export class NoValueError extends Error {
  /** In characters; undefined if it has no single place. */
  readonly place: number | undefined;

  constructor(place: number | undefined, message: string) {
    super(message);
    this.place = place;
  }
}

/** How many values aliases may add. */
const MAX_ALIASED = 100_000;

/**
 * @param warn is called for what is legal, but surprises
 * @param isInline for an inline configuration, which Nuclio reads with go-yaml v3: there, `yes` and `on` are text, and
 *   a merge key replaces nothing
 * @throws NoValueError
 */
export function goValue(document: Document, warn: (warning: PlacedMessage) => void, isInline = false): GoValue {
  return new Converter(document, warn, isInline).convert(document.contents);
}

class Converter {
  readonly #warn: (warning: PlacedMessage) => void;
  readonly #isInline: boolean;
  /** The aliases around the current value. */
  readonly #open = new Set<Node>();
  readonly #anchors: ReadonlyMap<Alias, Node>;
  #aliased = 0;

  constructor(document: Document, warn: (warning: PlacedMessage) => void, isInline: boolean) {
    this.#warn = warn;
    this.#isInline = isInline;
    this.#anchors = anchorsOf(document.contents);
  }

  convert(node: unknown): GoValue {
    this.#count();
    if (isAlias(node)) return this.#within(node, (target) => this.convert(target));
    if (isMap(node)) {
      const map = new Map<string, GoValue>();
      this.#fill(map, node);
      return map;
    }
    if (isSeq(node)) return node.items.map((item) => this.convert(item));
    return isScalar(node) ? scalarValue(node, this.#isInline) : new GoScalar(null, '');
  }

  #fill(map: Map<string, GoValue>, { items }: YAMLMap): void {
    const own = new Set<string>();
    for (const { key, value } of items) {
      if (isMergeKey(key)) {
        const merged = new Map<string, GoValue>();
        // The first of a list counts.
        for (const source of isSeq(value) ? [...value.items].reverse() : [value]) this.#merge(merged, source);
        const replaced = this.#isInline ? [] : [...merged.keys()].filter((name) => own.has(name));
        for (const [name, inner] of merged) if (!this.#isInline || !own.has(name)) map.set(name, inner);
        if (replaced.length > 0) this.#warnOfReplaced(replaced, key);
        continue;
      }
      const name = this.#keyOf(key);
      own.add(name);
      map.set(name, this.convert(value));
    }
  }

  #merge(into: Map<string, GoValue>, source: unknown): void {
    this.#count();
    if (isAlias(source)) this.#within(source, (target) => this.#merge(into, target));
    else if (isMap(source)) this.#fill(into, source);
    else throw new NoValueError(placeOf(source), "a merge key ('<<') takes a map, or a list of maps");
  }

  #warnOfReplaced(names: readonly string[], key: unknown): void {
    const message =
      `the merge key ('<<') replaces ${names.map((name) => `'${name}'`).join(', ')} above it, as in Nuclio: ` +
      'write the merge key first, if you mean the other value';
    this.#warn({ place: placeOf(key) ?? 0, end: endOf(key), message });
  }

  #keyOf(key: unknown): string {
    const value = isScalar(key) ? scalarValue(key, this.#isInline) : isAlias(key) ? this.convert(key) : undefined;
    if (typeof value === 'string') return value;
    const text = value instanceof GoScalar ? value.key : undefined;
    if (text === undefined || !(value instanceof GoScalar))
      throw new NoValueError(placeOf(key), `a key is ${isScalar(key) ? 'empty' : 'a list or a map'}: write text`);
    if (text !== value.written) {
      const message = `Nuclio reads the key ${value.written} as '${text}': put it in quotes if you mean the text`;
      this.#warn({ place: placeOf(key) ?? 0, end: endOf(key), message });
    }
    return text;
  }

  #within<T>(alias: Alias, use: (target: Node) => T): T {
    const target = this.#anchors.get(alias);
    if (target === undefined) throw new NoValueError(placeOf(alias), `there is no anchor '&${alias.source}' above it`);
    if (this.#open.has(target))
      throw new NoValueError(placeOf(alias), 'an alias in it leads back to itself; write the value instead');
    if (this.#open.size === MAX_DEPTH)
      throw new NoValueError(placeOf(alias), `its aliases lead to each other more than ${MAX_DEPTH} times`);
    this.#open.add(target);
    try {
      return use(target);
    } finally {
      this.#open.delete(target);
    }
  }

  #count(): void {
    if (this.#open.size > 0) this.#aliased += 1;
    if (this.#aliased > MAX_ALIASED)
      throw new NoValueError(undefined, 'its aliases expand to too many values; write the values instead');
  }
}

/** The value of a scalar by itself. @throws NoValueError for a tag that its text does not fit */
export function scalarValue(node: Scalar, isInline = false): string | GoScalar {
  const text = node.source ?? String(node.value ?? '');
  if (node.tag !== undefined) {
    const tagged = resolveTagged(node.tag, text);
    if (tagged === undefined)
      throw new NoValueError(placeOf(node), `the text does not fit its tag ${node.tag.replace(/^.*:/, '!!')}`);
    return tagged;
  }
  return node.type === undefined || node.type === 'PLAIN' ? resolvePlain(text, isInline) : text;
}

export const isMergeKey = (key: unknown): boolean =>
  isScalar(key) && key.source === '<<' && (key.tag === undefined ? key.type === 'PLAIN' : /:merge$/.test(key.tag));

const endOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[1] : undefined);
const placeOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);
