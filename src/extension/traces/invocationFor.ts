import { l10n, type QuickPickItem, window } from 'vscode';
import { recordedSpan } from '../../client/recordedSpan.ts';
import type { TraceRecord } from '../../shared/api.ts';
import { isFailure } from '../../shared/recordWords.ts';
import type { RecordedRequest } from '../../shared/traceApi.ts';
import { DismissedError } from '../errors.ts';
import type { Services } from '../services.ts';
import { isInvocationRow } from './invocationNode.ts';
import { PAGE } from './invocations.ts';
import { invocationDescription, invocationLabel } from './invocationText.ts';

/**
 * The invocation that a command was called on: a row of the view, else one of the newest, which the user picks.
 * @throws DismissedError
 */
export async function invocationFor(services: Services, argument: unknown, title: string): Promise<TraceRecord> {
  if (isInvocationRow(argument)) return argument.record;
  const client = await services.server.client();
  const newest = await client.traces({ outer: true, limit: PAGE });
  if (newest.length > 0) return pickInvocation(newest.reverse(), title);
  void window.showInformationMessage(l10n.t('No invocation is recorded yet: invoke a Nuclio Task first.'));
  throw new DismissedError();
}

/** Asks for one of several invocations. @throws DismissedError */
export async function pickInvocation(
  records: readonly TraceRecord[],
  title: string,
  placeHolder?: string,
): Promise<TraceRecord> {
  const items = records.map((record): QuickPickItem & { record: TraceRecord } => ({
    label: `$(${isFailure(record.status) ? 'error' : 'pass'}) ${invocationLabel(record)}`,
    description: [invocationDescription(record, undefined), record.request].filter(Boolean).join(' · '),
    record,
  }));
  const picked = await window.showQuickPick(items, {
    title,
    matchOnDescription: true,
    ...(placeHolder === undefined ? {} : { placeHolder }),
  });
  if (picked === undefined) throw new DismissedError();
  return picked.record;
}

/** @throws FusionizerError `not-found` if the request of an invocation is not recorded */
export async function recordedRequestOf(services: Services, { trace, span }: TraceRecord): Promise<RecordedRequest> {
  const client = await services.server.client();
  return recordedSpan(await client.trace(trace), span).exchange.request;
}
