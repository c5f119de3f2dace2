import { isDeepStrictEqual } from 'node:util';
import { type Disposable, EventEmitter } from 'vscode';
import type { Prepared } from '../../client/payload/toInvocation.ts';
import { DismissedError } from '../errors.ts';
import type { Answer, Sent } from './answer.ts';
import type { PayloadSource } from './recentCalls.ts';
import type { SenderParts } from './sendEvent.ts';

/**
 * Knows the invocations that run, and can cancel them. The code that sends an event is loaded for the first one.
 */
export class Invoker implements Disposable {
  readonly #parts: SenderParts;
  readonly #running = new Map<AbortController, Sent>();
  readonly #changes = new EventEmitter<void>();
  /** Fires when an invocation begins or ends. */
  readonly onDidChange = this.#changes.event;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /** The Tasks with an invocation that runs. */
  get running(): string[] {
    return [...new Set([...this.#running.values()].map(({ task }) => task))];
  }

  /** Whether an invocation of a Task with this payload runs. */
  isWaiting(task: string, source: PayloadSource): boolean {
    return [...this.#running.values()].some((sent) => sent.task === task && isDeepStrictEqual(sent.source, source));
  }

  /** Stops waiting for one Task's answers, or for all. @param source only for those to this payload */
  cancel(task?: string, source?: PayloadSource): void {
    for (const [abort, sent] of this.#running) {
      if (task !== undefined && task !== sent.task) continue;
      if (source === undefined || isDeepStrictEqual(source, sent.source)) abort.abort(new DismissedError());
    }
  }

  /**
   * Sends an event to a Task, and shows and returns the answer. Every answer of a handler counts, whatever its status.
   * @throws ClientError if no handler was reached; FusionizerError `no-answer`; DismissedError if it was cancelled
   */
  async send(task: string, source: PayloadSource, prepared: Prepared): Promise<Answer> {
    const { sendEvent } = await import('./sendEvent.ts');
    return sendEvent(this.#parts, { task, source, prepared }, (sent, abort) => this.#begin(sent, abort));
  }

  dispose(): void {
    this.cancel();
    this.#changes.dispose();
  }

  /** @returns ends it */
  #begin(sent: Sent, abort: AbortController): () => void {
    this.#running.set(abort, sent);
    this.#changes.fire();
    return () => {
      this.#running.delete(abort);
      this.#changes.fire();
    };
  }
}
