import { l10n, Uri } from 'vscode';
import { TRACE_SCHEME } from './invocations.ts';

/** `spans`: the invocation and its calls. `answer`: that of one span. */
export type TracePart = 'spans' | 'answer';

/** A read-only document with a part of a trace. */
export interface TraceDocument {
  readonly part: TracePart;
  readonly task: string;
  readonly trace: string;
  /** Of an answer. */
  readonly span?: string | undefined;
}

export function traceUri({ part, task, trace, span = '' }: TraceDocument): Uri {
  const name = part === 'spans' ? l10n.t('Trace of {0}', task) : l10n.t('Recorded answer of {0}', task);
  const query = new URLSearchParams({ part, task, trace, span });
  return Uri.from({ scheme: TRACE_SCHEME, path: `/${name}`, query: query.toString() });
}

export function traceOf(uri: Uri): TraceDocument {
  const query = new URLSearchParams(uri.query);
  const get = (name: string): string => query.get(name) ?? '';
  return {
    part: get('part') === 'spans' ? 'spans' : 'answer',
    task: get('task'),
    trace: get('trace'),
    span: get('span') || undefined,
  };
}
