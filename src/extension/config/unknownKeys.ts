import { isMap, isSeq, type YAMLMap } from 'yaml';
import { type ConfigText, entryOf, keyOf, spanOf } from './configDocument.ts';
import type { ConfigProblem } from './configProblem.ts';
import { nearName } from './nearName.ts';

/** As much of JSON Schema as media/schemas/function.schema.json has of objects. */
export interface KeySchema {
  readonly $ref?: string;
  /** Begins with `complete` where all of Nuclio's keys are listed. */
  readonly $comment?: string;
  readonly properties?: Readonly<Record<string, KeySchema>>;
  readonly additionalProperties?: KeySchema | boolean;
  readonly items?: KeySchema;
  readonly definitions?: Readonly<Record<string, KeySchema>>;
  readonly allOf?: readonly { readonly if: KeySchema; readonly then: KeySchema }[];
  readonly const?: unknown;
}

/** Keys that Nuclio does not know, and so ignores without a word. */
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
      else if (known.properties !== undefined && key !== '<<') tell(pair.key, key, names, known);
    }
  };

  const tell = (node: unknown, key: string, names: readonly string[], { $comment }: KeySchema): void => {
    const meant = nearName(key, names);
    // Where not all keys are known, only what looks like a slip is told.
    if (meant === undefined && !$comment?.startsWith('complete')) return;
    const question =
      meant === undefined ? ': take it out, or move it to where it belongs' : `: did you mean '${meant}'?`;
    const fixes = meant === undefined ? [] : [{ kind: 'replace', text: meant } as const];
    problems.push(
      text.problem(
        spanOf(node),
        'warning',
        'unknown-key',
        `Nuclio knows no '${key}' here and ignores it${question}`,
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

/** What hangs on another key's value: the attributes of a trigger on its kind. */
function conditional(node: YAMLMap, { allOf = [] }: KeySchema): Readonly<Record<string, KeySchema>> {
  for (const { if: condition, then } of allOf) {
    const holds = Object.entries(condition.properties ?? {}).every(
      ([key, { const: value }]) => String(entryOf(node, key)?.value) === value,
    );
    if (holds) return then.properties ?? {};
  }
  return {};
}
