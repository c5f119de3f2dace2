import type { CaseResult } from '../../client/cases/runCase.ts';
import type { Difference } from '../../client/payload/expectedAnswer.ts';
import { formatDuration } from '../../shared/format.ts';
import type { Terminal } from '../terminal.ts';

/** How much of a value is shown, in characters. */
const MOST = 300;
/** How many differences of a case are shown. */
const MOST_PARTS = 20;

/** Prints a result: a line, and below it what is not as expected. */
export function printResult(out: Terminal, { test, duration, differences, error }: CaseResult): void {
  const { colors } = out;
  const isGood = differences.length === 0 && error === undefined;
  const mark = isGood ? colors.green('✔') : colors.red('✖');
  out.line(`  ${mark} ${test.task}/${test.name} ${colors.dim(formatDuration(duration))}`);
  if (error !== undefined) out.line(`      ${error}`);
  for (const difference of differences.slice(0, MOST_PARTS)) {
    const [head = '', ...sides] = describeDifference(difference);
    out.line(`      ${head}`);
    for (const side of sides) out.line(`        ${side.startsWith('-') ? colors.red(side) : colors.green(side)}`);
  }
  if (differences.length > MOST_PARTS) out.line(`      and ${differences.length - MOST_PARTS} more`);
}

/** A difference as in a diff: the path, what was expected, and what came. */
export function describeDifference({ path, expected, actual }: Difference): string[] {
  return [
    path,
    ...(expected === undefined ? [] : [`- ${shown(expected)}`]),
    ...(actual === undefined ? [] : [`+ ${shown(actual)}`]),
  ];
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MOST ? `${text.slice(0, MOST)}... (${text.length} characters)` : text;
}
