/** Milliseconds between two refreshes. */
const INTERVAL = 500;
/** Milliseconds from an event until it is shown, in which others may come. */
const COLLECT = 50;
/**
 * Milliseconds from the last event to one more refresh. The server makes events of a sample of invocations only, and
 * functions report their calls a second later.
 */
const SETTLED = 1500;

/** Refreshes a view after events: at most once in half a second, and once more when they have ended. */
export class RefreshPace {
  readonly #refresh: () => void;
  #last = Number.NEGATIVE_INFINITY;
  #next: ReturnType<typeof setTimeout> | undefined;
  #settled: ReturnType<typeof setTimeout> | undefined;

  constructor(refresh: () => void) {
    this.#refresh = refresh;
  }

  /** Notes an event. */
  note(): void {
    this.#next ??= setTimeout(() => this.#run(), Math.max(COLLECT, this.#last + INTERVAL - Date.now()));
    clearTimeout(this.#settled);
    this.#settled = setTimeout(() => this.#run(), SETTLED);
  }

  dispose(): void {
    clearTimeout(this.#next);
    clearTimeout(this.#settled);
  }

  #run(): void {
    clearTimeout(this.#next);
    this.#next = undefined;
    this.#last = Date.now();
    this.#refresh();
  }
}
