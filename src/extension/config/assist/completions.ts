import { INLINE_KEY } from '../../../task/yaml/functionYaml.ts';
import { asYaml, likeWritten } from '../yamlText.ts';
import type { CursorPlace } from './cursorPlace.ts';
import { documentation, hasNoEffect, typeName } from './documentation.ts';
import { type FieldSchema, fieldsOf, type Snippet, schemaAt, typesOf } from './schemaAt.ts';
import { snippetLines } from './snippetLines.ts';

/** What the place of a configuration offers besides its schema. */
export interface Surroundings {
  /** The handlers of the folder, the most likely first. */
  readonly handlers: readonly { readonly handler: string; readonly runtime: string; readonly file: string }[];
  /** The runtimes that this machine can run, and where they are. */
  readonly runtimes: readonly { readonly name: string; readonly place: string }[];
  /** The names of Tasks. */
  readonly tasks: readonly string[];
  /** The name that the folder gives a Task. */
  readonly folderName: string | undefined;
}

/** One proposal. */
export interface Proposal {
  readonly kind: 'key' | 'value' | 'snippet';
  readonly label: string;
  /** A short remark beside the label. */
  readonly detail: string;
  /** Markdown. */
  readonly documentation: string;
  /** Lines in the syntax of snippets. All but the first are indented from the beginning of the line. */
  readonly lines: readonly string[];
  /** Whether values are proposed next. */
  readonly goesOn: boolean;
  /** Whether the schema alone gives it, which other extensions read, too. */
  readonly isFromSchema: boolean;
}

/** What can be written at a place. The order is that of the schema, or of likelihood. */
export function completions(schema: FieldSchema, place: CursorPlace, around: Surroundings): Proposal[] {
  const found = schemaAt(schema, place.steps);
  if (found === undefined) return [];
  return place.kind === 'key' ? keysAt(found.schema, place, around) : valuesAt(found.schema, place, around);
}

function keysAt(schema: FieldSchema, place: CursorPlace, around: Surroundings): Proposal[] {
  const types = typesOf(schema);
  const isItem = place.steps.at(-1)?.key === undefined && place.steps.length > 0;
  // An item of a list of texts, and a field that has no parts.
  if (!types.includes('object')) return isItem || types.includes('array') ? itemsAt(schema, place, around) : [];
  const taken = new Set([...place.taken.keys()].map((key) => key.toLowerCase()));
  const fields = Object.entries(fieldsOf(schema, place.taken)).filter(([name]) => !taken.has(name.toLowerCase()));
  // What does nothing here comes last.
  const sorted = [
    ...fields.filter(([, field]) => !hasNoEffect(field)),
    ...fields.filter(([, field]) => hasNoEffect(field)),
  ];
  const keys = sorted.map(([name, field]) => keyProposal(name, field, place));
  if (place.hasColon) return keys;
  const snippets = (schema.defaultSnippets ?? []).filter(({ body }) =>
    Object.keys(Object(body)).every((key) => !taken.has(key.toLowerCase())),
  );
  return [...snippets.map((snippet) => snippetProposal(snippet, place)), ...keys];
}

function keyProposal(name: string, field: FieldSchema, place: CursorPlace): Proposal {
  const isDeprecated = field.deprecationMessage !== undefined;
  const lines = place.hasColon ? [name] : [`${name}:`, ...startOf(field, place)];
  const [first = '', ...others] = lines;
  const onLine = others.length === 1 && others[0]?.startsWith(' ') === true && !others[0].startsWith('  ');
  return {
    kind: 'key',
    label: name,
    detail: isDeprecated ? 'deprecated' : hasNoEffect(field) ? 'no effect here' : typeName(field),
    documentation: documentation(name, field),
    lines: onLine ? [first + others[0]] : lines,
    goesOn: !place.hasColon && hasValues(field),
    isFromSchema: true,
  };
}

/** What follows the colon of a new key: a space, or lines with the beginning of a map or a list. */
function startOf(field: FieldSchema, { column, inFlow }: CursorPlace): string[] {
  const types = typesOf(field);
  const pad = ' '.repeat(column + 2);
  const [snippet] = field.items?.defaultSnippets ?? [];
  if (types[0] === 'object') return inFlow ? [' {$0}'] : [`${pad}$0`];
  if (types[0] !== 'array') return [' $0'];
  if (inFlow) return [' [$0]'];
  if (snippet === undefined) return [`${pad}- $0`];
  const [first = '', ...others] = snippetLines(snippet.body, 0);
  return [`${pad}- ${first}`, ...others.map((line) => `${pad}  ${line}`)];
}

function snippetProposal({ label, description = '', body: written }: Snippet, place: CursorPlace): Proposal {
  const body = withFreeNames(written, place.taken);
  const lines = place.inFlow ? [flowOf(body)] : snippetLines(body, 0);
  const pad = ' '.repeat(place.column);
  return {
    kind: 'snippet',
    label,
    detail: description,
    documentation: `\`\`\`yaml\n${lines.map(withoutMarks).join('\n')}\n\`\`\``,
    lines: lines.map((line, index) => (index === 0 ? line : pad + line)),
    goesOn: false,
    isFromSchema: true,
  };
}

/** A name that a snippet proposes for a key, such as `${1:tick}`, becomes `tick-2` if there is such a key already. */
function withFreeNames(body: unknown, taken: ReadonlyMap<string, string>): unknown {
  const free = (name: string): string => {
    let other = name;
    for (let number = 2; taken.has(other); number += 1) other = `${name}-${number}`;
    return other;
  };
  const renamed = (key: string): string =>
    key.replace(/^\$\{(\d+):([^}]*)\}$/, (_, mark, name: string) => `\${${mark}:${free(name)}}`);
  return Object.fromEntries(Object.entries(Object(body)).map(([key, value]) => [renamed(key), value]));
}

/** A map inside of braces that are there already. */
const flowOf = (body: unknown): string =>
  Object.entries(Object(body))
    .map(
      ([key, value]) => `${key}: ${typeof value === 'object' && value !== null ? `{${flowOf(value)}}` : String(value)}`,
    )
    .join(', ');

const withoutMarks = (line: string): string => line.replace(/\$\{\d+:([^}]*)\}/g, '$1').replace(/\$\d+/g, '');

/** A place for an item of a list, behind a dash or below the list's key. */
function itemsAt(schema: FieldSchema, place: CursorPlace, around: Surroundings): Proposal[] {
  const isList = typesOf(schema).includes('array');
  if (!isList) return valuesAt(schema, place, around);
  const item = schema.items;
  if (item === undefined || place.inFlow || place.hasColon) return [];
  const pad = ' '.repeat(place.column);
  return (item.defaultSnippets ?? []).map((snippet) => {
    const proposal = snippetProposal(snippet, { ...place, column: 0 });
    const lines = proposal.lines.map((line, index) => (index === 0 ? `- ${line}` : `${pad}  ${line}`));
    return { ...proposal, lines };
  });
}

function valuesAt(schema: FieldSchema, place: CursorPlace, around: Surroundings): Proposal[] {
  const [first, ...others] = place.steps.map(({ key }) => key?.toLowerCase() ?? '*');
  const path = first === undefined || first === INLINE_KEY ? others : [first, ...others];
  const own = ownValues(path, place, around);
  const ofSchema = own ?? schemaValues(schema);
  const isText = typesOf(schema).includes('string');
  const known = new Set(schemaValues(schema).map(({ value }) => value));
  return ofSchema.map(({ value, detail = '', words, isOwn = false }) => ({
    kind: 'value',
    label: String(value),
    detail,
    documentation: words ?? '',
    lines: [escaped(written(value, isText, place))],
    goesOn: false,
    isFromSchema: !isOwn || known.has(value),
  }));
}

interface Value {
  readonly value: unknown;
  readonly detail?: string;
  readonly words?: string | undefined;
  /** Whether the schema does not give it. */
  readonly isOwn?: boolean;
}

/** The values that the machine, the folder and the Tasks give; undefined for other fields. */
function ownValues(path: readonly string[], place: CursorPlace, around: Surroundings): Value[] | undefined {
  const beside = place.steps.at(-1)?.beside;
  const isOwn = true;
  switch (path.join('.')) {
    case 'metadata.name':
      return around.folderName === undefined ? [] : [{ value: around.folderName, detail: "the folder's name", isOwn }];
    case 'spec.runtime':
      return around.runtimes.map(({ name, place: where }) => ({ value: name, detail: where, isOwn }));
    case 'spec.handler': {
      const runtime = [...(beside ?? [])].find(([key]) => key.toLowerCase() === 'runtime')?.[1];
      const family = runtime?.replace(/["']/g, '').split(':', 1)[0];
      const fitting = around.handlers.filter((one) => one.runtime === family);
      const shown = fitting.length > 0 ? fitting : around.handlers;
      return shown.map(({ handler, file }) => ({ value: handler, detail: file, isOwn }));
    }
    case 'spec.env.*.value':
      return around.tasks.map((name) => ({ value: name, detail: 'Task', isOwn }));
    default:
      return undefined;
  }
}

function schemaValues(schema: FieldSchema): Value[] {
  const words = schema.description;
  const known = [...(schema.enum ?? []), ...(schema.anyOf ?? []).flatMap((one) => one.enum ?? [])];
  const booleans = typesOf(schema).includes('boolean') && typesOf(schema).length === 1 ? [true, false] : [];
  const examples = (schema.examples ?? []).filter((one) => typeof one !== 'object');
  const preset = schema.default === undefined || typeof schema.default === 'object' ? [] : [schema.default];
  const all = [...new Set([...known, ...booleans, ...preset, ...examples])].filter((one) => one !== '');
  return all.map((value) => ({
    value,
    words,
    detail: value === schema.default ? 'default' : known.length + booleans.length > 0 ? '' : 'example',
  }));
}

const hasValues = (schema: FieldSchema): boolean =>
  typesOf(schema)[0] !== 'object' && typesOf(schema)[0] !== 'array' && schemaValues(schema).length > 0;

/** A value as it is written: in the quotes that are there, else in quotes where it would not be text without. */
function written(value: unknown, isText: boolean, { word, inFlow }: CursorPlace): string {
  if (typeof value !== 'string' || !isText) return String(value);
  return /^["']/.test(word) ? likeWritten(word, value) : asYaml(value, inFlow);
}

/** A text without the signs of snippets. */
const escaped = (text: string): string => text.replace(/[\\$}]/g, '\\$&');
