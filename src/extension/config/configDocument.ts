import { type Document, isMap, isScalar, type LineCounter, type Scalar, type YAMLMap } from 'yaml';
import type { FunctionYaml } from '../../task/yaml/functionYaml.ts';
import { GoScalar } from '../../task/yaml/goScalar.ts';
import { scalarValue } from '../../task/yaml/goValue.ts';
import { parseYaml } from '../../task/yaml/parseYaml.ts';
import { entryOf, type Span, spanOf } from '../../task/yaml/yamlPlaces.ts';
import type { ConfigProblem, Fix, Severity } from './configProblem.ts';

/** What every check of a function.yaml works on. */
export interface Checked {
  readonly text: ConfigText;
  readonly yaml: FunctionYaml;
  readonly folder: string;
  readonly read: (file: string) => Promise<string>;
}

const isNull = (node: Scalar): boolean => {
  const value = scalarValue(node);
  return value instanceof GoScalar && value.value === null;
};

/** A YAML text with the places of its parts. */
export class ConfigText {
  readonly document: Document;
  readonly #text: string;
  readonly #lines: LineCounter;

  constructor(text: string) {
    this.#text = text;
    ({ document: this.document, lines: this.#lines } = parseYaml(text));
  }

  /** The map at the top; undefined if the text holds something else. */
  get root(): YAMLMap | undefined {
    return isMap(this.document.contents) ? this.document.contents : undefined;
  }

  /** @param span the place; undefined marks the first line */
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
    // A span of several lines is marked on its first one.
    const to = span === undefined ? length : Math.max(from, Math.min(length, from + span[1] - span[0]));
    return { code, severity, message, line, from, to, fixes };
  }

  /** The line of a place, from 0. */
  lineOf(offset: number): number {
    return this.#lines.linePos(offset).line - 1;
  }

  /**
   * A new first entry of a map at the top, with the indentation of its neighbours; undefined if the map is written on
   * one line.
   */
  insertionInto(key: string, entry: string): Fix | undefined {
    const pair = entryOf(this.root, key);
    const at = spanOf(pair?.key);
    if (at === undefined) return { kind: 'insert', line: 0, text: `${key}:\n  ${entry}\n` };
    const map = pair?.value;
    if (!isMap(map))
      return isScalar(map) && map.type === 'PLAIN' && isNull(map)
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
