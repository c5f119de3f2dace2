import { formatDuration } from '../../src/shared/format.ts';
import { isFailed, type SpanNode } from '../../src/shared/trace/traceModel.ts';

/** How a span was reached. Each kind has a sign and a form of its own, so that not only a colour tells them apart. */
export type CallKind = 'outer' | 'local' | 'remote' | 'async';

export const kindOf = ({ span }: SpanNode): CallKind =>
  span.caller === null ? 'outer' : span.mode === 'async' ? 'async' : span.local ? 'local' : 'remote';

export const KIND_WORDS: Record<CallKind, string> = {
  outer: 'invocation from outside',
  local: 'local call',
  remote: 'remote call',
  async: 'asynchronous call',
};

export const KIND_SIGNS: Record<CallKind, string> = { outer: '▶', local: '◆', remote: '⇄', async: '⤳' };

export const statusWords = ({ span }: SpanNode): string => (span.status === 0 ? 'no answer' : String(span.status));

/** What a screen reader says of a span's row. */
export function rowWords(node: SpanNode, isCritical: boolean, logs: number): string {
  const { span } = node;
  return [
    span.callee,
    KIND_WORDS[kindOf(node)],
    isFailed(span) ? `failed, ${statusWords(node)}` : statusWords(node),
    formatDuration(span.duration),
    ...(isCritical ? ['on the critical path'] : []),
    ...(span.cold ? ['cold start'] : []),
    ...(logs > 0 ? [logs === 1 ? '1 log' : `${logs} logs`] : []),
    ...(node.note === undefined ? [] : [node.note]),
  ].join(', ');
}
