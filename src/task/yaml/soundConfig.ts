import { configSchema, type FunctionConfig, wordsOf } from './functionSchema.ts';
import type { FieldPath } from './nuclioFields.ts';

/** A field with an invalid value. */
export interface FieldFault {
  readonly path: FieldPath;
  /** Follows the field's name: `is 3: write ...`. */
  readonly message: string;
}

/** @returns the configuration, or its first fault */
export function parseConfig(value: unknown): { config: FunctionConfig } | { fault: FieldFault } {
  const parsed = configSchema.safeParse(value, { error: wordsOf });
  if (parsed.success) return { config: parsed.data };
  const [issue] = parsed.error.issues;
  const path = (issue?.path ?? []).map(String);
  return { fault: { path, message: withExample(path, issue?.message ?? 'is not valid') } };
}

/** Variables are often written as a map, as in other tools. */
function withExample(path: FieldPath, message: string): string {
  const isVariable = /^spec\.env(\.\d+(\.name)?)?$/.test(path.join('.'));
  return isVariable && / (is missing|text|a map|a list): /.test(` ${message}`)
    ? `${message}. A variable is an item '- {name: A, value: x}'`
    : message;
}

/**
 * Removes wrong fields until the rest is a valid configuration. This takes several rounds: the schema checks a field as
 * a whole only once its parts are valid.
 */
export function soundConfig(whole: unknown): { config: FunctionConfig; faults: FieldFault[] } {
  const value = structuredClone(whole);
  const faults: FieldFault[] = [];
  const reported = new Set<string>();
  const around = new Set<string>();
  const report = (path: FieldPath, message: string): void => {
    const above = path.map((_, index) => keyOf(path.slice(0, index)));
    // Skips a field that is reported already, or whose parts or surrounding fields are.
    if (around.has(keyOf(path)) || reported.has(keyOf(path)) || above.some((one) => reported.has(one))) return;
    reported.add(keyOf(path));
    for (const one of above) around.add(one);
    faults.push({ path, message });
  };
  for (let took = true; took; ) {
    took = false;
    const parsed = configSchema.safeParse(value, { error: wordsOf });
    if (parsed.success) return { config: parsed.data, faults };
    for (const issue of parsed.error.issues) {
      const path = issue.path.map(String);
      report(path, withExample(path, issue.message));
      if (takeOut(value, path)) took = true;
    }
  }
  return { config: configSchema.parse(withoutGaps(value)), faults };
}

const keyOf = (path: FieldPath): string => JSON.stringify(path);

/**
 * Removes a field or, if it does not exist, the field that should contain it. An element of a list leaves a gap, so
 * that the others keep their indexes.
 */
function takeOut(value: unknown, path: FieldPath): boolean {
  const [last] = path.slice(-1);
  if (last === undefined) return false;
  const holder = path
    .slice(0, -1)
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);
  if (holder === null || typeof holder !== 'object') return false;
  const fields = holder as Record<string, unknown>;
  if (Array.isArray(holder)) {
    if (fields[last] === undefined) return false;
    fields[last] = undefined;
    return true;
  }
  if (!(last in fields)) return takeOut(value, path.slice(0, -1));
  return delete fields[last];
}

function withoutGaps(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== undefined).map(withoutGaps);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutGaps(inner)]));
}
