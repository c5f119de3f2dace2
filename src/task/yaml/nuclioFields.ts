import { isSecretName } from '../../shared/secretNames.ts';
import { GoScalar } from './goScalar.ts';
import type { GoValue } from './goValue.ts';

/** The place of a field in a function.yaml: keys, and indexes in lists from 0. */
export type FieldPath = readonly string[];

/**
 * What a field of Nuclio's configuration holds. Nuclio decodes text fields from numbers and booleans, too, finds the
 * keys of its own structures in any case (Go's encoding/json), and takes null for a field that is not there.
 */
type FieldType =
  | 'text'
  /** A number, a boolean, or anything at all. */
  | 'any'
  | { readonly fields: Readonly<Record<string, FieldType>> }
  | { readonly map: FieldType }
  | { readonly list: FieldType };

/** The keys that are read here. All others are kept as they are. */
const TRIGGER: FieldType = {
  fields: {
    kind: 'text',
    name: 'text',
    class: 'text',
    url: 'text',
    username: 'text',
    password: 'text',
    secret: 'text',
    workerTerminationTimeout: 'text',
    disabled: 'any',
    numWorkers: 'any',
    maxWorkers: 'any',
    workerAvailabilityTimeoutMilliseconds: 'any',
    annotations: { map: 'text' },
    attributes: { map: 'any' },
  },
};
const CONFIG: FieldType = {
  fields: {
    metadata: {
      fields: { name: 'text', namespace: 'text', labels: { map: 'text' }, annotations: { map: 'text' } },
    },
    spec: {
      fields: {
        description: 'text',
        runtime: 'text',
        handler: 'text',
        eventTimeout: 'text',
        env: { list: { fields: { name: 'text', value: 'text', valueFrom: 'any' } } },
        build: {
          fields: {
            commands: { list: 'text' },
            directives: 'any',
            functionSourceCode: 'text',
            codeEntryType: 'text',
            baseImage: 'text',
            image: 'text',
            registry: 'text',
          },
        },
        triggers: { map: TRIGGER },
        resources: { fields: { limits: { map: 'any' }, requests: { map: 'any' } } },
        minReplicas: 'any',
        maxReplicas: 'any',
        replicas: 'any',
        readinessTimeoutSeconds: 'any',
        disableDefaultHTTPTrigger: 'any',
        disable: 'any',
        envFrom: 'any',
      },
    },
  },
};

/** Receives what is found in a configuration. */
export interface FieldReports {
  /** @param atKey whether the key is at fault, and not its value */
  fault(path: FieldPath, message: string, atKey?: boolean): void;
  warn(path: FieldPath, message: string): void;
}

/**
 * A configuration's value as plain data: known keys have their usual spelling, text fields hold text, and fields with
 * null are left out. A key that appears in two spellings is a fault: the first one is kept, but its author may mean the
 * other one.
 */
export function nuclioFields(value: GoValue, reports: FieldReports): unknown {
  return fieldOf(value, CONFIG, [], reports);
}

function fieldOf(value: GoValue, type: FieldType, path: FieldPath, reports: FieldReports): unknown {
  if (value instanceof GoScalar) return scalarOf(value, type, path, reports);
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) {
    const inner = typeof type === 'object' && 'list' in type ? type.list : 'any';
    return value.map((item, index) => itemOf(item, inner, [...path, String(index)], reports));
  }
  return Object.fromEntries(
    typeof type === 'object' && 'fields' in type
      ? structEntries(value, type.fields, path, reports)
      : mapEntries(value, typeof type === 'object' && 'map' in type ? type.map : 'any', path, reports),
  );
}

/** @param owner the name of the variable whose value it is; a secret is not quoted */
function scalarOf(
  { value, text, written }: GoScalar,
  type: FieldType,
  path: FieldPath,
  reports: FieldReports,
  owner = path.at(-1) ?? '',
): unknown {
  if (value === null) return null;
  if (type === 'text') {
    if (text !== written) {
      const what = typeof value === 'boolean' ? text : isSecretName(owner) ? 'a number' : `the number ${text}`;
      reports.warn(path, `${path.join('.')} is ${what} to Nuclio, and not the text as written: put it in quotes`);
    }
    return text;
  }
  if (typeof value === 'number' && !Number.isFinite(value))
    reports.fault(path, `${path.join('.')} is ${written}, which Nuclio refuses: write a number`);
  return typeof value === 'bigint' ? Number(value) : value;
}

/** An item of a list, or a value of a map. There, null is the empty value of the type. */
function itemOf(value: GoValue, type: FieldType, path: FieldPath, reports: FieldReports): unknown {
  const field = fieldOf(value, type, path, reports);
  if (field !== null) return field;
  if (type === 'text') return '';
  return type === 'any' ? null : {};
}

type Entries = [key: string, value: unknown][];

function structEntries(
  value: ReadonlyMap<string, GoValue>,
  fields: Readonly<Record<string, FieldType>>,
  path: FieldPath,
  reports: FieldReports,
): Entries {
  const names = new Map(Object.keys(fields).map((name) => [name.toLowerCase(), name]));
  const spellings = new Map<string, string>();
  return [...value].flatMap(([key, inner]): Entries => {
    const name = names.get(key.toLowerCase());
    const at = [...path, key];
    if (name === undefined) return [[key, fieldOf(inner, 'any', at, reports)]];
    const other = spellings.get(name);
    spellings.set(name, key);
    if (other !== undefined) {
      reports.fault(at, `'${other}' and '${key}' are the same field: keep one of them`, true);
      return [];
    }
    const type = fields[name] ?? 'any';
    const isVariable = name === 'value' && inner instanceof GoScalar;
    const field = isVariable
      ? scalarOf(inner, type, at, reports, variableName(value))
      : fieldOf(inner, type, at, reports);
    return field === null ? [] : [[name, field]];
  });
}

/** The name of an item of spec.env. */
function variableName(item: ReadonlyMap<string, GoValue>): string | undefined {
  const name = [...item].find(([key]) => key.toLowerCase() === 'name')?.[1];
  return typeof name === 'string' ? name : undefined;
}

function mapEntries(
  value: ReadonlyMap<string, GoValue>,
  type: FieldType,
  path: FieldPath,
  reports: FieldReports,
): Entries {
  return [...value].flatMap(([key, inner]): Entries => {
    const item = itemOf(inner, type, [...path, key], reports);
    return item === null ? [] : [[key, item]];
  });
}
