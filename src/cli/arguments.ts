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
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Write a whole number of 1 or more.');
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
  return args.map(checkName);
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

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * A time that has passed: `90s`, `5m`, `2h`, `1d` before now, a time of day such as `14:05`, or any date that
 * JavaScript reads.
 * @returns Unix milliseconds
 */
export function parseSince(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
  if (amount !== undefined) return Date.now() - Number(amount) * (UNITS[unit] ?? 0);
  const [, hours, minutes, seconds = '0'] = /^(\d{1,2}):(\d\d)(?::(\d\d))?$/.exec(text) ?? [];
  const time =
    hours === undefined ? Date.parse(text) : new Date().setHours(Number(hours), Number(minutes), Number(seconds), 0);
  if (!Number.isNaN(time)) return time;
  throw new InvalidArgumentError(
    `'${text}' is not a time. Write how long ago (90s, 5m, 2h, 1d), a time of day (14:05) ` +
      'or a date (2026-01-31T14:05).',
  );
}
