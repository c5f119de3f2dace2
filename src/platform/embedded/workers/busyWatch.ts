import { performance } from 'node:perf_hooks';

/** A function that the watch looks at. */
export interface Watched {
  /** @param now monotonic, in milliseconds */
  look(now: number): void;
}

/**
 * Looks at functions at intervals, with one timer, while there are any. The path of events does no bookkeeping for it.
 */
export class BusyWatch {
  readonly #interval: number;
  readonly #watched = new Set<Watched>();
  #timer: NodeJS.Timeout | undefined;

  /** @param interval between two looks, in milliseconds */
  constructor(interval: number) {
    this.#interval = interval;
  }

  add(watched: Watched): void {
    this.#watched.add(watched);
    this.#timer ??= setInterval(() => {
      const now = performance.now();
      for (const one of this.#watched) one.look(now);
    }, this.#interval).unref();
  }

  delete(watched: Watched): void {
    this.#watched.delete(watched);
    if (this.#watched.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

/**
 * Distinguishes a function whose workers are stuck, or take long, from one with much to do: there, events end between
 * two looks.
 */
export class BusyState {
  readonly #after: number;
  /** The events that the last look found, with the time of the look that found them first. */
  #seen = new Map<object, number>();
  #since: number | undefined;

  /** @param after how long every worker has to run the same event, in milliseconds */
  constructor(after: number) {
    this.#after = after;
  }

  /**
   * Since when every worker has run the same event, in Unix milliseconds, exact to one interval. Undefined while that
   * time is too short to call the function busy.
   */
  get since(): number | undefined {
    return this.#since;
  }

  /**
   * @param events what each worker runs; undefined for an idle one
   * @returns whether the function is busy now and was not before, or the other way round
   */
  look(events: readonly (object | undefined)[], now: number): boolean {
    const running = events.filter((event) => event !== undefined);
    this.#seen = new Map(running.map((event) => [event, this.#seen.get(event) ?? now]));
    const time = running.length > 0 && running.length === events.length ? now - Math.max(...this.#seen.values()) : 0;
    const was = this.#since;
    this.#since = time >= this.#after ? (was ?? Date.now() - Math.round(time)) : undefined;
    return (was === undefined) !== (this.#since === undefined);
  }
}
