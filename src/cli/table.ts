import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

export interface Column {
  title: string;
  /** Aligns the column to the right, for numbers. */
  right?: boolean;
  /** Whether it may be cut on a narrow terminal. The last such column is cut first. */
  shrinks?: boolean;
  /** Whether it may be left out where cutting is not enough. The last such column is left out first. */
  optional?: boolean;
}

const GAP = '  ';
const SMALLEST = 8;

/**
 * Prints rows below their titles. On a narrow terminal, columns that may shrink are cut, and then optional ones left
 * out; a pipe gets everything.
 * @param headings lines before rows, each at the index of its row
 */
export function printTable(
  terminal: Terminal,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  headings: readonly (string | undefined)[] = [],
): void {
  const { colors, width, line } = terminal;
  const widths = columns.map((column, index) =>
    Math.max(column.title.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  shrink(widths, columns, width);
  const left = columns.findLastIndex(({ optional }) => optional);
  if (width !== undefined && sum(widths) > width && left >= 0) {
    printTable(
      terminal,
      columns.toSpliced(left, 1),
      rows.map((row) => row.toSpliced(left, 1)),
      headings,
    );
    return;
  }
  const format = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => {
        const room = widths[index] ?? 0;
        const text = cell.length > room ? `${cell.slice(0, Math.max(0, room - 1))}…` : cell;
        return columns[index]?.right ? text.padStart(room) : text.padEnd(room);
      })
      .join(GAP)
      .trimEnd();
  line(colors.dim(format(columns.map(({ title }) => title))));
  for (const [index, row] of rows.entries()) {
    const heading = headings[index];
    if (heading !== undefined) line(heading);
    line(format(row));
  }
}

/** The width of a line. */
const sum = (widths: readonly number[]): number =>
  widths.reduce((all, one) => all + one, GAP.length * (widths.length - 1));

function shrink(widths: number[], columns: readonly Column[], width: number | undefined): void {
  if (width === undefined) return;
  let excess = sum(widths) - width;
  for (const [index, column] of [...columns.entries()].reverse()) {
    const present = widths[index] ?? 0;
    if (!column.shrinks || excess <= 0 || present <= SMALLEST) continue;
    const room = Math.max(SMALLEST, present - excess);
    widths[index] = room;
    excess -= present - room;
  }
}

/** Prints names and values, one pair a line. On a terminal, values are broken between words, below themselves. */
export function printFields(
  { colors, line, width = Number.POSITIVE_INFINITY }: Terminal,
  fields: readonly (readonly [name: string, value: string])[],
): void {
  const names = Math.max(...fields.map(([name]) => name.length));
  const indent = names + GAP.length;
  for (const [name, value] of fields) {
    const lines = value.split('\n').flatMap((one) => wrap(one, Math.max(SMALLEST, width - indent)));
    line(`${colors.dim(name.padEnd(names))}${GAP}${lines.join(`\n${' '.repeat(indent)}`)}`);
  }
}
