import { isNode, LineCounter, parseDocument } from 'yaml';
import { FusionizerError } from './errors.ts';
import { configSchema, type FunctionConfig, wordsOf } from './functionSchema.ts';
import { isNestedTooDeep, MAX_DEPTH } from './yamlNesting.ts';

export type { EnvVariable, FunctionConfig, FunctionSpec, Trigger } from './functionSchema.ts';

/** Of a function.yaml, in characters: parsing takes the server's time. */
const MAX_LENGTH = 256 * 1024;

/** Besides http and cron: the other kinds that a processor of Nuclio 1.14 has. */
export const OTHER_TRIGGER_KINDS: ReadonlySet<string> = new Set(
  'kafka-cluster kinesis eventhub mqtt iotCoreMqtt nats rabbit-mq pubsub v3ioStream v3ioItemPoller kickstart'.split(' '),
);

/** Nuclio matches keys without regard to case (Go's encoding/json); these are the ones that we read ourselves. */
const KNOWN_KEYS = new Map(
  [
    'metadata spec name labels annotations runtime handler env value valueFrom build commands triggers kind disabled numWorkers maxWorkers',
    'workerAvailabilityTimeoutMilliseconds attributes resources limits requests minReplicas maxReplicas replicas eventTimeout',
    'readinessTimeoutSeconds disableDefaultHTTPTrigger',
  ]
    .join(' ')
    .split(' ')
    .map((key) => [key.toLowerCase(), key]),
);
/** Below these, keys are the user's own names. */
const FREE_KEYS = new Set(['labels', 'annotations', 'triggers', 'limits', 'requests', 'attributes']);

/** @throws FusionizerError `task` for aliases that lead deeper than the text is nested: back to themselves */
function checkDepth(value: unknown, file: string, depth = 0): void {
  if (value === null || typeof value !== 'object') return;
  if (depth > MAX_DEPTH) throw new FusionizerError('task', `${file} cannot be read: an alias in it leads back to itself; write the value out`, { file });
  for (const inner of Object.values(value)) checkDepth(inner, file, depth + 1);
}

/** @throws FusionizerError `task` for a key that is there in two spellings: which one counts, nobody could tell */
function canonicalKeys(value: unknown, file: string, free = false): unknown {
  if (Array.isArray(value)) return value.map((item) => canonicalKeys(item, file));
  if (value === null || typeof value !== 'object') return value;
  const spellings = new Map<string, string>();
  const entries = Object.entries(value).map(([key, inner]) => {
    const name = free ? key : (KNOWN_KEYS.get(key.toLowerCase()) ?? key);
    const other = spellings.get(name);
    if (other !== undefined) throw new FusionizerError('task', `${file}: '${other}' and '${key}' are the same field: keep one`, { file });
    spellings.set(name, key);
    return [name, name === 'attributes' ? inner : canonicalKeys(inner, file, !free && FREE_KEYS.has(name))];
  });
  return Object.fromEntries(entries);
}

/** The key that begins there, as it is written. */
function keyAt(text: string, offset: number): string {
  return /^("[^"\n]*"|'[^'\n]*'|[^:\s]+)/.exec(text.slice(offset, offset + 100))?.[0] ?? 'one';
}

/**
 * Parses function.yaml as Nuclio does: unknown keys are kept, known keys match without regard to case.
 * @param file named in errors, relative to the Task's folder
 * @param firstLine what the first line of `text` is in `file` (inline configuration starts further down)
 * @throws FusionizerError `task` with file and line
 */
export function parseFunctionYaml(text: string, file: string, firstLine = 1): FunctionConfig {
  if (text.length > MAX_LENGTH) {
    throw new FusionizerError('task', `${file} is larger than ${MAX_LENGTH / 1024} KiB: put what is not configuration into a file of its own`, { file });
  }
  if (isNestedTooDeep(text)) throw new FusionizerError('task', `${file} is nested deeper than 100 levels: is a bracket not closed?`, { file });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number): number => lines.linePos(offset).line + firstLine - 1;
  const [error] = document.errors;
  if (error) {
    const line = lineAt(error.pos[0]);
    const key = error.code === 'DUPLICATE_KEY' ? `; ${keyAt(text, error.pos[0])} is there twice` : '';
    throw new FusionizerError('task', `${file}:${line} is not valid YAML: ${error.message}${key}`, { file, line, cause: error });
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw new FusionizerError('task', `${file} cannot be read: its aliases expand without bound; write the values out`, { file, cause });
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new FusionizerError('task', `${file} holds no function: it needs at least spec.runtime and spec.handler`, { file, line: firstLine });
  }
  checkDepth(value, file);
  const parsed = configSchema.safeParse(canonicalKeys(value, file), { error: wordsOf });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path ?? [];
  const line = lineOf(path.map(String));
  throw new FusionizerError('task', `${file}:${line}: ${path.join('.')} ${issue?.message ?? 'is not valid'}`, { file, line, cause: parsed.error });

  /** The line of the deepest node on the path that is there (a missing field is shown at its parent). */
  function lineOf(keys: string[]): number {
    for (let length = keys.length; length > 0; length -= 1) {
      const node = document.getIn(
        keys.slice(0, length).map((key) => (/^\d+$/.test(key) ? Number(key) : key)),
        true,
      );
      if (isNode(node) && node.range) return lineAt(node.range[0]);
    }
    return firstLine;
  }
}

/** What a runtime name means here. `version` is what follows `python:`; undefined takes the default interpreter. */
export interface Runtime {
  family: 'python' | 'nodejs';
  version: string | undefined;
}

/** @throws FusionizerError `task` for a runtime that Tasks cannot have */
export function parseRuntime(runtime: string, file: string): Runtime {
  const [family, version] = runtime.split(':', 2);
  if (family === 'python' && (version === undefined || /^3\.\d+$/.test(version))) return { family, version };
  if (family === 'nodejs' && version === undefined) return { family, version };
  throw new FusionizerError('task', `${file}: spec.runtime is '${runtime}': a Task's runtime is python, python:3.x or nodejs`, {
    file,
    keys: ['spec', 'runtime'],
  });
}

const DURATION_UNITS: Record<string, number> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A Go duration ("1m30s") in milliseconds; undefined if it is none. */
export function parseGoDuration(text: string): number | undefined {
  if (!/^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/([0-9.]+)(ns|us|µs|ms|s|m|h)/g)) total += Number(amount) * (DURATION_UNITS[unit ?? ''] ?? 0);
  return total;
}
