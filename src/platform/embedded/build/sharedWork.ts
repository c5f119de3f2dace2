import type { TextMask } from '../../../secrets/mask.ts';

export interface BuildProgress {
  signal: AbortSignal;
  /**
   * Masks secrets in the output: build commands may name package indexes with passwords, and print environment
   * variables.
   */
  mask: TextMask;
  output(line: string): void;
}

/**
 * Work that several deploys wait for. It belongs to none of them: it ends early only when all of them are cancelled.
 */
export class SharedWork {
  readonly #followers = new Set<BuildProgress>();
  readonly #cancel = new AbortController();
  readonly #ended: Promise<unknown>;
  readonly #first: BuildProgress;

  /** @param run does the work; lines of its output go to all that follow it at that moment, each with its own mask */
  constructor(run: (progress: BuildProgress) => Promise<void>, first: BuildProgress) {
    this.#followers.add(first);
    this.#first = first;
    this.#ended = run({
      signal: this.#cancel.signal,
      mask: first.mask,
      output: (line) => {
        for (const follower of this.#followers) follower.output(follower.mask(line));
      },
    }).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
  }

  /** Everybody who wanted it has gone: it comes to its end, and has to be done again. */
  get abandoned(): boolean {
    return this.#cancel.signal.aborted;
  }

  /** Whether the deploy that began it is gone, and with it the files that it was to be made of. */
  isOrphanFor(progress: BuildProgress): boolean {
    return progress !== this.#first && this.#first.signal.aborted && !progress.signal.aborted;
  }

  /** Resolves when the work has ended, well or not. */
  async ended(): Promise<void> {
    await this.#ended;
  }

  /**
   * Waits for the work.
   * @throws the error of the work, or the signal's reason; the last one to leave ends the work, and waits for that
   */
  async follow(progress: BuildProgress): Promise<void> {
    this.#followers.add(progress);
    const { signal } = progress;
    let leave = (): void => {};
    const left = new Promise<void>((resolve) => {
      leave = (): void => {
        this.#followers.delete(progress);
        if (this.#followers.size === 0) this.#cancel.abort(signal.reason);
        resolve(this.abandoned ? this.ended() : undefined);
      };
    });
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    const outcome = await Promise.race([this.#ended, left]);
    signal.removeEventListener('abort', leave);
    this.#followers.delete(progress);
    signal.throwIfAborted();
    if (isFailure(outcome)) throw outcome.error;
  }
}

const isFailure = (outcome: unknown): outcome is { error: unknown } =>
  typeof outcome === 'object' && outcome !== null && 'error' in outcome;
