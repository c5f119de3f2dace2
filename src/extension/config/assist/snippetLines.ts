import { asYaml } from '../yamlText.ts';

/** The lines of a map in YAML, each below the other. Texts may have the marks of snippets, as `${1:name}`. */
export function snippetLines(body: unknown, indent: number): string[] {
  const pad = ' '.repeat(indent);
  return Object.entries(Object(body)).flatMap(([key, value]) => {
    if (Array.isArray(value)) return [`${pad}${key}:`, ...value.map((item) => `${pad}  - ${scalar(item)}`)];
    if (typeof value === 'object' && value !== null) return [`${pad}${key}:`, ...snippetLines(value, indent + 2)];
    return [`${pad}${key}: ${scalar(value)}`];
  });
}

/** A text that only has a mark stays as it is. */
const scalar = (value: unknown): string =>
  typeof value === 'string' && !value.includes('$') ? asYaml(value) : String(value);
