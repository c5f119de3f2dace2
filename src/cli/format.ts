import type { LogRecord } from '../shared/api.ts';
import type { ScheduleView } from '../shared/scheduleApi.ts';
import { formatGroup } from '../shared/setup.ts';
import type { Terminal } from './terminal.ts';

/** `1 file`, `2 files`. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** Local time of day in seconds. */
export function formatClock(time: number): string {
  const date = new Date(time);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((value) => String(value).padStart(2, '0'))
    .join(':');
}

/** Local time of day with milliseconds. */
export function formatTime(time: number): string {
  return `${formatClock(time)}.${String(new Date(time).getMilliseconds()).padStart(3, '0')}`;
}

type Painter = Pick<Terminal, 'colors'>;

const paintLevel = ({ colors }: Painter, level: LogRecord['level']): string =>
  ({ debug: colors.dim, info: colors.green, warn: colors.yellow, error: colors.red })[level](level.padEnd(5));

const formatFields = ({ colors }: Painter, fields: LogRecord['with']): string[] =>
  Object.entries(fields).map(([name, value]) =>
    // A traceback ends in a line break.
    colors.dim(`${name}=${typeof value === 'string' ? value.trimEnd() : JSON.stringify(value)}`),
  );

/** Whose record it is: a print of a function is one of all its Tasks. */
export const formatSource = ({ task, group, function: name }: LogRecord): string =>
  task ?? (group === undefined ? (name ?? 'server') : formatGroup(group));

/** A log record as a line: time, level, Task, message, fields. Further lines of a message are indented below it. */
export function formatLog(painter: Painter, record: LogRecord): string {
  const { colors } = painter;
  return [
    colors.dim(formatTime(record.time)),
    paintLevel(painter, record.level),
    colors.cyan(formatSource(record)),
    record.message.trimEnd().split('\n').join('\n    '),
    ...formatFields(painter, record.with),
  ].join(' ');
}

/** Level, message and fields of a log record; further lines of a message apart. */
export function formatMessage(painter: Painter, record: LogRecord): { first: string; rest: string[] } {
  const [first = '', ...rest] = record.message.trimEnd().split('\n');
  return { first: [paintLevel(painter, record.level), first, ...formatFields(painter, record.with)].join(' '), rest };
}

/** Who decides on setups from now on. */
export function formatDecider({ optimizer, entries }: ScheduleView): string {
  const { name, state, error } = optimizer;
  if (name === 'static')
    return entries.length === 0 ? 'requests alone: the schedule is empty' : 'the schedule, and requests';
  if (state === 'running') return `the optimizer '${name}', and requests`;
  return `requests alone: the optimizer '${name}' has ended${error === null ? '' : `: ${error}`}`;
}
