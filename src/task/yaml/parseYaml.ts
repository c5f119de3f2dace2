import { type Document, isMap, isScalar, LineCounter, parseDocument, visit, YAMLParseError } from 'yaml';

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
  const document = parseDocument(withLineFeeds(text), {
    lineCounter: lines,
    prettyErrors: false,
    schema: 'failsafe',
    version: '1.1',
    // The package compares each key with all keys before it, which takes a minute for a large map.
    uniqueKeys: false,
  });
  reportRepeatedKeys(document);
  return { document, lines };
}

/** The text with a line feed for each lone carriage return: YAML takes it for a line end, the package does not. */
export const withLineFeeds = (text: string): string => text.replace(/\r(?!\n)/g, '\n');

/** Reports the keys that a map has twice, as the package does. */
function reportRepeatedKeys(document: Document): void {
  visit(document, {
    Node: (_, map) => {
      if (!isMap(map)) return;
      const known = new Set<unknown>();
      for (const { key } of map.items) {
        const value = isScalar(key) ? key.value : key;
        if (known.has(value) && isScalar(key) && key.range) {
          const [from] = key.range;
          document.errors.push(new YAMLParseError([from, from + 1], 'DUPLICATE_KEY', 'Map keys must be unique'));
        }
        known.add(value);
      }
    },
  });
}
