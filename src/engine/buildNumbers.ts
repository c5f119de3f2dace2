/** How many numbers one save reserves. */
const BLOCK = 100;

/**
 * Gives each build a number of its own, over restarts and crashes too, so that no function name repeats. Numbers are
 * reserved in blocks in the saved state before the first of a block is given: a build that fails saves nothing.
 */
export class BuildNumbers {
  readonly #save: () => Promise<void>;
  #last: number;
  #reserved: number;
  #highest: number;
  #saving: Promise<void> | undefined;

  /**
   * @param highest the `highest` of the run before
   * @param save makes a state with `highest` durable
   */
  constructor(highest: number, save: () => Promise<void>) {
    this.#last = highest;
    this.#reserved = highest;
    this.#highest = highest;
    this.#save = save;
  }

  /** No build has a number above this one. It belongs into every saved state. */
  get highest(): number {
    return this.#highest;
  }

  async next(): Promise<number> {
    while (this.#last >= this.#reserved) {
      this.#saving ??= this.#reserve();
      await this.#saving;
    }
    this.#last += 1;
    return this.#last;
  }

  async #reserve(): Promise<void> {
    try {
      // States that are saved from now on have it, whatever the order in which they are written.
      this.#highest = this.#reserved + BLOCK;
      await this.#save();
      this.#reserved = this.#highest;
    } finally {
      this.#saving = undefined;
    }
  }
}
