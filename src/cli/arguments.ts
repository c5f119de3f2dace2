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
  return [...earlier, text.split(',').map((name) => parseName(name.trim()))];
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
