import type { z } from 'zod';
import { type ScheduleEntry, type ScheduleFile, scheduleFileSchema } from './api.ts';
import { FusionizerError, messageOf } from './errors.ts';
import { repeatedKey } from './repeatedKey.ts';

/** The entries of a schedule, sorted by their seconds. */
export function toEntries(file: ScheduleFile): ScheduleEntry[] {
  return Object.entries(file)
    .map(([second, setup]) => ({ second: Number(second), setup }))
    .sort((a, b) => a.second - b.second);
}

export function toFile(entries: readonly ScheduleEntry[]): ScheduleFile {
  return Object.fromEntries(entries.map(({ second, setup }) => [String(second), setup]));
}

/**
 * Parses a schedule: `{"40": [["taska", "taskb"]]}`.
 * @param file the name for errors
 * @throws FusionizerError `malformed`, with the line if it is known
 */
export function parseSchedule(text: string, file: string): ScheduleEntry[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new FusionizerError('malformed', `${file} is not valid JSON: ${messageOf(cause)}`, {
      file,
      line: lineOfJsonError(text, messageOf(cause)),
      cause,
    });
  }
  const repeated = repeatedKey(text);
  if (repeated) {
    const line = text.slice(0, repeated.offset).split('\n').length;
    throw new FusionizerError(
      'malformed',
      `${file}:${line}: the entry "${repeated.key}" is there twice: keep one of them`,
      { file, line },
    );
  }
  const parsed = scheduleFileSchema.safeParse(value);
  if (parsed.success) return toEntries(parsed.data);
  const problems = parsed.error.issues.map((issue) => describe(issue));
  const key = String(parsed.error.issues[0]?.path[0] ?? '');
  const at = text.indexOf(JSON.stringify(key));
  const line = at < 0 ? undefined : text.slice(0, at).split('\n').length;
  throw new FusionizerError('malformed', `${file}${line === undefined ? '' : `:${line}`}: ${problems.join('; ')}`, {
    file,
    line,
    cause: parsed.error,
  });
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.path.length === 0)
    return `a schedule is an object of seconds and setups, e.g. {"40": [["taska", "taskb"]]} (${issue.message})`;
  const inner = issue.code === 'invalid_key' ? issue.issues.map(({ message }) => message).join('; ') : issue.message;
  return `entry "${String(issue.path[0])}": ${inner}`;
}

function lineOfJsonError(text: string, message: string): number | undefined {
  const [, position] = /position (\d+)/.exec(message) ?? [];
  return position === undefined ? undefined : text.slice(0, Number(position)).split('\n').length;
}

/** @throws FusionizerError `not-found` if there is no entry for that second */
export function entryOf(entries: readonly ScheduleEntry[], second: number): ScheduleEntry {
  const entry = entries.find((one) => one.second === second);
  if (entry) return entry;
  throw new FusionizerError(
    'not-found',
    `The schedule has no entry for second ${second}, only for: ${entries.map((one) => one.second).join(', ') || '-'}`,
  );
}

/** The current entry: the one with the largest second <= now. */
export function entryInForce(entries: readonly ScheduleEntry[], seconds: number): ScheduleEntry | undefined {
  return entries.findLast((entry) => entry.second <= seconds);
}
