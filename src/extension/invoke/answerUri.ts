import { l10n, Uri } from 'vscode';

export const ANSWER_SCHEME = 'fusionizer-answer';

/** The answer in a document: the one that the Task's document shows, or one side of a comparison. */
export type Side = 'newest' | 'previous' | 'current';

export function answerUri(task: string, side: Side = 'newest'): Uri {
  const names = {
    newest: l10n.t('Answer of {0}', task),
    previous: l10n.t('Previous answer of {0}', task),
    current: l10n.t('Newest answer of {0}', task),
  };
  return Uri.from({
    scheme: ANSWER_SCHEME,
    path: `/${names[side]}`,
    query: new URLSearchParams({ task, side }).toString(),
  });
}

/** The Task of an answer's document. */
export function answeredTask(uri: Uri | undefined): string | undefined {
  return uri?.scheme === ANSWER_SCHEME ? partsOf(uri).task : undefined;
}

export function partsOf(uri: Uri): { task: string; side: Side } {
  const query = new URLSearchParams(uri.query);
  const side = query.get('side');
  return { task: query.get('task') ?? '', side: side === 'previous' || side === 'current' ? side : 'newest' };
}
