import { groupRef, isSameRef, type Place, refOf, type Target } from './place.ts';
import type { ScheduleStore } from './store.ts';

/** What a person does on the board, by key, button or mouse. */

const entryOf = (store: ScheduleStore, { entry }: Pick<Place, 'entry'>) =>
  store.entries.find((one) => isSameRef(one, entry));

const head = (key: string): Place => ({ entry: { key, nth: 0 }, group: undefined, task: undefined });

/** A second after the one of an entry, or after all, that no entry has. */
function freeSecond(store: ScheduleStore, after: number | undefined): number {
  const taken = new Set(store.entries.map(({ second }) => second));
  const last = Math.max(-30, ...store.entries.map(({ second }) => second ?? 0));
  let second = after === undefined ? last + 30 : after + 10;
  while (taken.has(second)) second += 1;
  return Math.min(second, 999_999_999);
}

export async function addEntry(store: ScheduleStore): Promise<void> {
  const second = await store.askSecond('Add an entry', freeSecond(store, undefined));
  if (second === undefined) return;
  await store.edit({ kind: 'addEntry', second }, `Added the entry of second ${second}`, head(String(second)));
}

export async function moveEntry(store: ScheduleStore, place: Place): Promise<void> {
  const entry = entryOf(store, place);
  if (entry === undefined) return;
  const second = await store.askSecond(
    `Move the entry ${entry.key} in time`,
    entry.second ?? freeSecond(store, undefined),
  );
  if (second === undefined) return;
  const then = { ...place, entry: { key: String(second), nth: 0 } };
  await store.edit({ kind: 'moveEntry', entry: refOf(entry), second }, `The entry is at second ${second} now`, then);
}

export async function duplicateEntry(store: ScheduleStore, place: Place): Promise<void> {
  const entry = entryOf(store, place);
  if (entry === undefined) return;
  const second = await store.askSecond(`Duplicate the entry ${entry.key}`, freeSecond(store, entry.second));
  if (second === undefined) return;
  const said = `Added the entry of second ${second}, as the one of ${entry.key}`;
  await store.edit({ kind: 'duplicateEntry', entry: refOf(entry), second }, said, head(String(second)));
}

export async function deleteEntry(store: ScheduleStore, place: Place): Promise<void> {
  const order = store.layout.columns;
  const at = order.findIndex(({ index }) => {
    const one = store.entries[index];
    return one !== undefined && isSameRef(one, place.entry);
  });
  const next = store.entries[order[at + 1]?.index ?? order[at - 1]?.index ?? -1];
  const then = next && { entry: refOf(next), group: undefined, task: undefined };
  await store.edit({ kind: 'deleteEntry', entry: place.entry }, `Deleted the entry ${place.entry.key}`, then);
}

/** Asks for a Task, and puts it into a group of its own, or into the group that has the focus. */
export async function addTask(store: ScheduleStore, place: Place): Promise<void> {
  const entry = entryOf(store, place);
  if (entry === undefined) return;
  const there = new Set(entry.groups?.flatMap(({ tasks }) => tasks));
  const names = (store.live?.tasks ?? []).map(({ name }) => name).filter((name) => !there.has(name));
  const title = place.group === undefined ? 'Add a Task in a group of its own' : 'Add a Task to the group';
  const task = await store.askTask(title, names);
  if (task === undefined) return;
  await putTask(store, task, { entry: place.entry, to: place.group ?? 'new' });
}

/** Puts a Task down. */
export async function putTask(store: ScheduleStore, task: string, { entry: ref, to }: Target): Promise<void> {
  const entry = entryOf(store, { entry: ref });
  if (entry === undefined) return;
  const where = typeof to === 'number' ? groupRef(entry, to) : to;
  const others = typeof where === 'string' ? [] : where.tasks.filter((name) => name !== task);
  const said =
    to === 'none'
      ? `${task} is out of the entry ${entry.key}: it runs by itself`
      : others.length === 0
        ? `${task} has a group of its own in the entry ${entry.key}`
        : `${task} is fused with ${others.join(', ')} in the entry ${entry.key}`;
  const group = typeof to === 'number' ? to : undefined;
  await store.edit({ kind: 'moveTask', entry: ref, task, to: where }, said, { entry: ref, group, task });
}

/** The Tasks of a group join another one, or each gets one of its own. */
export async function putGroup(store: ScheduleStore, from: Place, { entry: ref, to }: Target): Promise<void> {
  const entry = entryOf(store, { entry: ref });
  if (entry === undefined || from.group === undefined || !isSameRef(from.entry, ref)) return;
  if (typeof to !== 'number') return splitGroup(store, from);
  const [into, source] = [groupRef(entry, to), groupRef(entry, from.group)];
  const said = `Fused ${[...into.tasks, ...source.tasks].join(', ')} in the entry ${entry.key}`;
  const then = { entry: ref, group: to > from.group ? to - 1 : to, task: undefined };
  await store.edit({ kind: 'joinGroups', entry: ref, into, from: source }, said, then);
}

export async function splitGroup(store: ScheduleStore, place: Place): Promise<void> {
  const entry = entryOf(store, place);
  if (entry === undefined || place.group === undefined) return;
  const group = groupRef(entry, place.group);
  if (group.tasks.length < 2) return;
  const said = `${group.tasks.join(', ')} have groups of their own in the entry ${entry.key}`;
  await store.edit({ kind: 'splitGroup', entry: place.entry, group }, said, { ...place, task: undefined });
}

/** What Delete does: a Task leaves the entry, a group is split, an entry goes. */
export function remove(store: ScheduleStore, place: Place): Promise<void> {
  if (place.task !== undefined) return putTask(store, place.task, { entry: place.entry, to: 'none' });
  return place.group === undefined ? deleteEntry(store, place) : splitGroup(store, place);
}

/** Puts down what was picked up. */
export async function drop(store: ScheduleStore, target: Target): Promise<void> {
  const { picked } = store;
  if (picked?.kind === 'task') await putTask(store, picked.task, target);
  else if (picked?.kind === 'group') await putGroup(store, picked.from, target);
}
