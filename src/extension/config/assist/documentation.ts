import { type FieldSchema, typesOf } from './schemaAt.ts';

/** The end of a description whose field does nothing on the embedded platform. */
const NO_EFFECT = /\s*No effect on the embedded platform\.$/;

/** What a field is, in Markdown: its type and default, what it does, and a warning if that is nothing here. */
export function documentation(name: string, schema: FieldSchema): string {
  const { description = '', default: preset, minimum, maximum, examples = [], deprecationMessage } = schema;
  const values = [...(schema.enum ?? []), ...(schema.anyOf ?? []).flatMap((one) => one.enum ?? [])];
  const type = typesOf(schema).join(' or ') || 'anything';
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
    ...(NO_EFFECT.test(description)
      ? ['$(warning) It has no effect on the embedded platform, only on a real Nuclio.']
      : []),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const code = (value: unknown): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
