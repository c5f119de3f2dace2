import { announce } from '../kit/announce.ts';
import { addEntry, addTask, drop, duplicateEntry, moveEntry, remove, splitGroup } from './commands.ts';
import { isSamePlace, isSameRef, type Place, placesOf, type Target, targetsOf } from './place.ts';
import type { ScheduleStore } from './store.ts';

/** Handles a key on the board. @returns whether it was one of the board's */
export function onBoardKey(store: ScheduleStore, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const place = store.cursor;
  if (store.picked) return onCarryKey(store, event.key);
  if (event.key.toLowerCase() === 'a' && !event.shiftKey) return did(addEntry(store));
  if (place === undefined) return false;
  switch (event.key) {
    case 'ArrowUp':
      return step(store, place, -1);
    case 'ArrowDown':
      return step(store, place, 1);
    case 'ArrowLeft':
      return turn(store, place, -1);
    case 'ArrowRight':
      return turn(store, place, 1);
    case 'Home':
      return turn(store, place, Number.NEGATIVE_INFINITY);
    case 'End':
      return turn(store, place, Number.POSITIVE_INFINITY);
    case 'Enter':
    case ' ':
      return pickUp(store, place);
    case 'Delete':
    case 'Backspace':
      return did(remove(store, place));
    case 'm':
      return did(moveEntry(store, place));
    case 'd':
      return did(duplicateEntry(store, place));
    case 's':
      return did(splitGroup(store, place));
    case 't':
      return did(addTask(store, place));
    default:
      return false;
  }
}

const did = (work: Promise<unknown>): true => {
  void work;
  return true;
};

/** The entries from left to right. */
const ordered = (store: ScheduleStore) => store.layout.columns.flatMap(({ index }) => store.entries[index] ?? []);

function step(store: ScheduleStore, place: Place, by: number): true {
  const entry = store.entries.find((one) => isSameRef(one, place.entry));
  const places = entry ? placesOf(entry) : [];
  const at = places.findIndex((one) => isSamePlace(one, place));
  store.focus(places[Math.max(0, Math.min(places.length - 1, at + by))] ?? place);
  return true;
}

function turn(store: ScheduleStore, place: Place, by: number): true {
  const entries = ordered(store);
  const at = entries.findIndex((one) => isSameRef(one, place.entry));
  const entry = entries[Math.max(0, Math.min(entries.length - 1, at + by))];
  if (entry === undefined) return true;
  // The same Task if it is there, else the head.
  const places = placesOf(entry);
  const same = place.task === undefined ? undefined : places.find(({ task }) => task === place.task);
  store.focus(same ?? places[0]);
  return true;
}

/** Picks up a Task or a group: arrows choose where it goes, Enter puts it down, Escape puts it back. */
function pickUp(store: ScheduleStore, place: Place): true {
  const entry = store.entries.find((one) => isSameRef(one, place.entry));
  if (entry === undefined || place.group === undefined) return did(moveEntry(store, place));
  const target: Target = { entry: place.entry, to: place.group };
  const tasks = entry.groups?.[place.group]?.tasks ?? [];
  const what = place.task ?? `the group ${tasks.join(', ')}`;
  store.pick(
    place.task === undefined ? { kind: 'group', from: place, tasks } : { kind: 'task', task: place.task },
    target,
  );
  announce(`Picked up ${what}. Arrows choose a place, Enter puts it down, Escape puts it back.`);
  return true;
}

function onCarryKey(store: ScheduleStore, key: string): boolean {
  const { target, picked } = store;
  if (key === 'Escape') {
    store.pick(undefined);
    store.focus(store.cursor);
    announce('Put back');
    return true;
  }
  if (key === 'Enter' || key === ' ') {
    if (target) void drop(store, target);
    return true;
  }
  const entries = ordered(store);
  const at = target === undefined ? 0 : entries.findIndex((one) => isSameRef(one, target.entry));
  const entry = entries[at];
  if (entry === undefined) return true;
  if (key === 'ArrowUp' || key === 'ArrowDown') {
    const all = targetsOf(entry);
    const place = all.findIndex(({ to }) => to === target?.to);
    aim(store, all[(place + (key === 'ArrowUp' ? all.length - 1 : 1)) % all.length]);
    return true;
  }
  // A group stays in its entry.
  if ((key === 'ArrowLeft' || key === 'ArrowRight') && picked?.kind === 'task') {
    const next = entries[Math.max(0, Math.min(entries.length - 1, at + (key === 'ArrowLeft' ? -1 : 1)))];
    aim(store, next && targetsOf(next)[0]);
  }
  return true;
}

function aim(store: ScheduleStore, target: Target | undefined): void {
  store.aim(target);
  if (target === undefined) return;
  const entry = store.entries.find((one) => isSameRef(one, target.entry));
  const tasks = typeof target.to === 'number' ? entry?.groups?.[target.to]?.tasks : undefined;
  const where =
    target.to === 'new'
      ? 'a group of its own'
      : target.to === 'none'
        ? 'out of the entry'
        : `with ${tasks?.join(', ')}`;
  announce(`${where}, entry ${target.entry.key}`);
}
