import { type Document, isMap, isNode, isScalar, LineCounter, type Pair, parseDocument, type YAMLMap } from 'yaml';
import type { FunctionYaml } from '../../task/yaml/functionYaml.ts';
import type { ConfigProblem, Fix, Severity } from './configProblem.ts';

/** What every check of a function.yaml works on. */
export interface Checked {
  readonly text: ConfigText;
  readonly yaml: FunctionYaml;
  readonly folder: string;
  readonly read: (file: string) => Promise<string>;
}

/** A place in the text, in characters. */
export type Span = readonly [from: number, to: number];

/** A text of YAML, with the places of what is in it. */
export class ConfigText {
  readonly document: Document;
  readonly #text: string;
  readonly #lines = new LineCounter();

  constructor(text: string) {
    this.#text = text;
    this.document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
  }

  /** The map at the top; undefined for a text that holds something else. */
  get root(): YAMLMap | undefined {
    return isMap(this.document.contents) ? this.document.contents : undefined;
  }

  /** @param span where; undefined marks the first line */
  problem(
    span: Span | undefined,
    severity: Severity,
    code: string,
    message: string,
    fixes: readonly Fix[] = [],
  ): ConfigProblem {
    const start = this.#lines.linePos(span?.[0] ?? 0);
    const line = Math.max(0, start.line - 1);
    const length = this.#text.split('\n', line + 1)[line]?.trimEnd().length ?? 0;
    const from = span === undefined ? 0 : start.col - 1;
    // What goes over several lines is marked on its first one.
    const to = span === undefined ? length : Math.max(from, Math.min(length, from + span[1] - span[0]));
    return { code, severity, message, line, from, to, fixes };
  }

  /** The line of a place, from 0. */
  lineOf(offset: number): number {
    return this.#lines.linePos(offset).line - 1;
  }

  /**
   * A new first entry of a map at the top, with its neighbours' indentation; undefined where the map is written on one
   * line.
   */
  insertionInto(key: string, entry: string): Fix | undefined {
    const pair = entryOf(this.root, key);
    const at = spanOf(pair?.key);
    if (at === undefined) return { kind: 'insert', line: 0, text: `${key}:\n  ${entry}\n` };
    const map = pair?.value;
    if (!isMap(map))
      return isScalar(map) && map.value === null
        ? { kind: 'insert', line: this.lineOf(at[0]) + 1, text: `  ${entry}\n` }
        : undefined;
    if (map.flow) return undefined;
    const start = this.#lines.linePos(map.range?.[0] ?? 0);
    return { kind: 'insert', line: start.line - 1, text: `${' '.repeat(start.col - 1)}${entry}\n` };
  }

  /** A whole line, counted from 0. */
  spanOfLine(line: number): Span {
    const start = this.#lines.lineStarts[line] ?? 0;
    const text = this.#text.slice(start).split('\n', 1)[0] ?? '';
    return [start + (text.length - text.trimStart().length), start + text.trimEnd().length];
  }
}

/** The entry of a map with this key: Nuclio matches without regard to case. */
export function entryOf(map: unknown, key: string): Pair | undefined {
  return isMap(map) ? map.items.find((pair) => keyOf(pair).toLowerCase() === key.toLowerCase()) : undefined;
}

/** The value behind these keys. */
export function valueAt(map: unknown, ...keys: string[]): unknown {
  return keys.reduce<unknown>((inner, key) => entryOf(inner, key)?.value, map);
}

export const keyOf = (pair: Pair): string => (isScalar(pair.key) ? String(pair.key.value) : '');

export function spanOf(node: unknown): Span | undefined {
  return isNode(node) && node.range ? [node.range[0], node.range[1]] : undefined;
}
