import { type Disposable, EventEmitter } from 'vscode';
import type { RecordedAnswer } from '../../shared/traceApi.ts';
import type { InvocationFilter } from './invocationFilter.ts';

/** Of read-only documents with a recorded answer. */
export const RECORDED_SCHEME = 'fusionizer-recorded';
/** Invocations on one page of the view. */
export const PAGE = 200;
/** Answers of replays that are kept, so that they can be compared where the server records no answers. */
const ANSWERS = 20;

/** What the view Recent Invocations is to show, and when something was invoked. */
export class Invocations implements Disposable {
  readonly #invoked = new EventEmitter<void>();
  readonly #changed = new EventEmitter<void>();
  #answers: readonly (readonly [trace: string, answer: RecordedAnswer])[] = [];
  filter: InvocationFilter = {};
  /** How many invocations are shown at most. */
  limit = PAGE;
  /** Fires when a Task was invoked. The server says so for a sample of invocations. */
  readonly onDidInvoke = this.#invoked.event;
  /** Fires when other invocations are to be shown: by another filter, or older ones. */
  readonly onDidChange = this.#changed.event;

  show(filter: InvocationFilter, limit = PAGE): void {
    this.filter = filter;
    this.limit = limit;
    this.#changed.fire();
  }

  showOlder(): void {
    this.show(this.filter, this.limit + PAGE);
  }

  invoked(): void {
    this.#invoked.fire();
  }

  keepAnswer(trace: string, answer: RecordedAnswer): void {
    this.#answers = [[trace, answer] as const, ...this.#answers].slice(0, ANSWERS);
  }

  /** The answer of a replay of this window. */
  answer(trace: string): RecordedAnswer | undefined {
    return this.#answers.find(([one]) => one === trace)?.[1];
  }

  dispose(): void {
    this.#invoked.dispose();
    this.#changed.dispose();
  }
}
