import { totalmem } from 'node:os';
import { FusionizerError } from '../../../shared/errors.ts';

/** A worker without packages takes 20 MiB (Python) to 55 MiB (Node.js). In bytes. */
const MEMORY_OF_A_WORKER = 64 * 1024 ** 2;
/** The least and the most workers that a server may have by default. */
const LEAST = 64;
const MOST = 1024;

/** How many workers a server may have unless its options say so: what fits into the machine's memory. */
export function defaultMaxWorkers(memory = process.constrainedMemory() || totalmem()): number {
  // Without a limit, the constrained memory of Linux is larger than any machine's.
  return Math.min(MOST, Math.max(LEAST, Math.floor(Math.min(memory, totalmem()) / MEMORY_OF_A_WORKER)));
}

/**
 * Bounds the worker processes of a server. Extra workers may be a quarter of them: calls of Tasks start these by
 * themselves, and calls without end would start them without end.
 */
export class WorkerBudget {
  readonly #most: number;
  #workers = 0;
  #extra = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** How many extra workers all functions together may have. */
  get mostExtra(): number {
    return Math.max(1, Math.floor(this.#most / 4));
  }

  /**
   * Takes the workers of a function.
   * @returns gives them back; may be called again
   * @throws FusionizerError `platform` if the server has too many workers for that
   */
  take(workers: number): () => void {
    if (this.#workers + workers > this.#most) {
      throw new FusionizerError(
        'platform',
        `The function needs ${workers} ${workers === 1 ? 'worker' : 'workers'}, and this server has ${this.#workers} ` +
          `of the ${this.#most} worker processes that it may have: lower numWorkers, delete Tasks, fuse Tasks, or ` +
          'allow more with fusionizer serve --max-workers',
      );
    }
    this.#workers += workers;
    let held = workers;
    return () => {
      this.#workers -= held;
      held = 0;
    };
  }

  /**
   * Takes an extra worker.
   * @returns gives it back; undefined if there may be no more of them
   */
  takeExtra(): (() => void) | undefined {
    if (this.#extra >= this.mostExtra || this.#workers + this.#extra >= this.#most) return undefined;
    this.#extra += 1;
    return () => {
      this.#extra -= 1;
    };
  }
}
