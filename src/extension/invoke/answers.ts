import {
  type Disposable,
  EventEmitter,
  type TextDocumentContentProvider,
  type Uri,
  type ViewColumn,
  workspace,
} from 'vscode';
import type { Answer, AnswerDetails, AnswerPart, TaskAnswers } from './answer.ts';
import { AnswerHistory, isAnswer, type Outcome } from './answerHistory.ts';
import { ANSWER_SCHEME, answerUri, type Side } from './answerUri.ts';
import type { PayloadSource } from './recentCalls.ts';
import type { Unanswered } from './unanswered.ts';

/**
 * Keeps the last answers of each Task, and its invocations without an answer. One read-only document for each Task,
 * which is updated in place, shows the newest one, or an earlier one that the user asked for. The code for the
 * documents is loaded when the first one is shown.
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
  lastOf(task: string, source: PayloadSource, request: string): Outcome | undefined {
    return this.#history.lastOf(task, source, request);
  }

  /** Notes that the file of a payload was deleted. */
  forget(path: string): void {
    this.#history.forget({ kind: 'document', path });
    this.#changes.fire();
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
    const { revealIfOpen } = await import('./answerDocuments.ts');
    await revealIfOpen(this, unanswered.task);
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

  /**
   * Opens a Task's document where it was, else in a column, else where the settings say. A visible one stays as it is.
   */
  async reveal(task: string, column?: ViewColumn): Promise<void> {
    const { revealAnswer } = await import('./answerDocuments.ts');
    await revealAnswer(this, task, column);
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const { answerContent } = await import('./answerDocuments.ts');
    return answerContent(this, uri);
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
