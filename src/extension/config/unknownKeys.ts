import { isMap, isSeq, type YAMLMap } from 'yaml';
import { entryOf, keyOf, spanOf } from '../../task/yaml/yamlPlaces.ts';
import type { ConfigText } from './configDocument.ts';
import type { ConfigProblem } from './configProblem.ts';
import { nearName } from './nearName.ts';

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
}

/** Finds keys that Nuclio does not know and therefore ignores without a warning. */
export function unknownKeys(text: ConfigText, schema: KeySchema): ConfigProblem[] {
  const problems: ConfigProblem[] = [];

  const visit = (node: unknown, of: KeySchema | undefined): void => {
    const known = resolve(of, schema);
    if (known === undefined) return;
    if (isSeq(node)) for (const item of node.items) visit(item, known.items);
    if (!isMap(node)) return;
    const properties = { ...known.properties, ...conditional(node, known) };
    const names = Object.keys(properties);
    for (const pair of node.items) {
      const key = keyOf(pair);
      const name = names.find((one) => one.toLowerCase() === key.toLowerCase());
      if (name !== undefined) visit(pair.value, properties[name]);
      else if (typeof known.additionalProperties === 'object') visit(pair.value, known.additionalProperties);
      else if (known.properties !== undefined && key !== '<<') report(pair.key, key, names, known);
    }
  };

  const report = (node: unknown, key: string, names: readonly string[], { $comment }: KeySchema): void => {
    const meant = nearName(key, names);
    // Where not all keys are known, only a probable typing error is reported.
    if (meant === undefined && !$comment?.startsWith('complete')) return;
    const question = meant === undefined ? ': remove it, or move it to where it belongs' : `: did you mean '${meant}'?`;
    const fixes = meant === undefined ? [] : [{ kind: 'replace', text: meant } as const];
    problems.push(
      text.problem(
        spanOf(node),
        'warning',
        'unknown-key',
        `Nuclio does not know '${key}' here and ignores it${question}`,
        fixes,
      ),
    );
  };

  visit(text.root, schema);
  return problems;
}

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
