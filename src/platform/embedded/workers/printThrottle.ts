/** Of one worker in each window: far more than a person reads, far less than a loop that prints can send. */
const MOST_BYTES = 1024 ** 2;
/** What a line or a record counts besides its text, in bytes: short ones take the server as long as others. */
const EACH = 50;

/**
 * Lets a bounded number of bytes that a worker prints through in each window of time, drops the rest and reports how
 * much that was. It slows down neither the worker nor the server: what is dropped is not even split into lines.
 */
export class PrintThrottle {
  readonly #report: (dropped: number) => void;
  readonly #window: number;
  #left = MOST_BYTES;
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param window in milliseconds
   * @param report is called at most once a window, with the number of bytes that were dropped
   */
  constructor(window: number, report: (dropped: number) => void) {
    this.#window = window;
    this.#report = report;
  }

  /** Whether a chunk of this many bytes may pass. @param count the lines or records in it */
  allow(bytes: number, count = 1): boolean {
    this.#timer ??= setTimeout(() => this.#nextWindow(), this.#window).unref();
    if (this.#left <= 0) {
      this.#dropped += bytes;
      return false;
    }
    this.#left -= bytes + count * EACH;
    return true;
  }

  #nextWindow(): void {
    this.#timer = undefined;
    this.#left = MOST_BYTES;
    const dropped = this.#dropped;
    this.#dropped = 0;
    if (dropped > 0) this.#report(dropped);
  }
}
