import { l10n, Uri } from 'vscode';
import { RECORDED_SCHEME } from './invocations.ts';

/** One side of a comparison: the recorded answer of an invocation. */
export interface AnswerSide {
  readonly task: string;
  readonly trace: string;
  /** Undefined for the first invocation of the trace. */
  readonly span?: string | undefined;
}

/** The read-only document with a recorded answer. */
export function sideUri({ task, trace, span = '' }: AnswerSide): Uri {
  const path = `/${l10n.t('Recorded answer of {0}', task)}`;
  const query = new URLSearchParams({ task, trace, span });
  return Uri.from({ scheme: RECORDED_SCHEME, path, query: query.toString() });
}

/** The recorded answer that a document shows. */
export function sideOf(uri: Uri): AnswerSide {
  const query = new URLSearchParams(uri.query);
  const get = (name: string): string => query.get(name) ?? '';
  return { task: get('task'), trace: get('trace'), span: get('span') || undefined };
}
