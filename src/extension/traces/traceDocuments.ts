import { commands, l10n, languages, type Uri, type ViewColumn, window, workspace } from 'vscode';
import { recordedSpan } from '../../client/recordedSpan.ts';
import { FusionizerError } from '../../shared/errors.ts';
import type { RecordedAnswer } from '../../shared/traceApi.ts';
import { callsText, TABLE, TEXT } from '../invoke/answerText.ts';
import type { Services } from '../services.ts';
import { recordedAnswerText } from './recordedAnswerText.ts';
import { type TraceDocument, traceOf, traceUri } from './traceUri.ts';

/** One side of a comparison. */
export interface AnswerSide {
  readonly task: string;
  readonly trace: string;
  /** Undefined for the first invocation of the trace. */
  readonly span?: string | undefined;
}

/** The content of a document with a part of a trace. */
export async function traceContent(services: Services, uri: Uri): Promise<string> {
  const document = traceOf(uri);
  if (document.part === 'answer') return recordedAnswerText(await answerOf(services, document));
  const client = await services.server.client();
  const { spans } = await client.trace(document.trace);
  return callsText(spans);
}

/** Opens the spans of a trace as a table. */
export async function showSpans(task: string, trace: string): Promise<void> {
  const document = await openDocument({ part: 'spans', task, trace }, TABLE);
  await window.showTextDocument(document, { preview: true });
}

/**
 * Opens both answers beside each other, or says that they are the same.
 * @param title of the comparison
 * @throws FusionizerError `not-found` for an answer that is not recorded
 */
export async function compareSides(
  services: Services,
  before: AnswerSide,
  after: AnswerSide,
  title: string,
  viewColumn?: ViewColumn,
): Promise<void> {
  const [one, other] = [await answerOf(services, before), await answerOf(services, after)];
  if (recordedAnswerText(one) === recordedAnswerText(other)) {
    const same = l10n.t('Both answers of {0} are the same, but for headers that differ each time.', after.task);
    void window.showInformationMessage(same);
    return;
  }
  const sides: Uri[] = [];
  for (const side of [before, after]) sides.push((await openDocument({ part: 'answer', ...side }, TEXT)).uri);
  await commands.executeCommand('vscode.diff', ...sides, title, viewColumn === undefined ? {} : { viewColumn });
}

async function answerOf({ server, invocations }: Services, { task, trace, span }: AnswerSide): Promise<RecordedAnswer> {
  const kept = invocations.answer(trace);
  if (kept) return kept;
  const client = await server.client();
  const { answer } = recordedSpan(await client.trace(trace), span).exchange;
  if (answer) return answer;
  throw new FusionizerError('not-found', l10n.t('{0} gave no answer to this invocation.', task));
}

async function openDocument(document: TraceDocument, language: string) {
  const opened = await workspace.openTextDocument(traceUri(document));
  return opened.languageId === language ? opened : languages.setTextDocumentLanguage(opened, language);
}
