import { InvalidArgumentError } from 'commander';
import { TASK_NAME } from '../shared/api.ts';

/** Parsers of option and argument values; commander shows what they throw, with the option's name. */

export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('A port is a number from 0 (takes a free one) to 65535.');
  return port;
}

export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Write a number from 1.');
  return Number(text);
}

/** For options that may be given several times. */
export function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}

/** `a,b`: the Tasks of one Fusion Group. Arguments that were given before come along. */
export function collectGroup(text: string, earlier: string[][] = []): string[][] {
  return [...earlier, text.split(',').map((name) => checkName(name.trim()))];
}

export function collectName(text: string, earlier: string[] = []): string[] {
  return [...earlier, checkName(text)];
}

function checkName(name: string): string {
  if (!TASK_NAME.test(name)) throw new InvalidArgumentError(`${JSON.stringify(name)} cannot be a Task's name.`);
  return name;
}
