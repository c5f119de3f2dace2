/** One figure, its floor and its goal. */
export interface Row {
  name: string;
  unit: string;
  value: number;
  /** The least that any implementation would cost, or an alternative to compare with, measured in this run. */
  floor?: { what: string; value: number };
  /** The value to reach. */
  goal?: { text: string; met: boolean };
}

const number = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

const ratio = (value: number): string => (value < 0.1 ? `1/${number(1 / value)}` : `${number(value)} x`);

export function printTable(rows: readonly Row[]): void {
  const cells = rows.map((row) => [
    row.name,
    `${number(row.value)} ${row.unit}`,
    row.floor ? `${number(row.floor.value)} ${row.unit}` : '',
    row.floor && row.floor.value > 0 ? ratio(row.value / row.floor.value) : '',
    row.floor?.what ?? '',
    row.goal ? `${row.goal.met ? '✔' : '✖'} ${row.goal.text}` : '',
  ]);
  const table = [['', 'measured', 'floor', 'ratio', 'floor is', 'goal'], ...cells];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0))) ?? [];
  console.log();
  for (const line of table)
    console.log(
      line
        .map((cell, column) =>
          column >= 1 && column <= 3 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    );
}
