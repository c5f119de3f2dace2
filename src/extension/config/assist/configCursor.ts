import path from 'node:path';
import { INLINE_KEY } from '../../../task/yaml/functionYaml.ts';
import { inlineBlock, isSourceFile } from '../../../task/yaml/inlineConfig.ts';
import type { FieldSchema } from './schemaAt.ts';

/** A place in a configuration: in function.yaml, or in the comment block of a source file. */
export interface ConfigCursor {
  /** The configuration's text. */
  readonly text: string;
  /** In this text, from 0. */
  readonly line: number;
  readonly character: number;
  /** The lines of the file above the text. */
  readonly above: number;
  /** What each line of the file begins with, which the text leaves out. */
  readonly prefix: string;
  readonly schema: FieldSchema;
}

/** A place in a file. */
export interface FilePlace {
  readonly name: string;
  readonly text: string;
  /** From 0. */
  readonly line: number;
  readonly character: number;
}

/** @returns undefined for a place outside of a configuration */
export function configCursor(
  file: { readonly name: string; readonly text: string },
  line: number,
  character: number,
  schema: FieldSchema,
): ConfigCursor | undefined {
  if (!isSourceFile(file.name)) return { text: file.text, line, character, above: 0, prefix: '', schema };
  const block = inlineBlock(file.text, path.extname(file.name));
  if (block === undefined) return undefined;
  const { line: above, text, prefix } = block;
  const inside = line - above;
  if (inside < 0 || inside >= text.split('\n').length || character < prefix.length) return undefined;
  return { text, line: inside, character: character - prefix.length, above, prefix, schema: inlineSchema(schema) };
}

/** In a comment block, the configuration is the value of a key. */
const inlineSchema = (schema: FieldSchema): FieldSchema => ({
  type: 'object',
  properties: { [INLINE_KEY]: schema },
  ...(schema.definitions === undefined ? {} : { definitions: schema.definitions }),
});
