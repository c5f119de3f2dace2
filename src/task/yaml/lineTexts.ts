import type { Span } from './yamlPlaces.ts';

/** The lines of a YAML text, from 0, and how they are indented. */
export class LineTexts {
  readonly text: string;
  readonly #lines: readonly string[];
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.text = text;
    this.#lines = text.split('\n');
    let start = 0;
    this.#starts = this.#lines.map((line) => {
      const own = start;
      start += line.length + 1;
      return own;
    });
  }

  /** The line of a place. */
  at(offset: number): number {
    const after = this.#starts.findIndex((start) => start > offset);
    return after < 0 ? this.#starts.length - 1 : after - 1;
  }

  /** What a line has between its indentation and its end. */
  content(line: number): string {
    return (this.#lines[line] ?? '').trim();
  }

  spanOf(line: number): Span {
    const start = (this.#starts[line] ?? 0) + this.indent(line);
    return [start, start + Math.max(1, this.content(line).length)];
  }

  /** How many spaces or tabs a line begins with. */
  indent(line: number): number {
    return /^\s*/.exec((this.#lines[line] ?? '').trimEnd())?.[0].length ?? 0;
  }

  /** The column, from 0, of what a line begins with: after the `- ` of a list's item. */
  keyColumn(line: number): number {
    return this.indent(line) + (/^(- +)*/.exec(this.content(line))?.[0].length ?? 0);
  }

  /** The next line that is neither empty nor a comment; undefined after the last one. */
  next(line: number): number | undefined {
    const found = this.#lines.findIndex((text, index) => index > line && /^\s*[^\s#]/.test(text));
    return found < 0 ? undefined : found;
  }

  /** The columns at which the open maps and lists above a line begin, from the outermost one. */
  columnsAbove(line: number): number[] {
    const columns = new Set<number>();
    let least = Number.POSITIVE_INFINITY;
    for (let above = line - 1; above >= 0 && least > 0; above -= 1) {
      if (!/^\s*[^\s#]/.test(this.#lines[above] ?? '')) continue;
      const indent = this.indent(above);
      if (indent >= least) continue;
      for (const column of [this.keyColumn(above), indent]) columns.add(column);
      least = indent;
    }
    return [...columns].sort((one, other) => one - other);
  }
}
