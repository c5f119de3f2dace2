import { FusionizerError } from '../shared/errors.ts';
import type { Exchange, TraceSpan, TraceView } from '../shared/traceApi.ts';

/**
 * The span whose recorded request is meant.
 * @param id of the span; undefined for the first invocation from outside
 * @throws FusionizerError `not-found` for a span that is not there, or whose request is not recorded
 */
export function recordedSpan(view: TraceView, id: string | undefined): TraceSpan & { exchange: Exchange } {
  const { trace, spans } = view;
  const span = id === undefined ? (spans.find(({ caller }) => caller === null) ?? spans[0]) : byId(spans, id);
  if (span === undefined)
    throw new FusionizerError('not-found', `Trace ${trace} has no span '${id}': it has ${spans.map(idOf).join(', ')}`);
  const { exchange, callee, span: found } = span;
  if (exchange) return { ...span, exchange };
  throw new FusionizerError(
    'not-found',
    `The request to '${callee}' in span ${found} of trace ${trace} is not recorded: local calls, events of ` +
      'triggers, and what a server with --record none or errors left out are not',
  );
}

const byId = (spans: readonly TraceSpan[], id: string): TraceSpan | undefined => spans.find(({ span }) => span === id);
const idOf = ({ span, callee }: TraceSpan): string => `${span} (${callee})`;
