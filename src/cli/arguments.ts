import { InvalidArgumentError } from 'commander';
import { messageOf } from '../shared/errors.ts';
import { checkTaskName } from '../task/taskName.ts';

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

/** `a,b`: the Tasks of one Fusion Group, added to the groups of earlier arguments. */
export function collectGroup(text: string, earlier: string[][] = []): string[][] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes(''))
    throw new InvalidArgumentError('A name is missing. Write the names of a group with commas, without spaces: a,b');
  return [...earlier, names.map(parseName)];
}

export function collectName(text: string, earlier: string[] = []): string[] {
  return [...earlier, parseName(text)];
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
