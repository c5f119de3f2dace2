/** Per worker and second: far more than a person reads, far less than a loop that prints can send. */
const BYTES_PER_SECOND = 1024 ** 2;

/**
 * Lets so much of what a worker prints through each second, drops the rest and tells how much that was. The worker
 * itself is not slowed down, and neither is the server: what is dropped is not even split into lines.
 */
export class PrintThrottle {
  readonly #tell: (dropped: number) => void;
  readonly #limit: number;
  #left: number;
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param tell hears, at most once a second, how many bytes were dropped */
  constructor(tell: (dropped: number) => void, limit = BYTES_PER_SECOND) {
    this.#tell = tell;
    this.#limit = limit;
    this.#left = limit;
  }

  /** Whether a chunk of so many bytes may pass. */
  allow(bytes: number): boolean {
    this.#timer ??= setTimeout(() => this.#nextSecond(), 1000).unref();
    if (this.#left <= 0) {
      this.#dropped += bytes;
      return false;
    }
    this.#left -= bytes;
    return true;
  }

  #nextSecond(): void {
    this.#timer = undefined;
    this.#left = this.#limit;
    const dropped = this.#dropped;
    this.#dropped = 0;
    if (dropped > 0) this.#tell(dropped);
  }
}
