import { performance } from 'node:perf_hooks';

/**
 * So long every worker of a function runs one and the same event before the function is called busy, in milliseconds.
 */
const BUSY_AFTER = 5000;
/** Between two looks, in milliseconds. */
const INTERVAL = 1000;

/** What is looked at. */
export interface Watched {
  /** @param now monotonic, in milliseconds */
  look(now: number): void;
}

/**
 * Looks at functions each second, with one timer, while there are any: what events do is noted nowhere on their way.
 */
export class BusyWatch {
  readonly #watched = new Set<Watched>();
  #timer: NodeJS.Timeout | undefined;

  add(watched: Watched): void {
    this.#watched.add(watched);
    this.#timer ??= setInterval(() => {
      const now = performance.now();
      for (const one of this.#watched) one.look(now);
    }, INTERVAL).unref();
  }

  delete(watched: Watched): void {
    this.#watched.delete(watched);
    if (this.#watched.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

/**
 * Tells a function whose workers are stuck, or take long, from one with much to do: there, events end between two
 * looks.
 */
export class BusyState {
  /** The events that the last look found, with the time of the look that found them first. */
  #seen = new Map<object, number>();
  #since: number | undefined;

  /**
   * Since when every worker has run the same event, in Unix milliseconds, to a second; undefined while that is less
   * than 5 s.
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
    this.#since = time >= BUSY_AFTER ? (was ?? Date.now() - Math.round(time)) : undefined;
    return (was === undefined) !== (this.#since === undefined);
  }
}
