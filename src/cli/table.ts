import type { Terminal } from './terminal.ts';

export interface Column {
  title: string;
  /** Aligns the column to the right, for numbers. */
  right?: boolean;
  /** Whether it may be cut on a narrow terminal. The last such column is cut first. */
  shrinks?: boolean;
}

const GAP = '  ';
const SMALLEST = 8;

/**
 * Prints rows below their titles. A narrow terminal cuts the columns that may shrink; a pipe gets everything.
 */
export function printTable(
  { colors, width, line }: Terminal,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): void {
  const widths = columns.map((column, index) =>
    Math.max(column.title.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  shrink(widths, columns, width);
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
  for (const row of rows) line(format(row));
}

function shrink(widths: number[], columns: readonly Column[], width: number | undefined): void {
  if (width === undefined) return;
  let excess = widths.reduce((sum, one) => sum + one, GAP.length * (widths.length - 1)) - width;
  for (const [index, column] of [...columns.entries()].reverse()) {
    const present = widths[index] ?? 0;
    if (!column.shrinks || excess <= 0 || present <= SMALLEST) continue;
    const room = Math.max(SMALLEST, present - excess);
    widths[index] = room;
    excess -= present - room;
  }
}

/** Prints names and values, one pair a line. */
export function printFields(
  { colors, line }: Terminal,
  fields: readonly (readonly [name: string, value: string])[],
): void {
  const width = Math.max(...fields.map(([name]) => name.length));
  for (const [name, value] of fields)
    line(`${colors.dim(name.padEnd(width))}  ${value.split('\n').join(`\n${' '.repeat(width + 2)}`)}`);
}
