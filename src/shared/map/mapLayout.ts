import { graphlib, layout } from '@dagrejs/dagre';

/** Where Tasks and groups are on the map. All lengths are pixels at a zoom of 100 %. */

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedGroup {
  readonly tasks: readonly string[];
  readonly box: Box;
}

export interface MapLayout {
  readonly groups: readonly PlacedGroup[];
  readonly tasks: Readonly<Record<string, Box>>;
}

/** What is to be placed. It is plain data, for a worker. */
export interface Placeable {
  readonly groups: readonly (readonly string[])[];
  /** Who calls whom. */
  readonly edges: readonly (readonly [from: string, to: string])[];
}

export const TASK_HEIGHT = 42;
/** Around the Tasks of a group; above them is its name. */
export const GROUP_PADDING = 12;
export const GROUP_HEAD = 22;
/** Between groups, so that the labels of calls have room. */
const [BETWEEN_RANKS, BETWEEN_NODES] = [112, 40];
/** Between the Tasks of a group. */
const [INNER_RANKS, INNER_NODES] = [104, 16];
/** Around the whole map: a Task at its edge can become a group where it is. */
export const MARGIN = 32;
/** Between things that were placed one after the other. */
export const GAP = 16;
/** What has no calls is laid in rows of this width. */
const ROW = 1100;

/** Of a Task, by the letters of its name in the page's font. */
export const taskWidth = (name: string): number => Math.min(236, Math.max(156, 26 + name.length * 7.6));

/** A Task's box, not yet placed. */
export const taskBox = (name: string): Box => ({ x: 0, y: 0, width: taskWidth(name), height: TASK_HEIGHT });

/** With more edges between groups, not all of them take part in the layout. */
const MOST_EDGES = 80;

/** Places everything anew: callers to the left of what they call. */
export function layoutAll({ groups, edges }: Placeable): MapLayout {
  const inner = groups.map((tasks) => layoutGroup(tasks, edges));
  const groupOf = new Map(groups.flatMap((tasks, index) => tasks.map((name) => [name, index] as const)));
  const graph = newGraph(BETWEEN_RANKS, BETWEEN_NODES);
  const outer = edges.flatMap(([from, to]): [number, number][] => {
    const [one, other] = [groupOf.get(from), groupOf.get(to)];
    return one === undefined || other === undefined || one === other ? [] : [[one, other]];
  });
  for (const index of new Set(outer.flat())) graph.setNode(String(index), { ...sizeOf(inner[index]) });
  for (const [one, other] of outer.length > MOST_EDGES ? forwardEdges(outer) : outer)
    graph.setEdge(String(one), String(other), {});
  layout(graph);
  const boxes = groups.map((_, index): Box | undefined => {
    const node = graph.node(String(index)) as { x: number; y: number } | undefined;
    const size = sizeOf(inner[index]);
    return node && { x: MARGIN + node.x - size.width / 2, y: MARGIN + node.y - size.height / 2, ...size };
  });
  placeInRows(boxes, inner.map(sizeOf));
  return assemble(groups, inner, boxes as Box[]);
}

/**
 * The edges that lead one step further from where calls begin. A large map with all edges would have a column for each
 * step of its longest chain of calls, and be far too wide to look at.
 */
function forwardEdges(edges: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const called = new Set(edges.map(([, to]) => to));
  const all = [...new Set(edges.flat())];
  const next = new Map<number, number[]>();
  for (const [from, to] of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const steps = new Map<number, number>();
  // Calls begin at what nobody calls; where all call each other, anywhere.
  for (const begin of [...all.filter((index) => !called.has(index)), ...all]) {
    if (steps.has(begin)) continue;
    const queue = [begin];
    steps.set(begin, 0);
    for (const at of queue)
      for (const to of next.get(at) ?? [])
        if (!steps.has(to)) {
          steps.set(to, (steps.get(at) ?? 0) + 1);
          queue.push(to);
        }
  }
  return edges.filter(([from, to]) => steps.get(to) === (steps.get(from) ?? 0) + 1);
}

interface InnerLayout {
  readonly size: { readonly width: number; readonly height: number };
  /** Relative to the group. */
  readonly tasks: Readonly<Record<string, Box>>;
}

const sizeOf = (inner: InnerLayout | undefined): InnerLayout['size'] => inner?.size ?? { width: 0, height: 0 };

/** The Tasks of one group. */
export function layoutGroup(tasks: readonly string[], edges: Placeable['edges']): InnerLayout {
  const [first = '', ...others] = tasks;
  if (others.length === 0) {
    const box = taskBox(first);
    return { size: { width: box.width, height: box.height }, tasks: { [first]: box } };
  }
  const members = new Set(tasks);
  const inner = edges.filter(([from, to]) => from !== to && members.has(from) && members.has(to));
  if (inner.length === 0) return layoutColumn(tasks);
  const graph = newGraph(INNER_RANKS, INNER_NODES);
  for (const name of tasks) graph.setNode(name, { width: taskWidth(name), height: TASK_HEIGHT });
  for (const [from, to] of inner) graph.setEdge(from, to, {});
  layout(graph);
  const placed = Object.fromEntries(
    tasks.map((name) => {
      const { x, y } = graph.node(name) as { x: number; y: number };
      const width = taskWidth(name);
      const box = { x: x - width / 2 + GROUP_PADDING, y: y - TASK_HEIGHT / 2 + GROUP_HEAD, width, height: TASK_HEIGHT };
      return [name, box];
    }),
  );
  const { width, height } = frameOf(Object.values(placed));
  return { size: { width, height }, tasks: placed };
}

/** Tasks that do not call each other, one below the other. */
function layoutColumn(tasks: readonly string[]): InnerLayout {
  const placed = Object.fromEntries(
    tasks.map((name, index) => {
      const y = GROUP_HEAD + index * (TASK_HEIGHT + INNER_NODES);
      return [name, { ...taskBox(name), x: GROUP_PADDING, y }];
    }),
  );
  const { width, height } = frameOf(Object.values(placed));
  return { size: { width, height }, tasks: placed };
}

/**
 * The frame around the Tasks of a group. A Task by itself has none.
 * @param count of the group's Tasks, where not all of them are placed
 */
export function frameOf(boxes: readonly Box[], count = boxes.length): Box {
  const [first] = boxes;
  if (count === 1 && first !== undefined) return first;
  const x = Math.min(...boxes.map((box) => box.x)) - GROUP_PADDING;
  const y = Math.min(...boxes.map((box) => box.y)) - GROUP_HEAD;
  const right = Math.max(...boxes.map((box) => box.x + box.width)) + GROUP_PADDING;
  const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + GROUP_PADDING;
  return { x, y, width: right - x, height: bottom - y };
}

function newGraph(ranksep: number, nodesep: number): graphlib.Graph {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', ranksep, nodesep });
  graph.setDefaultEdgeLabel(() => ({}));
  return graph;
}

/** Places the boxes that are missing in rows below the others. */
function placeInRows(boxes: (Box | undefined)[], sizes: readonly InnerLayout['size'][]): void {
  const placed = boxes.filter((box) => box !== undefined);
  const bottom = Math.max(MARGIN, ...placed.map(({ y, height }) => y + height + 2 * BETWEEN_NODES));
  const right = Math.max(ROW, ...placed.map(({ x, width }) => x + width));
  let [x, y, height] = [MARGIN, bottom, 0];
  sizes.forEach((size, index) => {
    if (boxes[index] !== undefined) return;
    if (x > MARGIN && x + size.width > right) [x, y, height] = [MARGIN, y + height + BETWEEN_NODES, 0];
    boxes[index] = { x, y, ...size };
    x += size.width + BETWEEN_NODES;
    height = Math.max(height, size.height);
  });
}

function assemble(groups: Placeable['groups'], inner: readonly InnerLayout[], boxes: readonly Box[]): MapLayout {
  const tasks: Record<string, Box> = {};
  groups.forEach((_, index) => {
    const { x = 0, y = 0 } = boxes[index] ?? {};
    for (const [name, box] of Object.entries(inner[index]?.tasks ?? {}))
      tasks[name] = { ...box, x: box.x + x, y: box.y + y };
  });
  return {
    groups: groups.map((names, index) => ({
      tasks: names,
      box: boxes[index] ?? { x: 0, y: 0, ...sizeOf(inner[index]) },
    })),
    tasks,
  };
}
