import { type Document, isAlias, isNode, type Node } from 'yaml';
import { FusionizerError } from '../../shared/errors.ts';
import { MAX_LENGTH, tooLarge } from './configFile.ts';
import type { FunctionConfig } from './functionSchema.ts';
import { type GoValue, goValue, NoValueError, type PlacedMessage } from './goValue.ts';
import { type FieldPath, nuclioFields } from './nuclioFields.ts';
import { parseYaml, withLineFeeds } from './parseYaml.ts';
import { secondDocument } from './secondDocument.ts';
import { type FieldFault, parseConfig, soundConfig } from './soundConfig.ts';
import { syntaxFaults, unknownEscape } from './syntaxFaults.ts';
import { type FieldWarning, withoutEffect } from './withoutEffect.ts';
import { hasTooManyTokens, isNestedTooDeep, MAX_TOKENS, wrongEscape } from './yamlNesting.ts';
import { exactPlace, fieldSpan, repeatedKeys, type Span, valueAt } from './yamlPlaces.ts';

export type { EnvVariable, FunctionConfig, FunctionSpec, Trigger } from './functionSchema.ts';

/** The kinds of triggers that a processor of Nuclio 1.14 has, besides http and cron. */
export const OTHER_TRIGGER_KINDS: ReadonlySet<string> = new Set(
  'kafka-cluster kinesis eventhub mqtt iotCoreMqtt nats rabbit-mq pubsub v3ioStream v3ioItemPoller kickstart'.split(
    ' ',
  ),
);

/** How many warnings are kept. A text with more is probably not a function.yaml. */
const MOST_WARNINGS = 100;

/** The key of an inline configuration. */
export const INLINE_KEY = 'function.yaml';

/** A fault in a field. */
export interface ConfigFault {
  readonly path: FieldPath;
  /** Names the field and says what to do. */
  readonly message: string;
  /** The place of the fault in the document's text, in characters, if it is not that of the field. */
  readonly span?: Span;
}

/** What is legal, but surprises. */
export interface ConfigWarning {
  /** From 1. */
  readonly line: number;
  readonly message: string;
  /** The place in the document's text, in characters; without an end, up to the end of its line. */
  readonly from: number;
  readonly to: number | undefined;
}

/** A function.yaml that is a map in valid YAML. Single fields of it may be wrong. */
export class FunctionYaml {
  readonly file: string;
  readonly #document: Document;
  readonly #text: string;
  /** What is legal, but surprises, in order of the text. */
  readonly warnings: readonly ConfigWarning[];
  /** The line in the file, from 1, of a place in the document's text, in characters. */
  readonly lineAt: (offset: number) => number;
  readonly #value: unknown;
  /** The faults that reading found. Those of values are only computed on demand. */
  readonly #keyFaults: readonly ConfigFault[];
  #sound: ReturnType<typeof soundConfig> | undefined;

  constructor(file: string, { document, text, value, warnings, lineAt }: ReadDocument) {
    this.file = file;
    this.#text = text;
    this.#document = document;
    this.lineAt = lineAt;
    const faults: ConfigFault[] = repeatedKeys(document).map(({ path, span }) => ({
      path,
      span,
      message: `${path.join('.')} is there twice: keep one of them`,
    }));
    const found = [...warnings];
    const warn = ({ path, message }: FieldWarning, atKey = false): void => {
      // Finding a place takes time in proportion to the text.
      if (found.length < MOST_WARNINGS) found.push(placedAt(fieldSpan(document, path, atKey), message));
    };
    this.#value = nuclioFields(value, {
      fault: (path, message, atKey) => faults.push({ path, message, span: fieldSpan(document, path, atKey) }),
      warn: (path, message) => warn({ path, message }),
    });
    this.#keyFaults = faults;
    for (const one of withoutEffect(this.#value)) warn(one, true);
    this.warnings = found
      .sort((one, other) => one.place - other.place)
      .map(({ place, end, message }) => ({ line: lineAt(place), message, from: place, to: end }));
  }

  /** The document that was read. All its scalars are text. */
  get document(): Document {
    return this.#document;
  }

  /** The valid part of the configuration: wrong fields are left out. */
  get config(): FunctionConfig {
    this.#sound ??= soundConfig(this.#value);
    return this.#sound.config;
  }

  /** All faults in the form of fields for which a deploy would be refused. They are not ordered by line. */
  get faults(): readonly ConfigFault[] {
    this.#sound ??= soundConfig(this.#value);
    return [...this.#keyFaults, ...this.#sound.faults.map(named)];
  }

  /** The line of a field, from 1. If the field does not exist, the line of the key that it belongs below. */
  lineOf(...path: FieldPath): number {
    return this.lineAt(fieldSpan(this.#document, path)[0]);
  }

  /** The line of a field, an element, or a part of a text (see `exactPlace`), from 1; undefined if there is none. */
  exactLineOf(...path: FieldPath): number | undefined {
    const exact = exactPlace(this.#document, path, this.#text);
    return exact === undefined ? undefined : this.lineAt(exact);
  }

  /** The place of a fault in the document's text, in characters. */
  spanOfFault({ path, span }: ConfigFault): Span {
    return span ?? fieldSpan(this.#document, path);
  }

  /** Whether a field, its parts and the fields around it are valid. Only then the absence of the field is meant. */
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
    const line = this.lineAt(this.spanOfFault(fault)[0]);
    return new FusionizerError('task', `${this.file}:${line}: ${fault.message}`, { file: this.file, line });
  }
}

const placedAt = ([place, end]: Span, message: string): PlacedMessage => ({ place, end, message });

const named = ({ path, message }: FieldFault): ConfigFault => ({ path, message: `${path.join('.')} ${message}` });

/**
 * Reads function.yaml as Nuclio does: unknown keys are kept, and case does not matter in known keys.
 * @param file the name for errors, relative to the Task's folder
 * @throws FusionizerError `task`, with the file and a line if there is one, for a text that is not a map in valid YAML
 */
export function readFunctionYaml(text: string, file: string): FunctionYaml {
  return functionYamlOf(documentOf(text, file, 1, false), file);
}

/**
 * Reads an inline configuration: the value of the key `function.yaml` at the top of a YAML text.
 * @param firstLine the line of `file` at which the text starts
 * @returns undefined if there is no such key
 * @throws as readFunctionYaml
 */
export function readInlineYaml(text: string, file: string, firstLine: number): FunctionYaml | undefined {
  const whole = documentOf(text, file, firstLine, true);
  const value = whole.value instanceof Map ? whole.value.get(INLINE_KEY) : undefined;
  if (value === undefined) return undefined;
  const node = valueAt(whole.document.contents, INLINE_KEY);
  whole.document.contents = isAlias(node) ? (node.resolve(whole.document) ?? null) : isNode(node) ? node : null;
  return functionYamlOf({ ...whole, value }, file);
}

interface ReadDocument {
  readonly document: Document<Node>;
  readonly text: string;
  readonly value: GoValue;
  readonly warnings: readonly PlacedMessage[];
  readonly lineAt: (offset: number) => number;
}

function functionYamlOf(read: ReadDocument, file: string): FunctionYaml {
  if (read.value instanceof Map) return new FunctionYaml(file, read);
  const second = read.warnings.find(({ message }) => message.startsWith('a second document'));
  const line = read.lineAt(second?.place ?? 0);
  const message =
    second === undefined
      ? `${file} does not describe a function: it needs at least spec.runtime and spec.handler`
      : `${placed(file, line)}: a second document begins here, but Nuclio reads the first one only, which does not ` +
        'describe a function: remove the line ---';
  throw new FusionizerError('task', message, { file, line });
}

function documentOf(raw: string, file: string, firstLine: number, isInline: boolean): ReadDocument {
  const text = withLineFeeds(raw);
  if (text.length > MAX_LENGTH) throw tooLarge(file);
  if (hasTooManyTokens(text)) {
    throw new FusionizerError(
      'task',
      `${file} has more than ${MAX_TOKENS / 5} fields: move data that is not configuration into another file`,
      { file },
    );
  }
  if (isNestedTooDeep(text))
    throw new FusionizerError('task', `${file} is nested deeper than 100 levels: check that all brackets are closed`, {
      file,
    });
  const wrong = wrongEscape(text);
  if (wrong !== undefined) {
    const line = text.slice(0, wrong.place).split('\n').length + firstLine - 1;
    throw new FusionizerError('task', `${file}:${line} is not valid YAML: ${unknownEscape(wrong.escape)}`, {
      file,
      line,
    });
  }
  const { document, lines } = parseYaml(text);
  const lineAt = (offset: number): number => Math.max(1, lines.linePos(offset).line) + firstLine - 1;
  const warnings: PlacedMessage[] = [];
  const [fault] = syntaxFaults(text, document);
  if (fault !== undefined) {
    const line = lineAt(fault.span[0]);
    throw new FusionizerError('task', `${file}:${line} is not valid YAML: ${fault.message}`, { file, line });
  }
  for (const { code, pos } of document.errors) {
    // A text that ends with `---` has an empty one.
    if (code === 'MULTIPLE_DOCS' && /[^\s.-]/.test(text.slice(pos[0])))
      warnings.push({ place: pos[0], message: secondDocument(text, pos[0]) });
  }
  const { explicit, version } = document.directives?.yaml ?? {};
  if (explicit === true && version !== '1.1')
    warnings.push({ place: 0, message: `Nuclio reads YAML 1.1 and refuses %YAML ${version}: remove that line` });
  try {
    return {
      document,
      text,
      value: goValue(document, (warning) => warnings.push(warning), isInline),
      warnings,
      lineAt,
    };
  } catch (cause) {
    if (!(cause instanceof NoValueError)) throw cause;
    const line = cause.place === undefined ? undefined : lineAt(cause.place);
    throw new FusionizerError('task', `${placed(file, line)} cannot be read: ${cause.message}`, { file, line, cause });
  }
}

/**
 * Reads a function.yaml that has to be valid as a whole.
 * @throws FusionizerError `task` with file and line, for the first fault
 */
export function parseFunctionYaml(text: string, file: string): FunctionConfig {
  return readFunctionYaml(text, file).checked();
}

/** A parsed runtime name. `version` is the part after `python:`; undefined for the default interpreter. */
export interface Runtime {
  family: 'python' | 'nodejs';
  version: string | undefined;
}

/**
 * @param line the line of `spec.runtime`, if it is known
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

/** A file with its line, in the form that terminals turn into a link. */
export const placed = (file: string, line: number | undefined): string =>
  line === undefined ? file : `${file}:${line}`;
