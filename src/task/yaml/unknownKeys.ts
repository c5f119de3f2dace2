import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { nearName } from '../../shared/nearName.ts';
import { anchorsOf } from './anchors.ts';
import { isMergeKey } from './goValue.ts';
import { entryOf, type Span, spanOf } from './yamlPlaces.ts';

/** The part of JSON Schema that media/schemas/function.schema.json uses for objects. */
export interface KeySchema {
  readonly $ref?: string;
  /** Begins with `complete` if all of Nuclio's keys are listed. */
  readonly $comment?: string;
  readonly properties?: Readonly<Record<string, KeySchema>>;
  readonly additionalProperties?: KeySchema | boolean;
  readonly items?: KeySchema;
  readonly definitions?: Readonly<Record<string, KeySchema>>;
  readonly allOf?: readonly { readonly if: KeySchema; readonly then: KeySchema }[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
}

/** A key, or a value of a key that has only some, that Nuclio does not know. */
export interface UnknownKey {
  /** As it is written. */
  readonly key: string;
  readonly span: Span | undefined;
  readonly message: string;
  /** The key or value that was probably meant; undefined for a key, too, that is there already. */
  readonly meant: string | undefined;
  readonly node: unknown;
}

/** How much of a key a message quotes, in characters. Longer ones resemble none of Nuclio's. */
const MAX_SHOWN = 60;
/** How many unknown keys are searched for what they may mean. A text with more is probably not a function.yaml. */
const MOST = 100;
/** How many nodes are visited. Aliases of aliases may stand for very many. */
const MAX_VISITED = 20_000;

/** What a map may have. */
interface KnownKeys {
  readonly known: KeySchema;
  readonly properties: Readonly<Record<string, KeySchema>>;
  /** The names of the properties by their lower case. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Finds keys that Nuclio does not know and therefore ignores without a warning, and unknown values of keys such as a
 * trigger's `mode`. Aliases and merge keys are followed; what is wrong there is reported once, where it is written.
 */
export function unknownKeys(root: unknown, schema: KeySchema): UnknownKey[] {
  const search = new KeySearch(root, schema);
  search.visit(root, schema);
  return search.found;
}

class KeySearch {
  readonly found: UnknownKey[] = [];
  readonly #schema: KeySchema;
  readonly #anchors: ReadonlyMap<Alias, Node>;
  /** The nodes that aliases name. */
  readonly #aliased: ReadonlySet<Node>;
  /** The nodes around the current one. */
  readonly #open = new Set<unknown>();
  /** The keys and values that were searched for what they may mean. */
  readonly #searched = new Set<unknown>();
  #visited = 0;

  constructor(root: unknown, schema: KeySchema) {
    this.#schema = schema;
    this.#anchors = anchorsOf(root);
    this.#aliased = new Set(this.#anchors.values());
  }

  visit(written: unknown, of: KeySchema | undefined): void {
    const known = resolve(of, this.#schema);
    if (known === undefined) return;
    this.#within(written, (node) => {
      if (isSeq(node)) for (const item of node.items) this.visit(item, known.items);
      if (!isMap(node)) return;
      const properties = { ...known.properties, ...conditional((key) => this.#valueAt(node, key), known) };
      const names = new Map(Object.keys(properties).map((name) => [name.toLowerCase(), name]));
      this.#visitMap(node, { known, properties, names });
    });
  }

  /** Visits what a map has itself, and what it merges. */
  #visitMap(map: YAMLMap, of: KnownKeys): void {
    const { known, properties, names } = of;
    for (const { key: written, value } of map.items) {
      if (this.#searched.size > MOST) return;
      if (isMergeKey(written)) {
        this.#withMerged(value, (merged) => this.#visitMap(merged, of));
        continue;
      }
      const node = this.#target(written);
      const key = isScalar(node) ? String(node.value) : '';
      const name = names.get(key.toLowerCase());
      if (name !== undefined) {
        this.#checkValue(value, name, properties[name]);
        this.visit(value, properties[name]);
      } else if (typeof known.additionalProperties === 'object') this.visit(value, known.additionalProperties);
      // A key whose value has aliases is there for their sake.
      else if (known.properties !== undefined && !this.#aliased.has(value as Node)) this.#report(written, key, of, map);
    }
  }

  #target(node: unknown): unknown {
    return isAlias(node) ? this.#anchors.get(node) : node;
  }

  /** Follows an alias, unless it leads back to itself or aliases expand to too much. */
  #within(node: unknown, use: (target: unknown) => void): void {
    this.#visited += 1;
    const target = this.#target(node);
    if (this.#visited > MAX_VISITED || this.#open.has(target)) return;
    this.#open.add(target);
    use(target);
    this.#open.delete(target);
  }

  /** @param value of a merge key: a map, or a list of maps */
  #withMerged(value: unknown, use: (map: YAMLMap) => void): void {
    for (const source of isSeq(value) ? value.items : [value])
      this.#within(source, (map) => {
        if (isMap(map)) use(map);
      });
  }

  /** The value of a key of a map, its own or a merged one. */
  #valueAt(map: YAMLMap, key: string): unknown {
    let value = this.#target(entryOf(map, key)?.value);
    for (const pair of map.items) {
      if (value !== undefined) break;
      if (isMergeKey(pair.key))
        this.#withMerged(pair.value, (merged) => {
          value ??= this.#valueAt(merged, key);
        });
    }
    return value;
  }

  #checkValue(written: unknown, key: string, { enum: values }: KeySchema = {}): void {
    const node = this.#target(written);
    // Nothing, and an empty text, are values that are not set.
    if (values === undefined || !isScalar(node) || node.value === null || node.value === '') return;
    if (values.includes(node.value) || this.#searched.has(node)) return;
    this.#searched.add(node);
    const known = values.filter((value): value is string => typeof value === 'string' && value !== '');
    const value = String(node.value).slice(0, MAX_SHOWN);
    const meant = nearName(value, known);
    const hint = meant === undefined ? `it has ${known.join(', ')}` : `did you mean '${meant}'?`;
    this.found.push({
      node,
      key: value,
      span: spanOf(node),
      message: `Nuclio does not know '${value}' as ${key}: ${hint}`,
      meant,
    });
  }

  #report(node: unknown, key: string, { properties, known: { $comment } }: KnownKeys, map: YAMLMap): void {
    if (this.#searched.has(node)) return;
    this.#searched.add(node);
    if (this.#searched.size > MOST) return;
    const meant = key.length > MAX_SHOWN ? undefined : nearName(key, Object.keys(properties));
    // Where not all keys are known, only a probable typing error is reported.
    if (meant === undefined && !$comment?.startsWith('complete')) return;
    const holder = holderOf(key, properties);
    const advice = holder === undefined ? 'remove it, or move it to where it belongs' : `move it into ${holder}`;
    const isThere = meant !== undefined && entryOf(map, meant) !== undefined;
    const more = isThere ? ' It is there already: remove this one' : '';
    const question = meant === undefined ? `: ${advice}` : `: did you mean '${meant}'?${more}`;
    const shown = key.length > MAX_SHOWN ? `${key.slice(0, MAX_SHOWN)}...` : key;
    this.found.push({
      node,
      key,
      span: spanOf(node),
      message: `Nuclio does not know '${shown}' here and ignores it${question}`,
      meant: isThere ? undefined : meant,
    });
  }
}

/** The key beside it that it belongs below: a field of spec at the top level, an attribute of a trigger. */
const holderOf = (key: string, properties: Readonly<Record<string, KeySchema>>): string | undefined =>
  ['spec', 'attributes'].find((holder) => Object.hasOwn(properties[holder]?.properties ?? {}, key));

function resolve(schema: KeySchema | undefined, root: KeySchema): KeySchema | undefined {
  const name = schema?.$ref?.split('/').at(-1);
  return name === undefined ? schema : root.definitions?.[name];
}

/** Keys that depend on another key's value, as a trigger's attributes depend on its kind. */
function conditional(
  valueAt: (key: string) => unknown,
  { allOf = [] }: KeySchema,
): Readonly<Record<string, KeySchema>> {
  for (const { if: condition, then } of allOf) {
    const holds = Object.entries(condition.properties ?? {}).every(
      ([key, { const: value }]) => String(valueAt(key)) === value,
    );
    if (holds) return then.properties ?? {};
  }
  return {};
}
