import { isFailure } from '../recordWords.ts';
import type { SpanNode, TraceModel } from './traceModel.ts';

/** What of a trace is shown besides what leads to it. */
export const SPAN_FILTERS = ['critical', 'errors', 'slow', 'remote', 'cold'] as const;
export type SpanFilter = (typeof SPAN_FILTERS)[number];

/** A span is slow if it takes this part of the whole trace by itself. */
const SLOW = 0.1;

const FITS: Record<SpanFilter, (node: SpanNode, model: TraceModel) => boolean> = {
  critical: ({ index }, { critical }) => (critical.get(index)?.length ?? 0) > 0,
  errors: ({ span }) => isFailure(span.status),
  slow: ({ self }, { length }) => length > 0 && self >= length * SLOW,
  remote: ({ span }) => span.caller !== null && !span.local,
  cold: ({ span }) => span.cold,
};

/**
 * The spans that fit all of these filters, with their callers up to the top, which tell where they belong.
 * @returns the indices that fit, and those that are shown
 */
export function filtered(
  model: TraceModel,
  filters: ReadonlySet<SpanFilter>,
): { readonly fitting: ReadonlySet<number>; readonly shown: ReadonlySet<number> } {
  const [fitting, shown] = [new Set<number>(), new Set<number>()];
  for (const node of model.nodes) {
    if (![...filters].every((filter) => FITS[filter](node, model))) continue;
    fitting.add(node.index);
    for (let one: SpanNode | undefined = node; one !== undefined && !shown.has(one.index); one = one.parent)
      shown.add(one.index);
  }
  return { fitting, shown };
}

/** The rows of a tree: what a filter shows, but for what is below a closed one. */
export function rowsOf(
  { nodes }: TraceModel,
  shown: ReadonlySet<number>,
  closed: ReadonlySet<number>,
): readonly SpanNode[] {
  const rows: SpanNode[] = [];
  let hiddenBelow = Number.POSITIVE_INFINITY;
  for (const node of nodes) {
    if (node.depth <= hiddenBelow) hiddenBelow = Number.POSITIVE_INFINITY;
    else continue;
    if (!shown.has(node.index)) continue;
    rows.push(node);
    if (closed.has(node.index)) hiddenBelow = node.depth;
  }
  return rows;
}

/** The spans that a search finds by their names, states and ids. @param found those whose request or answer has it */
export function searched(model: TraceModel, text: string, found: ReadonlySet<string>): readonly number[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  return model.nodes.filter(({ span }) => found.has(span.span) || hasText(span, wanted)).map(({ index }) => index);
}

function hasText(span: SpanNode['span'], wanted: string): boolean {
  const { callee, caller, group, status, request = '', worker = '', setup = '' } = span;
  const words = [span.local ? 'local' : 'remote', span.mode ?? '', span.cold ? 'cold start' : ''];
  const all = [callee, caller ?? '', group.join(' + '), String(status), request, worker, setup, span.span, ...words];
  return all.some((one) => one.toLowerCase().includes(wanted));
}
