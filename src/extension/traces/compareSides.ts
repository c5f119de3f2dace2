import { commands, l10n, languages, type Uri, window, workspace } from 'vscode';
import { recordedSpan } from '../../client/recordedSpan.ts';
import { FusionizerError } from '../../shared/errors.ts';
import type { RecordedAnswer } from '../../shared/traceApi.ts';
import { TEXT } from '../invoke/answerText.ts';
import type { Services } from '../services.ts';
import { type AnswerSide, sideOf, sideUri } from './answerSide.ts';
import { recordedAnswerText } from './recordedAnswerText.ts';

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
): Promise<void> {
  const [one, other] = [await answerOf(services, before), await answerOf(services, after)];
  if (recordedAnswerText(one) === recordedAnswerText(other)) {
    const same = l10n.t('Both answers of {0} are the same, but for headers that differ each time.', after.task);
    void window.showInformationMessage(same);
    return;
  }
  await commands.executeCommand('vscode.diff', await openSide(before), await openSide(after), title);
}

/** The content of a document with a recorded answer. */
export async function recordedContent(services: Services, uri: Uri): Promise<string> {
  return recordedAnswerText(await answerOf(services, sideOf(uri)));
}

async function answerOf({ server, invocations }: Services, { task, trace, span }: AnswerSide): Promise<RecordedAnswer> {
  const kept = invocations.answer(trace);
  if (kept) return kept;
  const client = await server.client();
  const { answer } = recordedSpan(await client.trace(trace), span).exchange;
  if (answer) return answer;
  throw new FusionizerError('not-found', l10n.t('{0} gave no answer to this invocation.', task));
}

async function openSide(side: AnswerSide): Promise<Uri> {
  const document = await workspace.openTextDocument(sideUri(side));
  if (document.languageId !== TEXT) await languages.setTextDocumentLanguage(document, TEXT);
  return document.uri;
}
