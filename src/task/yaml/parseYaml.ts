import { type Document, LineCounter, parseDocument } from 'yaml';

/** A parsed YAML text, and its lines. */
export interface YamlText {
  readonly document: Document;
  readonly lines: LineCounter;
}

/**
 * Parses all configurations, so that they are read in the same way. Faults are in the document; nothing is thrown. All
 * scalars of the document are text: goValue() says what they mean to Nuclio.
 */
export function parseYaml(text: string): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, schema: 'failsafe', version: '1.1' });
  return { document, lines };
}
