import type { BoardEntry } from '../../src/shared/board/scheduleDocument.ts';
import type { EntryRef, GroupRef } from '../../src/shared/board/scheduleEdits.ts';

/** What has the keyboard's focus on the board: an entry's head, a group's head, or a Task. */
export interface Place {
  readonly entry: EntryRef;
  /** undefined: the entry itself. */
  readonly group: number | undefined;
  /** undefined: the group itself. */
  readonly task: string | undefined;
}

/** Where a Task or a group can be put down. */
export interface Target {
  readonly entry: EntryRef;
  readonly to: number | 'new' | 'none';
}

export const refOf = ({ key, nth }: BoardEntry): EntryRef => ({ key, nth });

export const isSameRef = (one: EntryRef, other: EntryRef): boolean => one.key === other.key && one.nth === other.nth;

export const isSamePlace = (one: Place, other: Place): boolean =>
  isSameRef(one.entry, other.entry) && one.group === other.group && one.task === other.task;

/** A text that identifies a place, for an attribute of its element. */
export const placeKey = ({ entry, group, task }: Place): string =>
  JSON.stringify([entry.key, entry.nth, group ?? null, task ?? null]);

/** The group of an entry as an edit names it. */
export const groupRef = (entry: BoardEntry, index: number): GroupRef => ({
  index,
  tasks: entry.groups?.[index]?.tasks ?? [],
});

/** All places of an entry from top to bottom: its head, and each group's head and Tasks. */
export function placesOf(entry: BoardEntry): Place[] {
  const ref = refOf(entry);
  return [
    { entry: ref, group: undefined, task: undefined },
    ...(entry.groups ?? []).flatMap(({ tasks }, group): Place[] => [
      { entry: ref, group, task: undefined },
      ...tasks.map((task): Place => ({ entry: ref, group, task })),
    ]),
  ];
}

/** The places where something can be put down in an entry, from top to bottom. */
export const targetsOf = (entry: BoardEntry): Target[] => {
  const ref = refOf(entry);
  const groups = (entry.groups ?? []).map((_, index): Target => ({ entry: ref, to: index }));
  return [...groups, { entry: ref, to: 'new' }, { entry: ref, to: 'none' }];
};

/**
 * Where the focus is after the text has changed: at the same thing, where it is now, or at what is left of what was
 * around it.
 */
export function placeAfter(place: Place, entries: readonly BoardEntry[]): Place | undefined {
  const entry = entries.find((one) => isSameRef(one, place.entry)) ?? entries[0];
  if (entry === undefined) return undefined;
  const head: Place = { entry: refOf(entry), group: undefined, task: undefined };
  if (!isSameRef(entry, place.entry)) return head;
  const { task } = place;
  if (task !== undefined) {
    const group = entry.groups?.findIndex(({ tasks }) => tasks.includes(task)) ?? -1;
    if (group >= 0) return { entry: refOf(entry), group, task };
  }
  const count = entry.groups?.length ?? 0;
  if (place.group === undefined || count === 0) return head;
  return { entry: refOf(entry), group: Math.min(place.group, count - 1), task: undefined };
}
