import {
  type Disposable,
  EventEmitter,
  l10n,
  languages,
  type TextDocumentContentProvider,
  Uri,
  window,
  workspace,
} from 'vscode';
import { formatSize } from '../../shared/format.ts';
import type { Answer, AnswerDetails, AnswerPart } from './answer.ts';
import { answerText, type ShownText } from './answerText.ts';
import { columnBeside, columnOf } from './tabs.ts';
import { type Unanswered, unansweredText } from './unanswered.ts';

export const ANSWER_SCHEME = 'fusionizer-answer';

export interface TaskAnswers {
  readonly current: Answer;
  readonly previous: Answer | undefined;
  /** The part that the Task's document shows. */
  readonly part: AnswerPart;
}

/** The answer in a document: the newest one, which changes with each invocation, or one side of a comparison. */
type Side = 'newest' | 'previous' | 'current';

/**
 * Keeps the last two answers of each Task, and the failure of its last invocation. It shows them in one read-only
 * document for each Task, which is updated in place.
 */
export class Answers implements TextDocumentContentProvider, Disposable {
  readonly #answers = new Map<string, TaskAnswers>();
  readonly #unanswered = new Map<string, Unanswered>();
  readonly #texts = new EventEmitter<Uri>();
  readonly #changes = new EventEmitter<void>();
  readonly onDidChange = this.#texts.event;
  /** Fires when an answer's text, part or details are new. */
  readonly onDidUpdate = this.#changes.event;
  readonly #registration = workspace.registerTextDocumentContentProvider(ANSWER_SCHEME, this);

  of(task: string): TaskAnswers | undefined {
    return this.#answers.get(task);
  }

  /** The last invocation of a Task if it ended without an answer, until an earlier answer is shown again. */
  unansweredOf(task: string): Unanswered | undefined {
    return this.#unanswered.get(task);
  }

  /** The Tasks that have an answer. */
  get tasks(): string[] {
    return [...this.#answers.keys()];
  }

  /** Keeps an answer and shows it beside the editor, without taking the focus. */
  async add(answer: Answer): Promise<void> {
    const previous = this.#answers.get(answer.task)?.current;
    this.#unanswered.delete(answer.task);
    this.#answers.delete(answer.task);
    this.#answers.set(answer.task, { current: answer, previous, part: 'body' });
    this.#refresh(answer.task, ['newest', 'previous', 'current']);
    await this.reveal(answer.task);
  }

  /** Notes an invocation without an answer. A document that shows an earlier answer says so; no document is opened. */
  async addUnanswered(unanswered: Unanswered): Promise<void> {
    const { task } = unanswered;
    this.#unanswered.set(task, unanswered);
    this.#refresh(task, ['newest']);
    if (columnOf(answerUri(task))) await this.reveal(task);
  }

  /** Adds details to an answer, unless a newer answer has replaced it. */
  addDetails(answer: Answer, details: AnswerDetails): void {
    const known = this.#answers.get(answer.task);
    if (known?.current.trace !== answer.trace) return;
    this.#answers.set(answer.task, { ...known, current: { ...known.current, details } });
    if (known.part === 'calls' || known.part === 'logs') this.#refresh(answer.task, ['newest']);
    this.#changes.fire();
  }

  /** Shows another part of a Task's answer in its document. */
  async show(task: string, part: AnswerPart): Promise<void> {
    const known = this.#answers.get(task);
    if (known === undefined) return;
    this.#unanswered.delete(task);
    this.#answers.set(task, { ...known, part });
    this.#refresh(task, ['newest']);
    await this.reveal(task);
  }

  shown(task: string): ShownText | undefined {
    const known = this.#answers.get(task);
    const unanswered = this.#unanswered.get(task);
    if (unanswered)
      return { text: unansweredText(unanswered, known !== undefined), language: 'plaintext', changed: false, left: 0 };
    return known && answerText(known.current, known.part);
  }

  /** Opens a Task's document where it was, else beside the active editor. A visible one stays as it is. */
  async reveal(task: string): Promise<void> {
    const uri = answerUri(task);
    const document = await workspace.openTextDocument(uri);
    const language = this.shown(task)?.language ?? 'plaintext';
    if (document.languageId !== language && (await languages.getLanguages()).includes(language))
      await languages.setTextDocumentLanguage(document, language);
    const place = columnOf(uri);
    if (place?.visible) return;
    await window.showTextDocument(document, {
      viewColumn: place?.column ?? columnBeside(),
      preserveFocus: true,
      preview: false,
    });
  }

  provideTextDocumentContent(uri: Uri): string {
    const { task, side } = partsOf(uri);
    const known = this.#answers.get(task);
    const answer = side === 'previous' ? known?.previous : known?.current;
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

  #refresh(task: string, sides: readonly Side[]): void {
    for (const side of sides) this.#texts.fire(answerUri(task, side));
    this.#changes.fire();
  }
}

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

function partsOf(uri: Uri): { task: string; side: Side } {
  const query = new URLSearchParams(uri.query);
  const side = query.get('side');
  return { task: query.get('task') ?? '', side: side === 'previous' || side === 'current' ? side : 'newest' };
}
