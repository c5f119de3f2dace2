import type { LogRecord } from '../api.ts';
import { endOf, type SpanNode, type TraceModel } from './traceModel.ts';

/** A log is written by another clock than the server's, in the same millisecond or the next one. */
const CLOCK_ERROR = 2;

/** A log at its moment, in milliseconds since the trace began. */
export interface PlacedLog {
  readonly at: number;
  readonly log: LogRecord;
}

/**
 * The logs by the spans that wrote them, by the indices of nodes. A log names its Task and its trace: of several spans
 * of the Task it belongs to the shortest one that ran at its moment, else to the last one that began before.
 */
export function spanLogs({ nodes, begin }: TraceModel, logs: readonly LogRecord[]): Map<number, PlacedLog[]> {
  const found = new Map<number, PlacedLog[]>();
  for (const log of logs) {
    const at = log.time - begin;
    const own = nodes.filter(({ span }) => span.callee === log.task);
    const running = own.filter((node) => at >= node.at - CLOCK_ERROR && at <= endOf(node) + CLOCK_ERROR);
    const node = shortest(running) ?? own.filter((one) => one.at <= at).at(-1) ?? own[0];
    if (node === undefined) continue;
    const placed = { at: Math.max(0, at), log };
    found.set(node.index, [...(found.get(node.index) ?? []), placed]);
  }
  return found;
}

const shortest = (nodes: readonly SpanNode[]): SpanNode | undefined =>
  nodes.reduce<SpanNode | undefined>(
    (best, node) => (best === undefined || node.span.duration < best.span.duration ? node : best),
    undefined,
  );
