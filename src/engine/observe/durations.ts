/** From one class of durations to the next. The middle of a class is within 5 % of all of it. */
const STEP = Math.log(1.1);
/** The smallest duration that differs from 0, in milliseconds: one microsecond. */
const SMALLEST = 0.001;

/** Counts durations in classes that grow by 10 %, so that any number of them takes little room, and can be added. */
export class Durations {
  readonly #classes = new Map<number, number>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** @param duration in milliseconds */
  add(duration: number): void {
    this.#add(Math.round(Math.log(Math.max(SMALLEST, duration) / SMALLEST) / STEP), 1);
  }

  addAll(others: Durations): void {
    for (const [one, count] of others.#classes) this.#add(one, count);
  }

  /**
   * @param share of the durations that are as long or shorter, such as 0.5 for the median
   * @returns in milliseconds; 0 without durations
   */
  quantile(share: number): number {
    let left = Math.max(1, Math.ceil(this.#count * share));
    for (const one of [...this.#classes.keys()].sort((a, b) => a - b)) {
      left -= this.#classes.get(one) ?? 0;
      if (left <= 0) return SMALLEST * Math.exp(one * STEP);
    }
    return 0;
  }

  #add(one: number, count: number): void {
    this.#classes.set(one, (this.#classes.get(one) ?? 0) + count);
    this.#count += count;
  }
}
