import { type Document, LineCounter, parseDocument } from 'yaml';

/** A parsed text of YAML that knows its lines. */
export interface YamlText {
  readonly document: Document;
  readonly lines: LineCounter;
}

/** The one way in which configurations are parsed: faults are collected in the document, not thrown. */
export function parseYaml(text: string): YamlText {
  const lines = new LineCounter();
  return { document: parseDocument(text, { lineCounter: lines, prettyErrors: false }), lines };
}
