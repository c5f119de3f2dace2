import { type FieldSchema, typesOf } from './schemaAt.ts';

/** The end of a description whose field does nothing on the embedded platform. */
const NO_EFFECT = /\s*No effect on the embedded platform\.$/;

/** Whether a field does nothing on the embedded platform. */
export const hasNoEffect = ({ description = '' }: FieldSchema): boolean => NO_EFFECT.test(description);

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  boolean: 'true or false',
  object: 'map',
  array: 'list',
};

/** The types of a field's value, in words. */
export const typeName = (schema: FieldSchema): string =>
  [...new Set(typesOf(schema))].map((type) => TYPES[type] ?? type).join(' or ');

/** What a field is, in Markdown: its type and default, what it does, and a warning if that is nothing here. */
export function documentation(name: string, schema: FieldSchema): string {
  const { description = '', default: preset, minimum, maximum, examples = [], deprecationMessage } = schema;
  const values = [...(schema.enum ?? []), ...(schema.anyOf ?? []).flatMap((one) => one.enum ?? [])];
  const type = typeName(schema) || 'any value';
  const facts = [
    `**${name}**: ${type}`,
    ...(preset === undefined ? [] : [`default ${code(preset)}`]),
    ...(minimum === undefined ? [] : [`at least ${minimum}`]),
    ...(maximum === undefined ? [] : [`at most ${maximum}`]),
  ];
  const shown = values.filter((value) => value !== '');
  return [
    facts.join(', '),
    description.replace(NO_EFFECT, ''),
    ...(shown.length > 0 ? [`One of ${shown.map(code).join(', ')}.`] : []),
    ...(shown.length === 0 && examples.length > 0 ? [`Such as ${examples.map(code).join(', ')}.`] : []),
    ...(deprecationMessage === undefined ? [] : [`$(warning) Deprecated. ${deprecationMessage}`]),
    ...(hasNoEffect(schema) ? ['$(warning) It has no effect on the embedded platform, only on a real Nuclio.'] : []),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const code = (value: unknown): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
