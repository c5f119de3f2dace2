import { formatDuration } from '../../src/shared/format.ts';
import { answerWords, isFailure } from '../../src/shared/recordWords.ts';
import type { SpanNode } from '../../src/shared/trace/traceModel.ts';

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

/** A tenth of a span's time, which is worth a word. */
const LONG_WAIT = 0.1;

/** Whether waiting for a worker was a good part of a span's time. */
export const isLongWait = ({ span }: SpanNode): boolean =>
  span.waited !== undefined && span.waited >= span.duration * LONG_WAIT;

/** What a screen reader says of a span's row. */
export function rowWords(node: SpanNode, isCritical: boolean, logs: number): string {
  const { span } = node;
  return [
    span.callee,
    KIND_WORDS[kindOf(node)],
    isFailure(span.status) ? `failed, ${answerWords(node.span.status)}` : answerWords(node.span.status),
    formatDuration(span.duration),
    ...(isCritical ? ['on the critical path'] : []),
    ...(span.cold ? ['cold start'] : []),
    ...(isLongWait(node) ? [`waited ${formatDuration(span.waited ?? 0)} for a worker`] : []),
    ...(logs > 0 ? [logs === 1 ? '1 log' : `${logs} logs`] : []),
    ...(node.note === undefined ? [] : [node.note]),
  ].join(', ');
}
