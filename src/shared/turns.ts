import { setImmediate } from 'node:timers/promises';

/** How long one turn may take, in milliseconds. */
const LONGEST = 20;

/** Splits long work into turns, between which other requests are served. */
export class Turns {
  #end = performance.now() + LONGEST;

  /** Called between two steps of the work. Ends the turn if it has taken its time. */
  async next(): Promise<void> {
    if (performance.now() < this.#end) return;
    await setImmediate();
    this.#end = performance.now() + LONGEST;
  }
}
