import { sameGroup } from '../setup.ts';
import { type Box, frameOf, GAP, layoutGroup, MARGIN, type MapLayout, type Placeable, taskBox } from './mapLayout.ts';

/** Places what has changed on a map, and leaves everything else where it is. */

/** Where a person wants Tasks to be, by their names. */
export type Wanted = Readonly<Record<string, { readonly x: number; readonly y: number }>>;

/** Pixels between two places that are tried. */
const STEP = 22;

interface Placed {
  readonly tasks: readonly string[];
  readonly box: Box;
  readonly places: Readonly<Record<string, Box>>;
}

/**
 * The layout after a change. Groups with the same Tasks keep their places; in other groups the Tasks that stay do,
 * unless there is no room for those that join them.
 */
export function layoutNext(before: MapLayout, { groups, edges }: Placeable, wanted: Wanted = {}): MapLayout {
  const heirs = heirsOf(before, groups);
  const done: (Placed | undefined)[] = groups.map((tasks, index) => {
    const former = heirs.get(index);
    return former && sameGroup(former.tasks, tasks) ? { tasks, box: former.box, places: before.tasks } : undefined;
  });
  // Those that stay come first: what is new has to go around them.
  const order = [...groups.keys()].sort((one, other) => Number(heirs.has(other)) - Number(heirs.has(one)));
  for (const index of order) {
    if (done[index] !== undefined) continue;
    const tasks = groups[index] ?? [];
    const others = done.flatMap((one) => (one === undefined ? [] : [one.box]));
    const former = heirs.get(index);
    done[index] = former
      ? changed(tasks, former.tasks, before.tasks, others)
      : made(tasks, edges, before, others, wanted);
  }
  const placed = done.filter((one) => one !== undefined);
  return {
    groups: placed.map(({ tasks, box }) => ({ tasks, box })),
    tasks: Object.fromEntries(
      placed.flatMap(({ tasks, places }) => tasks.map((name): [string, Box] => [name, places[name] ?? taskBox(name)])),
    ),
  };
}

/** Which group each group goes on from: the one that it has most Tasks of, and no other has more of. */
function heirsOf(before: MapLayout, groups: Placeable['groups']): Map<number, MapLayout['groups'][number]> {
  const pairs = groups
    .flatMap((tasks, index) =>
      before.groups.map((former) => ({
        index,
        former,
        shared: former.tasks.filter((name) => tasks.includes(name)).length,
        isSame: sameGroup(former.tasks, tasks),
      })),
    )
    .filter(({ shared }) => shared > 0)
    .sort((one, other) => Number(other.isSame) - Number(one.isSame) || other.shared - one.shared);
  const heirs = new Map<number, MapLayout['groups'][number]>();
  const taken = new Set<MapLayout['groups'][number]>();
  for (const { index, former } of pairs) {
    if (heirs.has(index) || taken.has(former)) continue;
    heirs.set(index, former);
    taken.add(former);
  }
  return heirs;
}

/** A group that Tasks have left or joined. */
function changed(
  tasks: readonly string[],
  former: readonly string[],
  before: MapLayout['tasks'],
  others: readonly Box[],
): Placed {
  const places: Record<string, Box> = {};
  for (const name of tasks) {
    const own = before[name];
    if (own !== undefined && former.includes(name)) places[name] = own;
  }
  for (const name of tasks) places[name] ??= beside(name, Object.values(places), tasks.length, others);
  return moved({ tasks, box: frameOf(Object.values(places)), places }, others);
}

/** A place inside a group, next to its Tasks, where the group has room. */
function beside(name: string, members: readonly Box[], count: number, others: readonly Box[]): Box {
  const { width, height } = taskBox(name);
  const [left, top] = [Math.min(...members.map(({ x }) => x)), Math.min(...members.map(({ y }) => y))];
  const right = Math.max(...members.map((box) => box.x + box.width));
  const bottom = Math.max(...members.map((box) => box.y + box.height));
  const places = [
    { x: left, y: bottom + GAP },
    { x: right + 3 * GAP, y: top },
    { x: left, y: top - height - GAP },
    { x: left - width - 3 * GAP, y: top },
  ].map((place) => ({ ...place, width, height }));
  const free = places.find((place) => {
    const frame = frameOf([...members, place], count);
    return frame.x >= 0 && frame.y >= 0 && isFree(frame, others);
  });
  return free ?? (places[0] as Box);
}

/** A group that was not there before: near where its Task was, or behind what calls it. */
function made(
  tasks: readonly string[],
  edges: Placeable['edges'],
  before: MapLayout,
  others: readonly Box[],
  wanted: Wanted,
): Placed {
  const { size, tasks: inner } = layoutGroup(tasks, edges);
  const { x, y } = placeFor(tasks, edges, before, wanted);
  const places = Object.fromEntries(
    Object.entries(inner).map(([name, box]) => [name, { ...box, x: box.x + x, y: box.y + y }]),
  );
  return moved({ tasks, box: { x, y, ...size }, places }, others);
}

function placeFor(
  tasks: readonly string[],
  edges: Placeable['edges'],
  before: MapLayout,
  wanted: Wanted,
): { x: number; y: number } {
  const [first = ''] = tasks;
  const want = wanted[first];
  if (want !== undefined) return { x: Math.max(MARGIN, want.x), y: Math.max(MARGIN, want.y) };
  const former = before.groups.find((group) => group.tasks.includes(first));
  if (former !== undefined) return { x: former.box.x, y: former.box.y + former.box.height + GAP };
  const callers = edges.flatMap(([from, to]) => (tasks.includes(to) ? (before.tasks[from] ?? []) : []));
  const [caller] = callers;
  if (caller !== undefined) return { x: caller.x + caller.width + 4 * GAP, y: caller.y };
  const bottom = Math.max(MARGIN - GAP, ...before.groups.map(({ box }) => box.y + box.height));
  return { x: MARGIN, y: bottom + GAP };
}

/** The group at the nearest place that is free. */
function moved(group: Placed, others: readonly Box[]): Placed {
  const { box } = group;
  for (let ring = 0; ; ring += 1) {
    for (const [across, down] of ringOf(ring)) {
      const [dx, dy] = [across * STEP, down * STEP];
      const place = { ...box, x: box.x + dx, y: box.y + dy };
      if (place.x < 0 || place.y < 0 || !isFree(place, others)) continue;
      if (ring === 0) return group;
      const places = group.tasks.map((name): [string, Box] => {
        const own = group.places[name] ?? taskBox(name);
        return [name, { ...own, x: own.x + dx, y: own.y + dy }];
      });
      return { tasks: group.tasks, box: place, places: Object.fromEntries(places) };
    }
  }
}

/** The places around a place at one distance, down first: there is most room. */
function ringOf(ring: number): (readonly [across: number, down: number])[] {
  if (ring === 0) return [[0, 0]];
  const steps = Array.from({ length: 2 * ring + 1 }, (_, step) => step - ring);
  return [
    ...steps.map((across) => [across, ring] as const),
    ...steps.map((across) => [across, -ring] as const),
    ...steps.flatMap((down) => [[ring, down] as const, [-ring, down] as const]),
  ].sort((one, other) => Math.hypot(...one) - Math.hypot(...other));
}

const isFree = (box: Box, others: readonly Box[]): boolean =>
  others.every(
    (other) =>
      box.x >= other.x + other.width + GAP / 2 ||
      other.x >= box.x + box.width + GAP / 2 ||
      box.y >= other.y + other.height + GAP / 2 ||
      other.y >= box.y + box.height + GAP / 2,
  );
