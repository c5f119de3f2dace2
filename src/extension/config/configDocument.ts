import { type Document, isMap, isScalar, type LineCounter, type Scalar, type YAMLMap } from 'yaml';
import { type FunctionYaml, INLINE_KEY } from '../../task/yaml/functionYaml.ts';
import { GoScalar } from '../../task/yaml/goScalar.ts';
import { scalarValue } from '../../task/yaml/goValue.ts';
import type { InlineBlock } from '../../task/yaml/inlineConfig.ts';
import { parseYaml } from '../../task/yaml/parseYaml.ts';
import { entryOf, innerOf, type Span, spanOf, valueAt } from '../../task/yaml/yamlPlaces.ts';
import type { ConfigProblem, Fix, LinePlace, Severity } from './configProblem.ts';
import type { Read } from './folderHandlers.ts';
import { likeWritten } from './yamlText.ts';

/** What every check of a configuration works on. */
export interface Checked {
  readonly text: ConfigText;
  readonly yaml: FunctionYaml;
  readonly folder: string;
  /** What counts for fields that an inline configuration leaves out; undefined for function.yaml. */
  readonly defaults: { readonly runtime: string; readonly handler: string } | undefined;
  readonly read: Read;
}

/** Where the text of an inline configuration is in its file. */
export interface InlinePlace {
  /** The line of the file with the text's first line, from 0. */
  readonly line: number;
  /** What each line of the file begins with, which the text leaves out. */
  readonly prefix: string;
}

export const isNull = (node: Scalar): boolean => {
  const value = scalarValue(node);
  return value instanceof GoScalar && value.value === null;
};

/** A YAML text with the places of its parts in the file. */
export class ConfigText {
  readonly document: Document;
  readonly text: string;
  readonly #lines: LineCounter;
  readonly #inline: InlinePlace | undefined;

  constructor(text: string, inline?: InlinePlace) {
    this.text = text;
    this.#inline = inline;
    ({ document: this.document, lines: this.#lines } = parseYaml(text));
  }

  /** The text of an inline configuration. */
  static inline({ text, line, prefix }: InlineBlock): ConfigText {
    return new ConfigText(text, { line, prefix });
  }

  /** The map of the configuration; undefined if the text holds something else. */
  get root(): YAMLMap | undefined {
    const root = this.#inline ? valueAt(this.document.contents, INLINE_KEY) : this.document.contents;
    return isMap(root) ? root : undefined;
  }

  /** @param span the place; undefined marks the first line */
  problem(
    span: Span | undefined,
    severity: Severity,
    code: string,
    message: string,
    fixes: readonly Fix[] = [],
  ): ConfigProblem {
    const first = this.#inline && spanOf(entryOf(this.document.contents, INLINE_KEY)?.key);
    return { code, severity, message, ...this.placeOf(span ?? first ?? this.spanOfLine(0)), fixes };
  }

  /** The place of a span in the file. One of several lines is marked on its first one. */
  placeOf([from, to]: Span): LinePlace {
    const start = this.#lines.linePos(from);
    const line = Math.max(0, start.line - 1);
    const length = this.text.split('\n', line + 1)[line]?.trimEnd().length ?? 0;
    const column = Math.max(0, start.col - 1);
    const end = Math.max(column, Math.min(length, column + to - from));
    const { line: above, prefix } = this.#inline ?? { line: 0, prefix: '' };
    return { line: above + line, from: prefix.length + column, to: prefix.length + end };
  }

  /** The value at a path of keys and indexes. */
  nodeAt(path: readonly string[]): unknown {
    return path.reduce<unknown>((inner, key) => innerOf(inner, key)[1], this.root);
  }

  /** Replaces a value or a key, and keeps its quotes. */
  replacement(node: unknown, text: string): Fix {
    const span = spanOf(node);
    const written = span === undefined ? '' : this.text.slice(...span);
    const fix: Fix = { kind: 'replace', text: likeWritten(written, text) };
    return span === undefined ? fix : { ...fix, at: this.placeOf(span) };
  }

  /** The line of a place in the text, from 0. */
  lineOf(offset: number): number {
    return this.#lines.linePos(offset).line - 1;
  }

  /** The column of a place in the text, from 0. */
  columnOf(offset: number): number {
    return this.#lines.linePos(offset).col - 1;
  }

  /**
   * A new first entry of a map, with the indentation of its neighbours. Maps that are not there are added, too.
   * @returns undefined if a map is written on one line
   */
  insertionInto(path: readonly string[], entry: string): Fix | undefined {
    const [key, ...below] = path;
    if (key === undefined) return undefined;
    return this.#insertInto(this.root, 0, [key, ...below], entry);
  }

  /** Lines before a line of the text, counted from 0. */
  insertion(line: number, lines: readonly string[]): Fix {
    const { line: above, prefix } = this.#inline ?? { line: 0, prefix: '' };
    return { kind: 'insert', line: above + line, text: lines.map((one) => `${prefix}${one}\n`).join('') };
  }

  #insertInto(map: YAMLMap | undefined, indent: number, path: readonly string[], entry: string): Fix | undefined {
    if (map?.flow) return undefined;
    const [key, ...below] = path;
    const start = map?.range?.[0];
    const column = start === undefined ? indent : this.columnOf(start);
    if (key === undefined)
      return start === undefined ? undefined : this.insertion(this.lineOf(start), indented(column, [entry]));
    const pair = entryOf(map, key);
    const at = spanOf(pair?.key);
    if (at === undefined) {
      const line = start === undefined || map === this.root ? this.#firstLine : this.lineOf(start);
      return this.insertion(line, indented(column, [...path.map((one) => `${one}:`), entry], 2));
    }
    if (isMap(pair?.value)) return this.#insertInto(pair.value, column + 2, below, entry);
    if (!isScalar(pair?.value) || pair.value.type !== 'PLAIN' || !isNull(pair.value)) return undefined;
    const lines = indented(column + 2, [...below.map((one) => `${one}:`), entry], 2);
    return this.insertion(this.lineOf(at[0]) + 1, lines);
  }

  /** The line of the text that the configuration begins at. */
  get #firstLine(): number {
    const start = this.#inline ? this.root?.range?.[0] : 0;
    return this.lineOf(start ?? 0);
  }

  /** A whole line of the text, counted from 0. */
  spanOfLine(line: number): Span {
    const start = this.#lines.lineStarts[line] ?? 0;
    const text = this.text.slice(start).split('\n', 1)[0] ?? '';
    return [start + (text.length - text.trimStart().length), start + text.trimEnd().length];
  }
}

/** Lines with their indentation. @param step the spaces that each one is further in than the one before */
const indented = (column: number, lines: readonly string[], step = 0): string[] =>
  lines.map((one, index) => ' '.repeat(column + step * index) + one);
