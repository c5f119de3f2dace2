import type { LogRecord } from '../shared/api.ts';
import type { Terminal } from './terminal.ts';

/** `1 file`, `2 files`. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** A group as people read it: `a + b`. */
export const formatGroup = (names: readonly string[]): string => names.join(' + ');

/** Local time of day with milliseconds. */
export function formatTime(time: number): string {
  const date = new Date(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** A log record as a line: time, level, Task, message, fields; further lines of a message stand below its first. */
export function formatLog({ colors }: Pick<Terminal, 'colors'>, record: LogRecord): string {
  const paint = { debug: colors.dim, info: colors.green, warn: colors.yellow, error: colors.red }[record.level];
  const fields = Object.entries(record.with).map(([name, value]) =>
    colors.dim(`${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`),
  );
  const message = record.message.trimEnd().split('\n').join('\n    ');
  const source = record.task ?? record.function ?? 'server';
  return [
    colors.dim(formatTime(record.time)),
    paint(record.level.padEnd(5)),
    colors.cyan(source),
    message,
    ...fields,
  ].join(' ');
}
