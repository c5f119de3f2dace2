import { l10n, languages, type TextDocument, type Uri, type ViewColumn, window, workspace } from 'vscode';
import { formatSize } from '../../shared/format.ts';
import type { TaskAnswers } from './answer.ts';
import { columnForAnswer } from './answerPlace.ts';
import { answerText, type ShownText, TEXT } from './answerText.ts';
import { answerUri, partsOf } from './answerUri.ts';
import { columnOf } from './tabs.ts';
import { type Unanswered, unansweredText } from './unanswered.ts';

/** The part of `Answers` that documents show. */
interface ShownAnswers {
  of(task: string): TaskAnswers | undefined;
  unansweredOf(task: string): Unanswered | undefined;
}

/** What a Task's document shows; undefined before its first invocation. */
export function shownText(answers: ShownAnswers, task: string): ShownText | undefined {
  const known = answers.of(task);
  const unanswered = answers.unansweredOf(task);
  if (unanswered)
    return { text: unansweredText(unanswered, known !== undefined), language: TEXT, changed: false, left: 0 };
  return known && answerText(known.current, known.part);
}

/** The content of a Task's document, or of one side of a comparison. */
export function answerContent(answers: ShownAnswers, uri: Uri): string {
  const { task, side } = partsOf(uri);
  const answer = side === 'newest' ? undefined : answers.of(task)?.[side];
  const shown = side === 'newest' ? shownText(answers, task) : answer && answerText(answer, 'body');
  if (shown === undefined) return '';
  const { text, left } = shown;
  return left === 0
    ? text
    : `${text}\n${l10n.t('... and {0} more: save the answer to see all of it.', formatSize(left))}`;
}

/**
 * Opens a Task's document where it was, else in a column, else where the settings say. A visible one stays as it is.
 */
export async function revealAnswer(answers: ShownAnswers, task: string, column?: ViewColumn): Promise<void> {
  const uri = answerUri(task);
  const document = await workspace.openTextDocument(uri);
  await setLanguage(document, shownText(answers, task)?.language);
  const place = columnOf(uri);
  if (place?.visible) return;
  const viewColumn = place?.column ?? column ?? (await columnForAnswer());
  await window.showTextDocument(document, { viewColumn, preserveFocus: true, preview: false });
}

/** Brings a Task's document to the front of its editor group; opens none. */
export async function revealIfOpen(answers: ShownAnswers, task: string): Promise<void> {
  if (columnOf(answerUri(task))) await revealAnswer(answers, task);
}

/** Opens both sides of a comparison, in the language of the answers. */
export async function openSides(answers: ShownAnswers, task: string): Promise<{ previous: Uri; current: Uri }> {
  const sides = { previous: answerUri(task, 'previous'), current: answerUri(task, 'current') };
  for (const [side, uri] of Object.entries(sides) as [keyof typeof sides, Uri][]) {
    const answer = answers.of(task)?.[side];
    await setLanguage(await workspace.openTextDocument(uri), answer && answerText(answer, 'body').language);
  }
  return sides;
}

/** Sets the language of a read-only document, if the editor knows it. */
async function setLanguage(document: TextDocument, language = 'plaintext'): Promise<void> {
  if (document.languageId !== language && (await languages.getLanguages()).includes(language))
    await languages.setTextDocumentLanguage(document, language);
}
