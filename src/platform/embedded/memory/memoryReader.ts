/** Reads how much memory workers use, each with the processes that it started. */
export interface MemoryReader {
  /** Milliseconds between two reads: as often as it is cheap. */
  readonly interval: number;
  /**
   * @param workers process ids
   * @returns bytes by process id, without those that have ended
   */
  read(workers: readonly number[]): Promise<Map<number, number>>;
  /** Counts memory that processes share only once. It is slower, so it is used only before a worker is ended. */
  readExactly(workers: readonly number[]): Promise<Map<number, number>>;
}
