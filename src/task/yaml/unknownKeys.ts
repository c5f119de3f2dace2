import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import { nearName } from './nearName.ts';
import { entryOf, keyOf, type Span, spanOf } from './yamlPlaces.ts';

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
  readonly span: Span | undefined;
  readonly message: string;
  /** The key or value that was probably meant. */
  readonly meant: string | undefined;
}

/** How much of a key a message quotes, in characters. Longer ones resemble none of Nuclio's. */
const MAX_SHOWN = 60;
/** How many unknown keys are searched for what they may mean. A text with more is probably not a function.yaml. */
const MOST = 100;

/**
 * Finds keys that Nuclio does not know and therefore ignores without a warning, and unknown values of keys such as a
 * trigger's `mode`.
 */
export function unknownKeys(root: unknown, schema: KeySchema): UnknownKey[] {
  const found: UnknownKey[] = [];
  let searched = 0;

  const visit = (node: unknown, of: KeySchema | undefined): void => {
    const known = resolve(of, schema);
    if (known === undefined || searched > MOST) return;
    if (isSeq(node)) for (const item of node.items) visit(item, known.items);
    if (!isMap(node)) return;
    const properties = { ...known.properties, ...conditional(node, known) };
    const names = new Map(Object.keys(properties).map((name) => [name.toLowerCase(), name]));
    for (const pair of node.items) {
      if (searched > MOST) return;
      const key = keyOf(pair);
      const name = names.get(key.toLowerCase());
      if (name !== undefined) {
        checkValue(pair.value, name, properties[name]);
        visit(pair.value, properties[name]);
      } else if (typeof known.additionalProperties === 'object') visit(pair.value, known.additionalProperties);
      else if (known.properties !== undefined && key !== '<<') report(pair.key, key, properties, known);
    }
  };

  const checkValue = (node: unknown, key: string, { enum: values }: KeySchema = {}): void => {
    // Nothing, and an empty text, are values that are not set.
    if (values === undefined || !isScalar(node) || node.value === null || node.value === '') return;
    if (values.includes(node.value)) return;
    searched += 1;
    const known = values.filter((value): value is string => typeof value === 'string' && value !== '');
    const value = String(node.value).slice(0, MAX_SHOWN);
    const meant = nearName(value, known);
    const hint = meant === undefined ? `it has ${known.join(', ')}` : `did you mean '${meant}'?`;
    found.push({ span: spanOf(node), message: `Nuclio does not know '${value}' as ${key}: ${hint}`, meant });
  };

  const report = (
    node: unknown,
    key: string,
    properties: Readonly<Record<string, KeySchema>>,
    { $comment }: KeySchema,
  ): void => {
    searched += 1;
    if (searched > MOST) return;
    const meant = key.length > MAX_SHOWN ? undefined : nearName(key, Object.keys(properties));
    // Where not all keys are known, only a probable typing error is reported.
    if (meant === undefined && !$comment?.startsWith('complete')) return;
    const advice = isAttribute(key, properties)
      ? 'move it into attributes'
      : 'remove it, or move it to where it belongs';
    const question = meant === undefined ? `: ${advice}` : `: did you mean '${meant}'?`;
    const shown = key.length > MAX_SHOWN ? `${key.slice(0, MAX_SHOWN)}...` : key;
    found.push({
      span: spanOf(node),
      message: `Nuclio does not know '${shown}' here and ignores it${question}`,
      meant,
    });
  };

  visit(root, schema);
  return found;
}

/** Whether a key of a trigger is one of its attributes. */
const isAttribute = (key: string, { attributes }: Readonly<Record<string, KeySchema>>): boolean =>
  Object.hasOwn(attributes?.properties ?? {}, key);

function resolve(schema: KeySchema | undefined, root: KeySchema): KeySchema | undefined {
  const name = schema?.$ref?.split('/').at(-1);
  return name === undefined ? schema : root.definitions?.[name];
}

/** Keys that depend on another key's value, as a trigger's attributes depend on its kind. */
function conditional(node: YAMLMap, { allOf = [] }: KeySchema): Readonly<Record<string, KeySchema>> {
  for (const { if: condition, then } of allOf) {
    const holds = Object.entries(condition.properties ?? {}).every(
      ([key, { const: value }]) => String(entryOf(node, key)?.value) === value,
    );
    if (holds) return then.properties ?? {};
  }
  return {};
}
