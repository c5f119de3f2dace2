import type { Step } from './flowPlace.ts';

/** The part of JSON Schema that media/schemas/function.schema.json uses. */
export interface FieldSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly FieldSchema[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly additionalProperties?: FieldSchema | boolean;
  readonly items?: FieldSchema;
  readonly required?: readonly string[];
  readonly definitions?: Readonly<Record<string, FieldSchema>>;
  readonly allOf?: readonly { readonly if: FieldSchema; readonly then: FieldSchema }[];
  readonly deprecationMessage?: string;
  readonly defaultSnippets?: readonly Snippet[];
}

export interface Snippet {
  readonly label: string;
  readonly description?: string;
  readonly body: unknown;
}

/** A field's schema, and whether the name of its key is the user's own. */
export interface FoundField {
  readonly schema: FieldSchema;
  readonly isOwnName: boolean;
}

/** The schema of the value at a place. Case does not matter in keys. */
export function schemaAt(root: FieldSchema, steps: readonly Step[]): FoundField | undefined {
  let found: FoundField | undefined = { schema: root, isOwnName: false };
  for (const { key, beside } of steps) {
    const schema = resolved(found.schema, root);
    const next: FoundField | undefined =
      key === undefined ? schema.items && { schema: schema.items, isOwnName: false } : fieldOf(schema, key, beside);
    if (next === undefined) return undefined;
    found = { ...next, schema: resolved(next.schema, root) };
  }
  return found;
}

/** The fields that a map may have. @param values the texts of its fields, on which others depend */
export function fieldsOf(schema: FieldSchema, values: ReadonlyMap<string, string>): Record<string, FieldSchema> {
  const kind = (name: string): string | undefined =>
    [...values].find(([key]) => key.toLowerCase() === name)?.[1].replace(/^(["'])(.*)\1$/, '$2');
  const further = (schema.allOf ?? []).flatMap(({ if: condition, then }) =>
    Object.entries(condition.properties ?? {}).every(([key, { const: value }]) => kind(key) === value)
      ? [then.properties ?? {}]
      : [],
  );
  return Object.assign({}, schema.properties, ...further);
}

function fieldOf(schema: FieldSchema, key: string, beside: ReadonlyMap<string, string>): FoundField | undefined {
  const fields = fieldsOf(schema, beside);
  const name = Object.keys(fields).find((one) => one.toLowerCase() === key.toLowerCase());
  const own = name === undefined ? undefined : fields[name];
  if (own !== undefined) return { schema: own, isOwnName: false };
  return typeof schema.additionalProperties === 'object'
    ? { schema: schema.additionalProperties, isOwnName: true }
    : undefined;
}

const resolved = (schema: FieldSchema, root: FieldSchema): FieldSchema => {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : (root.definitions?.[name] ?? schema);
};

/** The types of a field's value, without null. */
export const typesOf = ({ type, anyOf = [] }: FieldSchema): string[] =>
  [type ?? anyOf.map((one) => one.type ?? [])].flat(3).filter((one) => one !== 'null') as string[];
