import type { Document } from 'yaml';
import { FusionizerError } from '../../shared/errors.ts';
import { canonicalKeys, type FieldPath } from './configKeys.ts';
import type { FunctionConfig } from './functionSchema.ts';
import { parseYaml } from './parseYaml.ts';
import { type FieldFault, parseConfig, soundConfig } from './soundConfig.ts';
import { isNestedTooDeep, MAX_DEPTH } from './yamlNesting.ts';
import { placeOf, repeatedKeys } from './yamlPlaces.ts';

export type { EnvVariable, FunctionConfig, FunctionSpec, Trigger } from './functionSchema.ts';

/** Of a function.yaml, in characters: parsing takes the server's time. */
const MAX_LENGTH = 256 * 1024;

/** Besides http and cron: the other kinds that a processor of Nuclio 1.14 has. */
export const OTHER_TRIGGER_KINDS: ReadonlySet<string> = new Set(
  'kafka-cluster kinesis eventhub mqtt iotCoreMqtt nats rabbit-mq pubsub v3ioStream v3ioItemPoller kickstart'.split(
    ' ',
  ),
);

/** What is wrong with a field. */
export interface ConfigFault {
  readonly path: FieldPath;
  /** Names the field, and says what to do. */
  readonly message: string;
  /** In characters of the text, where that is not where the field is: its second one. */
  readonly place?: number;
}

/** @throws FusionizerError `task` for aliases that lead deeper than the text is nested: back to themselves */
function checkDepth(value: unknown, file: string, depth = 0): void {
  if (value === null || typeof value !== 'object') return;
  if (depth > MAX_DEPTH)
    throw new FusionizerError(
      'task',
      `${file} cannot be read: an alias in it leads back to itself; write the value out`,
      { file },
    );
  for (const inner of Object.values(value)) checkDepth(inner, file, depth + 1);
}

/** A function.yaml that can be read as such; single fields of it may be at fault. */
export class FunctionYaml {
  readonly file: string;
  readonly #document: Document;
  readonly #lineAt: (offset: number) => number;
  readonly #value: unknown;
  /** Of keys; those of values are looked for only when they are asked for. */
  readonly #keyFaults: readonly ConfigFault[];
  #sound: ReturnType<typeof soundConfig> | undefined;

  /** @param lineAt the line in the file, from 1, of a place in the document's text */
  constructor(file: string, document: Document, value: object, lineAt: (offset: number) => number) {
    this.file = file;
    this.#document = document;
    this.#lineAt = lineAt;
    const faults: ConfigFault[] = repeatedKeys(document).map(({ path, place }) => ({
      path,
      place,
      message: `${path.join('.')} is there twice: keep one`,
    }));
    this.#value = canonicalKeys(value, (path, message) => faults.push({ path, message }));
    this.#keyFaults = faults;
  }

  /** What is sound of it: fields at fault are left out. */
  get config(): FunctionConfig {
    this.#sound ??= soundConfig(this.#value);
    return this.#sound.config;
  }

  /** All that a deploy would be refused for by the form of a field alone, in no order of lines. */
  get faults(): readonly ConfigFault[] {
    this.#sound ??= soundConfig(this.#value);
    return [...this.#keyFaults, ...this.#sound.faults.map(named)];
  }

  /** The line of a field, from 1; of the key that it should be below where it is not there. */
  lineOf(...path: FieldPath): number {
    return this.#lineAt(placeOf(this.#document, path));
  }

  /** The line of a fault, from 1. */
  lineOfFault({ path, place }: ConfigFault): number {
    return place === undefined ? this.lineOf(...path) : this.#lineAt(place);
  }

  /** Whether nothing of a field is at fault, nor what is around it; only then its absence means something. */
  isSound(...path: FieldPath): boolean {
    return this.faults.every((fault) =>
      fault.path.some((key, index) => index < path.length && key.toLowerCase() !== path[index]?.toLowerCase()),
    );
  }

  /** @throws FusionizerError `task`, with file and line, for the first fault */
  checked(): FunctionConfig {
    const [twice] = this.#keyFaults;
    if (twice) throw this.#refusal(twice);
    const parsed = parseConfig(this.#value);
    if ('fault' in parsed) throw this.#refusal(named(parsed.fault));
    return parsed.config;
  }

  #refusal(fault: ConfigFault): FusionizerError {
    const line = this.lineOfFault(fault);
    return new FusionizerError('task', `${this.file}:${line}: ${fault.message}`, { file: this.file, line });
  }
}

const named = ({ path, message }: FieldFault): ConfigFault => ({ path, message: `${path.join('.')} ${message}` });

/**
 * Reads function.yaml as Nuclio does: unknown keys are kept, known keys match without regard to case.
 * @param file named in errors, relative to the Task's folder
 * @param firstLine what the first line of `text` is in `file` (inline configuration starts further down)
 * @throws FusionizerError `task`, with file and, where there is one, line, for what is no function.yaml as a whole
 */
export function readFunctionYaml(text: string, file: string, firstLine = 1): FunctionYaml {
  if (text.length > MAX_LENGTH) {
    throw new FusionizerError(
      'task',
      `${file} is larger than ${MAX_LENGTH / 1024} KiB: put what is not configuration into a file of its own`,
      { file },
    );
  }
  if (isNestedTooDeep(text))
    throw new FusionizerError('task', `${file} is nested deeper than 100 levels: is a bracket not closed?`, { file });
  const { document, lines } = parseYaml(text);
  const lineAt = (offset: number): number => Math.max(1, lines.linePos(offset).line) + firstLine - 1;
  const error = document.errors.find(({ code }) => code !== 'DUPLICATE_KEY');
  if (error) {
    const line = lineAt(error.pos[0]);
    throw new FusionizerError('task', `${file}:${line} is not valid YAML: ${error.message}`, {
      file,
      line,
      cause: error,
    });
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw new FusionizerError(
      'task',
      `${file} cannot be read: its aliases expand without bound; write the values out`,
      { file, cause },
    );
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new FusionizerError('task', `${file} holds no function: it needs at least spec.runtime and spec.handler`, {
      file,
      line: firstLine,
    });
  }
  checkDepth(value, file);
  return new FunctionYaml(file, document, value, lineAt);
}

/**
 * The same, for those who need all of it sound.
 * @throws FusionizerError `task` with file and line, for the first fault
 */
export function parseFunctionYaml(text: string, file: string, firstLine = 1): FunctionConfig {
  return readFunctionYaml(text, file, firstLine).checked();
}

/** What a runtime name means here. `version` is what follows `python:`; undefined takes the default interpreter. */
export interface Runtime {
  family: 'python' | 'nodejs';
  version: string | undefined;
}

/**
 * @param line of `spec.runtime`, where it is known.
 * @throws FusionizerError `task` for a runtime that Tasks cannot have
 */
export function parseRuntime(runtime: string, file: string, line?: number): Runtime {
  const [family, version] = runtime.split(':', 2);
  if (family === 'python' && (version === undefined || /^3\.\d+$/.test(version))) return { family, version };
  if (family === 'nodejs' && version === undefined) return { family, version };
  throw new FusionizerError(
    'task',
    `${placed(file, line)}: spec.runtime is '${runtime}': a Task's runtime is python, python:3.x or nodejs`,
    { file, line },
  );
}

/** A file with its line, as terminals make links of it. */
export const placed = (file: string, line: number | undefined): string =>
  line === undefined ? file : `${file}:${line}`;

const DURATION_UNITS: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** A Go duration ("1m30s") in milliseconds; undefined if it is none. */
export function parseGoDuration(text: string): number | undefined {
  if (!/^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/([0-9.]+)(ns|us|µs|ms|s|m|h)/g))
    total += Number(amount) * (DURATION_UNITS[unit ?? ''] ?? 0);
  return total;
}
