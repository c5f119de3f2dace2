import type { LogRecord } from '../shared/api.ts';
import type { ScheduleView } from '../shared/scheduleApi.ts';
import { formatGroup } from '../shared/setup.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

/** `1 file`, `2 files`. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** The second that was formatted last: a server writes a line for each request, many of them in one second. */
let lastSecond = Number.NaN;
let lastClock = '';

/** Local time of day in seconds. @param time Unix ms */
export function formatClock(time: number): string {
  const second = Math.floor(time / 1000);
  if (second !== lastSecond) {
    const date = new Date(time);
    lastSecond = second;
    lastClock = [date.getHours(), date.getMinutes(), date.getSeconds()]
      .map((value) => String(value).padStart(2, '0'))
      .join(':');
  }
  return lastClock;
}

/** Local time of day with milliseconds. @param time Unix ms */
export function formatTime(time: number): string {
  return `${formatClock(time)}.${String(Math.floor(time % 1000)).padStart(3, '0')}`;
}

type Painter = Pick<Terminal, 'colors'>;

const paintLevel = ({ colors }: Painter, level: LogRecord['level']): string =>
  ({ debug: colors.dim, info: colors.green, warn: colors.yellow, error: colors.red })[level](level.padEnd(5));

/**
 * The extra fields of a record: `name=value` behind its message. Text of several lines, such as a traceback, stands
 * below it, indented below its name.
 */
function formatFields({ colors }: Painter, fields: LogRecord['with']): { behind: string[]; below: string[] } {
  const behind: string[] = [];
  const below: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    // A traceback ends in a line break.
    const [first = '', ...rest] = (typeof value === 'string' ? value.trimEnd() : JSON.stringify(value)).split('\n');
    if (rest.length === 0) behind.push(colors.dim(`${name}=${first}`));
    else below.push(colors.dim(`${name}:`), ...[first, ...rest].map((line) => colors.dim(`  ${line}`)));
  }
  return { behind, below };
}

/** Whose record it is: a print of a function is one of all its Tasks. */
export const formatSource = ({ task, group, function: name }: LogRecord): string =>
  task ?? (group === undefined ? (name ?? 'server') : formatGroup(group));

/** How far lines below a record are indented, in columns. */
const BELOW = 4;

/**
 * A log record as a line: time, level, Task, message, fields. Further lines of a message and of fields are indented
 * below it.
 */
export function formatLog(painter: Painter & Partial<Pick<Terminal, 'width'>>, record: LogRecord): string {
  const { colors, width = Number.POSITIVE_INFINITY } = painter;
  const { first, rest } = formatMessage(painter, record);
  const line = [colors.dim(formatTime(record.time)), first[0], colors.cyan(formatSource(record)), ...first.slice(1)];
  return [
    ...wrap(line.join(' '), width, BELOW),
    ...rest.flatMap((one) => wrap(`${' '.repeat(BELOW)}${one}`, width)),
  ].join('\n');
}

/** Level, message and fields of a log record as parts of one line, and the lines below it. */
export function formatMessage(painter: Painter, record: LogRecord): { first: string[]; rest: string[] } {
  const [first = '', ...rest] = record.message.trimEnd().split('\n');
  const { behind, below } = formatFields(painter, record.with);
  return { first: [paintLevel(painter, record.level), first, ...behind], rest: [...rest, ...below] };
}

/** What changes the setup from now on. */
export function formatDecider({ optimizer, entries }: ScheduleView): string {
  const { name, state, error } = optimizer;
  if (name === 'static') {
    return entries.length === 0
      ? `${BY_HAND} only: there is no schedule`
      : `the schedule, and ${BY_HAND} until its next entry`;
  }
  if (state === 'running') return `the optimizer '${name}', and ${BY_HAND} until its next decision`;
  return `${BY_HAND} only: the optimizer '${name}' has ended${error === null ? '' : `: ${error}`}`;
}

/** The commands, the API and the editor. */
const BY_HAND = 'you (with fuse and split)';
