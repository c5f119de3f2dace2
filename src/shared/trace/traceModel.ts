import type { TraceRecord } from '../api.ts';

/** A span as views show it. */
export interface ShownSpan extends TraceRecord {
  /** Whether its request was recorded, so that it can be shown and sent again. */
  readonly recorded: boolean;
}

/** A span in the tree of its trace. */
export interface SpanNode {
  readonly span: ShownSpan;
  /** In the order of the tree, from 0. */
  readonly index: number;
  /** 0 for a span without a known caller. */
  readonly depth: number;
  readonly children: SpanNode[];
  readonly parent: SpanNode | undefined;
  /** Milliseconds since the trace began. */
  readonly at: number;
  /** Milliseconds that are not spent in calls that it waits for. */
  self: number;
  /** What is unusual about its place; undefined where nothing is. */
  readonly note: string | undefined;
}

/** A part of the critical path, in milliseconds since the trace began. */
export interface PathPart {
  readonly from: number;
  readonly to: number;
}

export interface TraceModel {
  /** All spans, a caller before its callees, siblings by their start. */
  readonly nodes: readonly SpanNode[];
  /** Unix milliseconds of the first start; 0 without spans. */
  readonly begin: number;
  /** Milliseconds from the first start to the last end. */
  readonly length: number;
  /** What the length depends on: if any of it were quicker, the whole would be. By the indices of nodes. */
  readonly critical: ReadonlyMap<number, readonly PathPart[]>;
}

/**
 * Milliseconds that a callee may stick out of its caller: starts are whole milliseconds, and functions and the server
 * read the wall clock at different moments.
 */
const CLOCK_ERROR = 5;

const NOTES = {
  orphan: 'Its caller was not recorded',
  loop: 'Its callers lead back to it: it is shown at the top',
  early: (by: number): string => `It was recorded ${by.toFixed(0)} ms before its caller began: the clocks differ`,
  late: (by: number): string => `It was recorded ${by.toFixed(0)} ms beyond its caller's end: the clocks differ`,
};

/** Arranges the spans of one trace as a tree on one time axis, whatever is missing or wrong in them. */
export function traceModel(spans: readonly ShownSpan[]): TraceModel {
  const sorted = [...spans].sort((one, other) => one.start - other.start || other.duration - one.duration);
  const begin = sorted[0]?.start ?? 0;
  const nodes: SpanNode[] = [];
  const byId = firstById(sorted);
  const roots = rootsOf(sorted, byId);
  const callees = calleesOf(sorted, byId, roots);
  const open: [span: ShownSpan, parent: SpanNode | undefined, note: string | undefined][] = [...roots]
    .reverse()
    .map(([span, note]) => [span, undefined, note]);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [span, parent, note] = next;
    const place = placeOf(span, parent, begin);
    const node: SpanNode = {
      span,
      parent,
      index: nodes.length,
      depth: parent === undefined ? 0 : parent.depth + 1,
      children: [],
      at: place.at,
      self: span.duration,
      note: note ?? place.note,
    };
    parent?.children.push(node);
    nodes.push(node);
    for (const callee of [...(callees.get(span) ?? [])].reverse()) open.push([callee, node, undefined]);
  }
  for (const node of nodes) node.self = selfTime(node);
  const length = Math.max(0, ...nodes.map(endOf));
  return { nodes, begin, length, critical: criticalPath(nodes) };
}

/** Milliseconds since the trace began. */
export const endOf = ({ at, span }: SpanNode): number => at + span.duration;

/** Whether a caller waited for it. */
const isAwaited = ({ span }: SpanNode): boolean => span.mode !== 'async';

/** The spans at the top, in order: those from outside, and those whose callers are missing or lead back to them. */
function rootsOf(
  sorted: readonly ShownSpan[],
  byId: ReadonlyMap<string, ShownSpan>,
): ReadonlyMap<ShownSpan, string | undefined> {
  const roots = new Map<ShownSpan, string | undefined>();
  const settled = new Set<ShownSpan>();
  for (const span of sorted) {
    const way = new Set<ShownSpan>();
    let top: ShownSpan | undefined = span;
    for (let one: ShownSpan | undefined = span; one !== undefined; one = callerOf(one, byId)) {
      top = settled.has(one) ? undefined : one;
      if (top === undefined || way.has(one)) break;
      way.add(one);
    }
    for (const one of way) settled.add(one);
    if (top === undefined) continue;
    if (callerOf(top, byId) !== undefined) roots.set(firstOfLoop(top, byId), NOTES.loop);
    else roots.set(top, top.caller === null ? undefined : NOTES.orphan);
  }
  return roots;
}

/** Of a loop, the span that began first stands for where it was entered. */
function firstOfLoop(member: ShownSpan, byId: ReadonlyMap<string, ShownSpan>): ShownSpan {
  let first = member;
  for (let one = callerOf(member, byId); one !== undefined && one !== member; one = callerOf(one, byId))
    if (one.start < first.start) first = one;
  return first;
}

/** The callees of each span, by their start. */
function calleesOf(
  sorted: readonly ShownSpan[],
  byId: ReadonlyMap<string, ShownSpan>,
  roots: ReadonlyMap<ShownSpan, string | undefined>,
): Map<ShownSpan, ShownSpan[]> {
  const callees = new Map<ShownSpan, ShownSpan[]>();
  for (const span of sorted) {
    const above = callerOf(span, byId);
    if (above === undefined || roots.has(span)) continue;
    const known = callees.get(above);
    if (known === undefined) callees.set(above, [span]);
    else known.push(span);
  }
  return callees;
}

function firstById(sorted: readonly ShownSpan[]): Map<string, ShownSpan> {
  const byId = new Map<string, ShownSpan>();
  for (const span of sorted) if (!byId.has(span.span)) byId.set(span.span, span);
  return byId;
}

/** The parent of an outer invocation is a span of its client, which is not in the trace. */
function callerOf(span: ShownSpan, byId: ReadonlyMap<string, ShownSpan>): ShownSpan | undefined {
  return span.caller === null || span.parent === null ? undefined : byId.get(span.parent);
}

/** Where a span stands. One that its caller cannot have waited for is moved to the middle of its caller. */
function placeOf(span: ShownSpan, parent: SpanNode | undefined, begin: number): { at: number; note?: string } {
  const at = span.start - begin;
  if (parent === undefined) return { at };
  const early = parent.at - at;
  const late = span.mode === 'async' ? 0 : at + span.duration - endOf(parent);
  const latest = Math.max(parent.at, endOf(parent) - span.duration);
  if (early <= CLOCK_ERROR && late <= CLOCK_ERROR)
    return { at: Math.max(parent.at, span.mode === 'async' ? at : Math.min(at, latest)) };
  const middle = parent.at + Math.max(0, parent.span.duration - span.duration) / 2;
  return { at: middle, note: early > CLOCK_ERROR ? NOTES.early(early) : NOTES.late(late) };
}

/** A span's time without that in which one of its awaited callees runs. */
function selfTime(node: SpanNode): number {
  const parts = node.children.filter(isAwaited).sort((one, other) => one.at - other.at);
  let [covered, reached] = [0, node.at];
  for (const child of parts) {
    const to = Math.min(endOf(child), endOf(node));
    covered += Math.max(0, to - Math.max(reached, child.at));
    reached = Math.max(reached, to);
  }
  return Math.max(0, node.span.duration - covered);
}

/**
 * From the end of each outermost span backwards: what it waited for last, down to the callee that was last there, and
 * so on before that one began. Calls that nobody waited for are not on it.
 */
function criticalPath(nodes: readonly SpanNode[]): Map<number, PathPart[]> {
  const path = new Map<number, PathPart[]>();
  const open: [SpanNode, number][] = nodes
    .filter(({ parent }) => parent === undefined)
    .map((node) => [node, endOf(node)]);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, end] = next;
    const parts: PathPart[] = [];
    let reached = end;
    for (const child of node.children.filter(isAwaited).sort((one, other) => endOf(other) - endOf(one))) {
      if (endOf(child) > reached || child.at < node.at) continue;
      if (endOf(child) < reached) parts.push({ from: endOf(child), to: reached });
      open.push([child, endOf(child)]);
      reached = child.at;
    }
    if (reached > node.at) parts.push({ from: node.at, to: reached });
    path.set(node.index, parts.reverse());
  }
  return path;
}
