import { InvalidArgumentError } from 'commander';
import { messageOf } from '../shared/errors.ts';
import { checkTaskName } from '../task/taskName.ts';
import { UsageError } from './errors.ts';
import { PROGRAM } from './invokedAs.ts';

/** Parsers of option and argument values. Commander shows their errors with the option's name. */

export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('Write a port from 1 to 65535, or 0 for a free one.');
  return port;
}

export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Write a whole number from 1 to 999999999.');
  return Number(text);
}

export function parseName(name: string): string {
  try {
    checkTaskName(name);
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
  return name;
}

/** For options that may be given several times. */
export function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}

/**
 * The groups of `fuse a,b c,d`.
 * @throws UsageError that shows the command that was probably meant
 */
export function parseGroups(args: readonly string[]): string[][] {
  // A space beside a comma makes two arguments of one group.
  const meant = args
    .join(' ')
    .replaceAll(/\s*,[\s,]*/g, ',')
    .replaceAll(/^,|,$/g, '');
  if (args.some((arg) => arg.split(',').some((name) => name.trim() === ''))) {
    const example = meant.includes(',') ? meant : `${meant || 'TASK'},OTHER`;
    throw new UsageError(
      'A name is missing beside a comma. A group is written with commas and without spaces: ' +
        `\`${PROGRAM} fuse ${example}\``,
    );
  }
  const groups = args.map((arg) => arg.split(',').map((name) => checkName(name.trim())));
  const names = groups.flat();
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new UsageError(`Task '${twice}' is named twice. A Task belongs to one Fusion Group: name it once.`);
  return groups;
}

/**
 * The Tasks of `split a b` or `delete a b`.
 * @throws UsageError that shows the command that was probably meant
 */
export function parseNames(args: readonly string[], command: string): string[] {
  if (args.some((arg) => arg.includes(','))) {
    const meant = args.flatMap((arg) => arg.split(',')).map((name) => name.trim());
    const names = meant.filter((name) => name !== '').join(' ') || 'TASK';
    throw new UsageError(`Names are written with spaces and without commas here: \`${PROGRAM} ${command} ${names}\``);
  }
  const names = args.map(checkName);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UsageError(`Task '${twice}' is named twice. Name it once.`);
  return names;
}

function checkName(name: string): string {
  try {
    checkTaskName(name);
  } catch (error) {
    throw new UsageError(messageOf(error), { cause: error });
  }
  return name;
}

/** @returns milliseconds */
export function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds >= 0 && seconds <= 86_400) return seconds * 1000;
  throw new InvalidArgumentError(`'${text}' is not a time. Write seconds from 0 to 86400.`);
}

/** `250`, `250ms` or `1.5s`. @returns milliseconds */
export function parseDuration(text: string): number {
  const [, amount, unit] = /^(\d{1,9}(?:\.\d{1,6})?)(ms|s)?$/.exec(text) ?? [];
  if (amount !== undefined) return Number(amount) * (unit === 's' ? 1000 : 1);
  throw new InvalidArgumentError(`'${text}' is not a duration. Write milliseconds (250, 250ms) or seconds (1.5s).`);
}

/** A status as `GET /-/traces` takes it. */
export function parseStatus(text: string): string {
  if (/^(error|0|[1-9]\d\d|[1-9]xx)$/.test(text)) return text;
  throw new InvalidArgumentError(`'${text}' is not a status. Write one (404), a class (5xx), or error.`);
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/i;

/**
 * A time that has passed: `90s`, `5m`, `2h`, `1d` before now, a time of day such as `14:05`, which is yesterday's if it
 * is later than now, or a date. Times without a zone are local, as those that `logs` shows.
 * @returns Unix milliseconds
 */
export const parseSince = (text: string): number => readSince(text, new Date());

export function readSince(text: string, now: Date): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
  if (amount !== undefined) return Math.max(0, Math.round(now.getTime() - Number(amount) * (UNITS[unit] ?? 0)));
  const time = /^\d{1,2}:\d\d/.test(text) ? timeOfDay(text, now) : timeOfDate(text);
  if (time === undefined)
    throw new InvalidArgumentError(
      `'${text}' is not a time. Write how long ago (90s, 5m, 2h, 1d), a time of day (14:05) ` +
        'or a date (2026-01-31, 2026-01-31T14:05).',
    );
  if (time > now.getTime()) throw new InvalidArgumentError(`'${text}' is in the future. Write a time that has passed.`);
  return Math.max(0, time);
}

/** Undefined for a time that no day has. */
function timeOfDay(text: string, now: Date): number | undefined {
  const [, hours = '', minutes = '', seconds = '0'] = /^(\d{1,2}):(\d\d)(?::(\d\d))?$/.exec(text) ?? [];
  if (hours === '' || !isTime(hours, minutes, seconds)) return undefined;
  const time = new Date(now);
  time.setHours(Number(hours), Number(minutes), Number(seconds), 0);
  // A day is not always 24 hours long.
  if (time > now) time.setDate(time.getDate() - 1);
  return time.getTime();
}

/** Undefined for a day that no month has, and so on: Date takes the 31st of February for the 3rd of March. */
function timeOfDate(text: string): number | undefined {
  const [, year, month, day, hours, minutes = '0', seconds = '0'] = DATE.exec(text) ?? [];
  if (year === undefined) return undefined;
  const midnight = new Date(Number(year), Number(month) - 1, Number(day));
  if (midnight.getMonth() !== Number(month) - 1 || midnight.getDate() !== Number(day)) return undefined;
  // Of a date alone, Date would take the midnight of UTC.
  if (hours === undefined) return midnight.getTime();
  const time = Date.parse(text.toUpperCase().replace(' ', 'T'));
  return isTime(hours, minutes, seconds) && !Number.isNaN(time) ? time : undefined;
}

const isTime = (hours: string, minutes: string, seconds: string): boolean =>
  Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) < 60;

/** A Task's name, or a whole trace's id. A name has at most 40 characters, so that few could be either. */
export const parseTaskOrTrace = (text: string): string => (isTraceId(text) ? text.toLowerCase() : parseName(text));

export const isTraceId = (text: string): boolean => /^[0-9a-f]{32}$/i.test(text);

/** A trace's id or its first characters, as ids are written. */
export function parseTrace(text: string): string {
  if (/^[0-9a-f]{1,32}$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError(
    "Write a trace's id or its first characters: 1 to 32 of 0-9 and a-f. `traces` shows the ids.",
  );
}

/** The id of a span. */
export function parseSpan(text: string): string {
  if (/^[0-9a-f]{16}$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError("Write a span's id: 16 of 0-9 and a-f. `traces -t ID --json` shows them.");
}
