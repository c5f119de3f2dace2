import { readScheduleDocument } from '../../shared/board/scheduleDocument.ts';
import { schedulePlaces } from '../../shared/jsonPlaces.ts';
import { nearName } from '../../shared/nearName.ts';
import { mixedRuntimes } from '../../shared/runtimeFamily.ts';
import { parseSchedule } from '../../shared/schedule.ts';
import type { ScheduleView } from '../../shared/scheduleApi.ts';
import { scheduleFaults } from '../../shared/scheduleFaults.ts';
import { normalForm } from '../../shared/setup.ts';

/** How many unknown names are marked. */
const MOST = 100;

/** What is marked in the text of a schedule. */
export interface ScheduleMark {
  readonly offset: number;
  readonly length: number;
  readonly message: string;
  readonly isError: boolean;
}

export interface MarkOptions {
  /** Whether VS Code marks wrong forms itself: in JSON that a tab shows, and that has the schema. */
  readonly hasSchema: boolean;
  /** Whether VS Code marks syntax errors itself: in all JSON that a tab shows, unless it is empty. */
  readonly isOpen: boolean;
  /** What the server follows, if it follows this file. */
  readonly followed: Pick<ScheduleView, 'entries' | 'failed'> | undefined;
  /** The runtimes of all Tasks by their names, deployed or not; undefined while they are not known. */
  readonly known: ReadonlyMap<string, string | undefined> | undefined;
}

/**
 * The faults that a server would refuse, entries that it could not apply, names that no Task has, and groups that no
 * function can run.
 */
export function scheduleMarks(text: string, { hasSchema, isOpen, followed, known }: MarkOptions): ScheduleMark[] {
  if (!isJson(text)) return isOpen && text !== '' ? [] : [syntaxMark(text)];
  const faults = scheduleFaults(text);
  if (faults.length > 0)
    return faults
      .filter(({ isOfForm }) => !(isOfForm && hasSchema))
      .map(({ offset, length, message }) => ({ offset, length, message, isError: true }));
  return [
    ...(followed ? failedEntries(text, followed) : []),
    ...(known ? [...unknownNames(text, known), ...mixedGroups(text, known)] : []),
  ];
}

function syntaxMark(text: string): ScheduleMark {
  const document = readScheduleDocument(text);
  if (!document.isBroken)
    return { offset: 0, length: 0, message: 'The file is empty: a schedule without entries is {}', isError: true };
  const { offset, message } = document.fault;
  return { offset, length: 1, message, isError: true };
}

/** An entry that was edited since it failed has no mark: nobody knows yet whether it can be applied. */
function failedEntries(text: string, { entries, failed }: NonNullable<MarkOptions['followed']>): ScheduleMark[] {
  const written = parseSchedule(text, '');
  return failed.flatMap(({ second, reason }) => {
    const [now, then] = [written, entries].map((list) => list.find((entry) => entry.second === second)?.setup);
    if (now === undefined || then === undefined || normalForm(now) !== normalForm(then)) return [];
    const message = `The entry of second ${second} could not be applied: ${reason}`;
    return schedulePlaces(text)
      .filter(({ path, isKey }) => isKey && path[0] === String(second))
      .map(({ offset, length }) => ({ offset, length, message, isError: true }));
  });
}

function unknownNames(text: string, known: ReadonlyMap<string, unknown>): ScheduleMark[] {
  const names = schedulePlaces(text)
    .filter(({ path }) => path.length === 3)
    .map(({ offset, length }) => ({ offset, length, name: String(JSON.parse(text.slice(offset, offset + length))) }));
  const unknown = names.filter(({ name }) => !known.has(name)).slice(0, MOST);
  return unknown.map(({ name, offset, length }) => {
    const meant = nearName(name, [...known.keys()]);
    const question = meant === undefined ? '' : ` Did you mean '${meant}'?`;
    const message = `No Task '${name}' is deployed, and no folder of this workspace has one.${question}`;
    return { offset, length, message, isError: false };
  });
}

/** Groups with Tasks of several languages: a function has one. */
function mixedGroups(text: string, known: ReadonlyMap<string, string | undefined>): ScheduleMark[] {
  return schedulePlaces(text)
    .filter(({ path, isKey }) => path.length === 2 && !isKey)
    .flatMap(({ offset, length }) => {
      const names: string[] = JSON.parse(text.slice(offset, offset + length));
      const message = mixedRuntimes(names, (name) => known.get(name));
      if (message === undefined) return [];
      return [{ offset, length, message, isError: false }];
    })
    .slice(0, MOST);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
