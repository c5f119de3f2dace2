/** Lets work that runs at the same time do one step of it one after the other, in the order in which it began. */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  /** Takes the next turn. */
  take(): Turn {
    const before = this.#last;
    let end: () => void = () => undefined;
    const own = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#last = before.then(() => own);
    return { come: before, end };
  }
}

export interface Turn {
  /** Resolves when all turns that were taken before have ended. */
  readonly come: Promise<void>;
  /** Ends the turn; may be called again. */
  end(): void;
}
