import type { Schema } from '../openapi/types.ts';
import { type Html, html, inline } from './html.ts';

const SCHEMAS = '#/components/schemas/';

/** The name of the schema that a reference leads to. */
export function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

/** A schema in a few words, with links to named schemas: `list of TaskView`, `string or null`. */
export function typeOf(schema: Schema): Html {
  if (schema.$ref !== undefined) return html`<a href="#${schemaId(nameOf(schema.$ref))}">${nameOf(schema.$ref)}</a>`;
  if (schema.anyOf !== undefined) return html`${join(schema.anyOf.map(typeOf), ' or ')}`;
  if (schema.enum !== undefined) return html`${join(schema.enum.map(literal), ' | ')}`;
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.items !== undefined) return html`list of ${typeOf(schema.items)}`;
  if (schema.properties !== undefined) return html`{ ${join(Object.entries(schema.properties).map(field), ', ')} }`;
  if (typeof schema.additionalProperties === 'object') return html`object of ${typeOf(schema.additionalProperties)}`;
  const type = [schema.type ?? 'anything'].flat().join(' or ');
  return html`${schema.format === undefined ? type : `${type} (${schema.format})`}`;
}

/** A named schema with a table of its fields. */
export function schemaSection(name: string, schema: Schema): Html {
  const rows = Object.entries(schema.properties ?? {}).map(([field, value]) => {
    const optional = schema.required?.includes(field) ? '' : html` <small>optional</small>`;
    const name = html`<th scope="row"><code>${field}</code>${optional}</th>`;
    return html`<tr>${name}<td>${typeOf(value)}</td><td>${inline(value.description ?? '')}</td></tr>`;
  });
  return html`<section class="schema" id="${schemaId(name)}">
<h3>${name}</h3>
<p>${inline(schema.description ?? '')}</p>
${rows.length > 0 ? html`<table>${rows}</table>` : html`<p>${typeOf(schema)}</p>`}
</section>
`;
}

/** Follows a reference to a named schema. */
export function resolve(schema: Schema, schemas: Readonly<Record<string, Schema>>): Schema {
  return schema.$ref?.startsWith(SCHEMAS) ? (schemas[nameOf(schema.$ref)] ?? {}) : schema;
}

function schemaId(name: string): string {
  return `schema-${name}`;
}

function field([name, schema]: [string, Schema]): Html {
  return html`${name}: ${typeOf(schema)}`;
}

function literal(value: unknown): Html {
  return html`<code>${JSON.stringify(value)}</code>`;
}

function join(parts: readonly Html[], separator: string): Html[] {
  return parts.map((part, index) => (index === 0 ? part : html`${separator}${part}`));
}
