/** Finds out how much memory workers use, each with all that it started. */
export interface MemoryReader {
  /** Milliseconds between two looks: as often as a look is cheap. */
  readonly interval: number;
  /**
   * @param workers process ids
   * @returns bytes, by process id; without those that have ended
   */
  read(workers: readonly number[]): Promise<Map<number, number>>;
  /** The same, but counts memory that processes share once: dearer, so it is asked before a worker is ended. */
  readExactly(workers: readonly number[]): Promise<Map<number, number>>;
}
