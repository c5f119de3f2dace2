import { type Disposable, EventEmitter } from 'vscode';
import type { RecordedAnswer } from '../../shared/traceApi.ts';
import type { InvocationFilter } from './invocationFilter.ts';

/** Invocations on one page of the view. */
export const PAGE = 200;
/** Answers of replays that are kept, so that they can be compared where the server records no answers. */
const ANSWERS = 20;

/** What the view Recent Invocations shows, and when something was invoked. */
export class Invocations implements Disposable {
  readonly #invoked = new EventEmitter<void>();
  readonly #changed = new EventEmitter<void>();
  /** By trace, the newest last. */
  readonly #answers = new Map<string, RecordedAnswer>();
  #filter: InvocationFilter = {};
  #pages = 1;
  /** Fires when a Task was invoked. The server says so for a sample of invocations. */
  readonly onDidInvoke = this.#invoked.event;
  /** Fires when other invocations are to be shown: by another filter, or older ones. */
  readonly onDidChange = this.#changed.event;

  get filter(): InvocationFilter {
    return this.#filter;
  }

  /** How many invocations are shown at most. */
  get shown(): number {
    return this.#pages * PAGE;
  }

  setFilter(filter: InvocationFilter): void {
    this.#filter = filter;
    this.#pages = 1;
    this.#changed.fire();
  }

  showOlder(): void {
    this.#pages += 1;
    this.#changed.fire();
  }

  invoked(): void {
    this.#invoked.fire();
  }

  keepAnswer(trace: string, answer: RecordedAnswer): void {
    this.#answers.set(trace, answer);
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= ANSWERS) break;
      this.#answers.delete(oldest);
    }
  }

  /** The answer of a replay of this window. */
  answer(trace: string): RecordedAnswer | undefined {
    return this.#answers.get(trace);
  }

  dispose(): void {
    this.#invoked.dispose();
    this.#changed.dispose();
  }
}
