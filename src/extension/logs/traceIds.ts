/** A trace that is named in a text. */
export interface TraceId {
  /** The offsets of the id in the text: start inclusive, end exclusive. */
  readonly start: number;
  readonly end: number;
  readonly id: string;
}

/** `trace 0af7651916cd43dd8448eb211c80319c`, as in the line of an invocation. */
const NAMED = /\btrace ([0-9a-f]{32})\b/g;

/** Finds the traces that a text names. */
export function findTraceIds(text: string): TraceId[] {
  return [...text.matchAll(NAMED)].map(({ 0: whole, 1: id = '', index }) => {
    const end = index + whole.length;
    return { start: end - id.length, end, id };
  });
}
