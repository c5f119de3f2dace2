import type { ErrorReport } from './errors.ts';

/** The most lines of a failed build that `dev` shows: the last ones, where the reason stands. */
const MOST = 40;

/**
 * The error of a failed build ends with what the command printed last. Where the output is shown anyway, the error
 * shows it no second time.
 * @param shown the lines of the output
 * @param where the words in their place
 */
export function withoutOutput(report: ErrorReport, shown: readonly string[], where: string): ErrorReport {
  const lines = new Set(shown.map((line) => line.trim()));
  const [first = '', ...rest] = report.detail.split('\n');
  const [colon] = [...first.matchAll(/: /g)].filter(({ index }) => lines.has(first.slice(index + 2).trim()));
  // What was printed is behind a colon: in its line, or in the lines below.
  const end = colon?.index ?? (first.endsWith(':') && lines.has(rest[0]?.trim() ?? '') ? first.length - 1 : undefined);
  const head = end === undefined ? first : `${first.slice(0, end)}${where}`;
  return { ...report, detail: [head, ...rest.filter((line) => !lines.has(line.trim()))].join('\n') };
}

/** The first line of an error, with the reason that may begin below its colon. */
export const shortDetail = (detail: string): string => detail.replace(/:\n/, ': ').split('\n')[0] ?? '';

/** The last lines of a build's output, and how many are before them. */
export function lastLines(output: readonly string[]): string[] {
  const before = output.length - MOST;
  return before <= 0 ? [...output] : [`(${before} lines before)`, ...output.slice(before)];
}
