import { type Document, LineCounter, parseDocument } from 'yaml';

/** A parsed YAML text, and its lines. */
export interface YamlText {
  readonly document: Document;
  readonly lines: LineCounter;
}

/** Parses all configurations, so that they are read in the same way. Faults are in the document; nothing is thrown. */
export function parseYaml(text: string): YamlText {
  const lines = new LineCounter();
  return { document: parseDocument(text, { lineCounter: lines, prettyErrors: false }), lines };
}
