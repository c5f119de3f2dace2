import type { Crash } from '../../../shared/api.ts';
import type { EmbeddedTimes } from '../embeddedTimes.ts';

/** Crashes of one worker in a row that make a crash loop. */
const LOOP_AFTER = 3;

/** What a worker did when it ended, and its last output. */
export type CrashReport = Pick<Crash, 'ended' | 'output'>;

/**
 * Counts crashes in a row for each worker of a function: starts that fail, and ends before the worker has proven that
 * it works. Each makes the next start wait longer. From the third on, they are a crash loop.
 */
export class CrashWatch {
  readonly #inARow = new Map<number, number>();
  readonly #looping = new Set<number>();
  readonly #times: Pick<EmbeddedTimes, 'firstBackOff' | 'longestBackOff'>;
  readonly #changed: () => void;
  #last: Omit<Crash, 'restarts'> | undefined;

  /** @param changed is called when a crash loop begins and when it ends */
  constructor(times: Pick<EmbeddedTimes, 'firstBackOff' | 'longestBackOff'>, changed: () => void) {
    this.#times = times;
    this.#changed = changed;
  }

  /** The last crash of the crash loop; undefined when there is no loop. */
  get loop(): Omit<Crash, 'restarts'> | undefined {
    return this.#looping.size > 0 ? this.#last : undefined;
  }

  /** Whether some worker has crashed and not proven itself since. */
  get watching(): boolean {
    return this.#inARow.size > 0;
  }

  /** Whether this worker has crashed and not proven itself since. */
  suspects(worker: number): boolean {
    return this.#inARow.has(worker);
  }

  /** @returns how long the worker's next start has to wait, in milliseconds */
  crashed(worker: number, { ended, output }: CrashReport): number {
    const inARow = (this.#inARow.get(worker) ?? 0) + 1;
    this.#inARow.set(worker, inARow);
    if (inARow >= LOOP_AFTER) {
      this.#last = { at: new Date().toISOString(), ended, inARow, output };
      const began = this.#looping.size === 0;
      this.#looping.add(worker);
      if (began) this.#changed();
    }
    const { firstBackOff, longestBackOff } = this.#times;
    return inARow === 1 ? 0 : Math.min(firstBackOff * 2 ** (inARow - 2), longestBackOff);
  }

  /** The worker has completed an event, or has stayed up. */
  recovered(worker: number): void {
    this.#inARow.delete(worker);
    if (this.#looping.delete(worker) && this.#looping.size === 0) this.#changed();
  }
}
