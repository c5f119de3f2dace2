/** Seconds that pass only while it runs. */
export class Clock {
  readonly #now: () => number;
  /** Seconds that had passed when it was last started or stopped. */
  #passed = 0;
  /** When it was last started; undefined while it is paused. */
  #since: number | undefined;

  /** @param now a monotonic time in milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#since = now();
  }

  get running(): boolean {
    return this.#since !== undefined;
  }

  get seconds(): number {
    return this.#passed + (this.#since === undefined ? 0 : (this.#now() - this.#since) / 1000);
  }

  run(): void {
    this.#since ??= this.#now();
  }

  pause(): void {
    this.#passed = this.seconds;
    this.#since = undefined;
  }

  restart(): void {
    this.#passed = 0;
    if (this.#since !== undefined) this.#since = this.#now();
  }
}
