import type { z } from 'zod';
import { FusionizerError, messageOf } from './errors.ts';
import { repeatedKey } from './repeatedKey.ts';
import { type ScheduleEntry, type ScheduleFile, scheduleFileSchema } from './scheduleApi.ts';
import { TASK_NAME } from './setupApi.ts';

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
    throw notJson(text, file, messageOf(cause), cause);
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
  const problems = new Set(parsed.error.issues.map((issue) => describe(issue, value)));
  const key = String(parsed.error.issues[0]?.path[0] ?? '');
  const at = text.indexOf(JSON.stringify(key));
  const line = at < 0 ? undefined : text.slice(0, at).split('\n').length;
  throw new FusionizerError(
    'malformed',
    `${file}${line === undefined ? '' : `:${line}`}: ${[...problems].join('; ')}`,
    {
      file,
      line,
      cause: parsed.error,
    },
  );
}

function describe(issue: z.core.$ZodIssue, file: unknown): string {
  if (issue.path.length === 0)
    return `a schedule is an object of seconds and setups, e.g. {"40": [["taska", "taskb"]]} (${issue.message})`;
  const key = String(issue.path[0]);
  const meant = setupMeant(Object(file)[key]);
  const inner = issue.code === 'invalid_key' ? issue.issues.map(({ message }) => message).join('; ') : issue.message;
  return `entry "${key}": ${meant === undefined || issue.code === 'invalid_key' ? inner : `write ${meant}`}`;
}

/** The setup that was meant by names outside of a group, as in `["a", "b"]`. Without another group, they are one. */
function setupMeant(value: unknown): string | undefined {
  const parts: unknown[] = Array.isArray(value) ? value : [value];
  const isName = (part: unknown): part is string => typeof part === 'string' && TASK_NAME.test(part);
  const isGroup = (part: unknown): part is string[] => Array.isArray(part) && part.every(isName);
  if (!parts.some(isName) || !parts.every((part) => isName(part) || isGroup(part))) return undefined;
  const groups = parts.every(isName) ? [parts] : parts.map((part) => (isName(part) ? [part] : part));
  return JSON.stringify(groups).replaceAll(',', ', ');
}

const STRING_OR_LAST_COMMA = /"(?:[^"\\]|\\.)*"|,(?=\s*[\]}])/g;

/** @param message of JSON.parse, which does not always say where */
function notJson(text: string, file: string, message: string, cause: unknown): FusionizerError {
  const comma = [...text.matchAll(STRING_OR_LAST_COMMA)].find(([found]) => found === ',');
  const [, position] = /position (\d+)/.exec(message) ?? [];
  const offset = comma?.index ?? (position === undefined ? undefined : Number(position));
  if (offset === undefined)
    return new FusionizerError('malformed', `${file} is not valid JSON: ${message}`, { file, cause });
  const before = text.slice(0, offset).split('\n');
  const line = before.length;
  const why =
    comma === undefined
      ? message.replace(/ in JSON at position .*/, '')
      : 'remove the comma, because nothing follows it';
  const place = `line ${line}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  return new FusionizerError('malformed', `${file} is not valid JSON at ${place}: ${why}`, { file, line, cause });
}

/** How many entries a message lists. */
const MAX_SHOWN = 50;

/** @throws FusionizerError `not-found` if there is no entry for that second */
export function entryOf(entries: readonly ScheduleEntry[], second: number): ScheduleEntry {
  const entry = entries.find((one) => one.second === second);
  if (entry) return entry;
  const seconds = entries.slice(0, MAX_SHOWN).map((one) => one.second);
  const more = entries.length > MAX_SHOWN ? ` and ${entries.length - MAX_SHOWN} more` : '';
  throw new FusionizerError(
    'not-found',
    `The schedule has no entry for second ${second}, only for: ${seconds.join(', ') || '-'}${more}`,
  );
}

/** The current entry: the one with the largest second <= now. */
export function entryInForce(entries: readonly ScheduleEntry[], seconds: number): ScheduleEntry | undefined {
  return entries.findLast((entry) => entry.second <= seconds);
}
