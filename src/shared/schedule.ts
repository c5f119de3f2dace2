import { readScheduleDocument } from './board/scheduleDocument.ts';
import { FusionizerError, messageOf } from './errors.ts';
import { type ScheduleEntry, type ScheduleFile, scheduleFileSchema } from './scheduleApi.ts';
import { scheduleFaults } from './scheduleFaults.ts';

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
 * @throws FusionizerError `malformed` with all faults, a line for each, and the line of the first if it is known
 */
export function parseSchedule(text: string, file: string): ScheduleEntry[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw notJson(text, file, messageOf(cause), cause);
  }
  const faults = scheduleFaults(text);
  if (faults.length === 0) return toEntries(scheduleFileSchema.parse(value));
  const placed = faults.map(({ message, offset }) => ({ message, line: text.slice(0, offset).split('\n').length }));
  const message = placed.map(({ message: why, line }) => `${file}:${line}: ${why}`).join('\n');
  throw new FusionizerError('malformed', message, { file, line: placed[0]?.line });
}

const STRING_OR_LAST_COMMA = /"(?:[^"\\]|\\.)*"|,(?=\s*[\]}])/g;

/** @param message of JSON.parse, which does not always say where */
function notJson(text: string, file: string, message: string, cause: unknown): FusionizerError {
  const malformed = (what: string, line?: number): FusionizerError =>
    new FusionizerError('malformed', `${file} is not valid JSON${what}`, { file, line, cause });
  if (text.trim() === '') return malformed(': the file is empty, and a schedule without entries is {}');
  const comma = [...text.matchAll(STRING_OR_LAST_COMMA)].find(([found]) => found === ',');
  const [, position] = /position (\d+)/.exec(message) ?? [];
  const offset = comma?.index ?? (position === undefined ? undefined : Number(position));
  const document = readScheduleDocument(text);
  if (offset === undefined && document.isBroken) {
    const { line, column, message: why } = document.fault;
    return malformed(` at line ${line}, column ${column}: ${why}`, line);
  }
  const before = text.slice(0, offset).split('\n');
  const line = before.length;
  const why =
    comma === undefined
      ? message.replace(/ in JSON at position .*/, '')
      : 'remove the comma, because nothing follows it';
  return malformed(` at line ${line}, column ${(before.at(-1)?.length ?? 0) + 1}: ${why}`, line);
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
