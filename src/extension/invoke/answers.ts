import {
  type Disposable,
  EventEmitter,
  l10n,
  languages,
  type TextDocument,
  type TextDocumentContentProvider,
  type Uri,
  type ViewColumn,
  window,
  workspace,
} from 'vscode';
import { formatSize } from '../../shared/format.ts';
import type { Answer, AnswerDetails, AnswerPart } from './answer.ts';
import { AnswerHistory, isAnswer, type Outcome } from './answerHistory.ts';
import { columnForAnswer } from './answerPlace.ts';
import { answerText, type ShownText, TEXT } from './answerText.ts';
import { ANSWER_SCHEME, answerUri, partsOf, type Side } from './answerUri.ts';
import type { PayloadSource } from './recentCalls.ts';
import { columnOf } from './tabs.ts';
import { type Unanswered, unansweredText } from './unanswered.ts';

export interface TaskAnswers {
  readonly current: Answer;
  /** The answer before to the same request. */
  readonly previous: Answer | undefined;
  /** The part that the Task's document shows. */
  readonly part: AnswerPart;
}

/**
 * Keeps the last answers of each Task, and its invocations without an answer. One read-only document for each Task,
 * which is updated in place, shows the newest one, or an earlier one that the user asked for.
 */
export class Answers implements TextDocumentContentProvider, Disposable {
  readonly #history = new AnswerHistory();
  /** What each Task's document shows. */
  readonly #shown = new Map<string, { readonly outcome: Outcome; readonly part: AnswerPart }>();
  readonly #texts = new EventEmitter<Uri>();
  readonly #changes = new EventEmitter<void>();
  readonly onDidChange = this.#texts.event;
  /** Fires when an answer's text, part or details are new. */
  readonly onDidUpdate = this.#changes.event;
  readonly #registration = workspace.registerTextDocumentContentProvider(ANSWER_SCHEME, this);

  of(task: string): TaskAnswers | undefined {
    const shown = this.#shown.get(task);
    const current = isAnswer(shown?.outcome) ? shown.outcome : this.#history.newestAnswer(task);
    return current && { current, previous: this.#history.before(current), part: shown?.part ?? 'body' };
  }

  /** The invocation without an answer that a Task's document shows. */
  unansweredOf(task: string): Unanswered | undefined {
    const outcome = this.#shown.get(task)?.outcome;
    return outcome === undefined || isAnswer(outcome) ? undefined : outcome;
  }

  /** How the last invocation with this payload ended. */
  lastOf(task: string, source: PayloadSource): Outcome | undefined {
    return this.#history.lastOf(task, source);
  }

  /** The Tasks that have an answer, the last invoked one last. */
  get tasks(): string[] {
    return [...this.#shown.keys()].filter((task) => this.of(task) !== undefined);
  }

  /** Keeps an answer and shows it, without taking the focus. */
  async add(answer: Answer): Promise<void> {
    this.restore(answer);
    await this.reveal(answer.task);
  }

  /** Keeps an answer. A document that is open shows it. */
  restore(answer: Answer): void {
    this.#history.add(answer);
    this.#set(answer, 'body');
  }

  /** Notes an invocation without an answer. A document that shows an earlier answer says so; no document is opened. */
  async addUnanswered(unanswered: Unanswered): Promise<void> {
    this.#history.add(unanswered);
    this.#set(unanswered, 'body');
    if (columnOf(answerUri(unanswered.task))) await this.reveal(unanswered.task);
  }

  /** Adds details to an answer, if it is still kept. */
  addDetails(answer: Answer, details: AnswerDetails): void {
    const detailed = this.#history.addDetails(answer, details);
    const shown = this.#shown.get(answer.task);
    if (detailed === undefined || !isAnswer(shown?.outcome) || shown.outcome.trace !== answer.trace) return;
    this.#shown.set(answer.task, { ...shown, outcome: detailed });
    if (shown.part === 'calls' || shown.part === 'logs') this.#texts.fire(answerUri(answer.task));
    this.#changes.fire();
  }

  /**
   * Shows a part of a Task's answer in its document.
   * @param trace that of an earlier answer; default: the answer that was shown last
   */
  async show(task: string, part: AnswerPart, trace?: string): Promise<void> {
    const answer = (trace === undefined ? undefined : this.#history.answer(task, trace)) ?? this.of(task)?.current;
    if (answer === undefined) return;
    this.#set(answer, part);
    await this.reveal(task);
  }

  shown(task: string): ShownText | undefined {
    const known = this.of(task);
    const unanswered = this.unansweredOf(task);
    if (unanswered)
      return { text: unansweredText(unanswered, known !== undefined), language: TEXT, changed: false, left: 0 };
    return known && answerText(known.current, known.part);
  }

  /**
   * Opens a Task's document where it was, else in a column, else where the settings say. A visible one stays as it is.
   */
  async reveal(task: string, column?: ViewColumn): Promise<void> {
    const uri = answerUri(task);
    const document = await workspace.openTextDocument(uri);
    await setLanguage(document, this.shown(task)?.language);
    const place = columnOf(uri);
    if (place?.visible) return;
    const viewColumn = place?.column ?? column ?? (await columnForAnswer());
    await window.showTextDocument(document, { viewColumn, preserveFocus: true, preview: false });
  }

  /** Opens both sides of a comparison, in the language of the answers. */
  async openSides(task: string): Promise<{ previous: Uri; current: Uri }> {
    const sides = { previous: answerUri(task, 'previous'), current: answerUri(task, 'current') };
    for (const [side, uri] of Object.entries(sides) as [keyof typeof sides, Uri][]) {
      const answer = this.of(task)?.[side];
      await setLanguage(await workspace.openTextDocument(uri), answer && answerText(answer, 'body').language);
    }
    return sides;
  }

  provideTextDocumentContent(uri: Uri): string {
    const { task, side } = partsOf(uri);
    const answer = side === 'newest' ? undefined : this.of(task)?.[side];
    const shown = side === 'newest' ? this.shown(task) : answer && answerText(answer, 'body');
    if (shown === undefined) return '';
    const { text, left } = shown;
    return left === 0
      ? text
      : `${text}\n${l10n.t('... and {0} more: save the answer to see all of it.', formatSize(left))}`;
  }

  dispose(): void {
    this.#registration.dispose();
    this.#texts.dispose();
    this.#changes.dispose();
  }

  #set(outcome: Outcome, part: AnswerPart): void {
    const { task } = outcome;
    // The last invoked Task is the last key.
    this.#shown.delete(task);
    this.#shown.set(task, { outcome, part });
    for (const side of ['newest', 'previous', 'current'] satisfies Side[]) this.#texts.fire(answerUri(task, side));
    this.#changes.fire();
  }
}

/** Sets the language of a read-only document, if the editor knows it. */
async function setLanguage(document: TextDocument, language = 'plaintext'): Promise<void> {
  if (document.languageId !== language && (await languages.getLanguages()).includes(language))
    await languages.setTextDocumentLanguage(document, language);
}
