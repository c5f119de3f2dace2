import type { z } from 'zod';
import { type JsonPlace, schedulePlaces } from './jsonPlaces.ts';
import { scheduleFileSchema } from './scheduleApi.ts';
import { TASK_NAME } from './taskNamePattern.ts';

/** A fault of a schedule, at its place in the text. */
export interface ScheduleFault {
  readonly message: string;
  readonly offset: number;
  readonly length: number;
  /** Whether media/schemas/schedule.schema.json finds it, too. */
  readonly isOfForm: boolean;
}

/** How many faults of a kind are found. Nobody reads more, and a file may have thousands. */
const MOST = 100;

/** The faults of a schedule that is valid JSON, from top to bottom. */
export function scheduleFaults(text: string): ScheduleFault[] {
  const value: unknown = JSON.parse(text);
  const places = schedulePlaces(text);
  const faults = [...repeatedEntries(places), ...wrongEntries(value, places)];
  const seen = new Set<string>();
  return faults
    .filter(({ message, offset }) => !seen.has(`${offset} ${message}`) && seen.add(`${offset} ${message}`))
    .sort((one, other) => one.offset - other.offset);
}

function repeatedEntries(places: readonly JsonPlace[]): ScheduleFault[] {
  const keys = places.filter(({ path, isKey }) => isKey && path.length === 1);
  const seen = new Set<unknown>();
  const repeated = keys.filter(({ path: [key] }) => seen.has(key) || !seen.add(key));
  return repeated.slice(0, MOST).map(({ path: [key], offset, length }) => ({
    message: `the entry "${key}" is there twice: keep one of them`,
    offset,
    length,
    isOfForm: false,
  }));
}

function wrongEntries(value: unknown, places: readonly JsonPlace[]): ScheduleFault[] {
  const parsed = scheduleFileSchema.safeParse(value);
  if (parsed.success) return [];
  // Of two entries with one key, JSON has the last one.
  const byPath = new Map(places.map((place) => [pathKey(place.path, place.isKey), place]));
  return parsed.error.issues.slice(0, MOST).map((issue) => {
    const meant = issue.path.length === 0 ? undefined : setupMeant(Object(value)[String(issue.path[0])]);
    const isKey = issue.code === 'invalid_key';
    // What should be written replaces the whole entry.
    const path = meant === undefined || isKey ? issue.path : issue.path.slice(0, 1);
    const { offset, length } = placeOf(byPath, path, isKey) ?? { offset: 0, length: 1 };
    return { message: describe(issue, meant), offset, length, isOfForm: issue.code !== 'custom' };
  });
}

const pathKey = (path: readonly PropertyKey[], isKey: boolean): string => `${isKey} ${JSON.stringify(path)}`;

/** The place of a value or key, or of what is around it. */
function placeOf(
  byPath: ReadonlyMap<string, JsonPlace>,
  path: readonly PropertyKey[],
  isKey: boolean,
): JsonPlace | undefined {
  const found = byPath.get(pathKey(path, isKey));
  return found ?? (path.length > 0 ? placeOf(byPath, path.slice(0, -1), false) : undefined);
}

function describe(issue: z.core.$ZodIssue, meant: string | undefined): string {
  if (issue.path.length === 0)
    return `a schedule is an object of seconds and setups, e.g. {"40": [["taska", "taskb"]]} (${issue.message})`;
  const key = String(issue.path[0]);
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
