import { cursorPlace } from './cursorPlace.ts';
import { documentation } from './documentation.ts';
import { type FieldSchema, schemaAt } from './schemaAt.ts';

/** A text about a place of a configuration, in Markdown, and the columns that it is about. */
export interface HoverText {
  readonly markdown: string;
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

/** What the key, or the key of the value, at a place is; undefined for keys that Nuclio does not know. */
export function hoverAt(schema: FieldSchema, text: string, line: number, character: number): HoverText | undefined {
  const place = cursorPlace(text, line, character);
  if (place === undefined || place.from === place.to) return undefined;
  const { kind, from, to, taken } = place;
  const word = text.split(/\r?\n/)[line]?.slice(from, to) ?? '';
  const steps = kind === 'key' ? [...place.steps, { key: unquoted(word), beside: taken }] : [...place.steps];
  // An item of a list is said to be what the list is.
  const name = steps.findLast(({ key }) => key !== undefined)?.key;
  const found = schemaAt(schema, steps);
  if (found === undefined || name === undefined) return undefined;
  return { markdown: documentation(name, found.schema), line, from, to };
}

const unquoted = (word: string): string => word.replace(/^(["'])(.*)\1$/, '$2');
