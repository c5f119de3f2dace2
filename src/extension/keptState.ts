/**
 * What the extension keeps of a workspace over a reload of its window: the part of VS Code's Memento that is needed, so
 * that what keeps something can be tested without an editor. Each owner has a key of its own.
 */
export interface KeptState {
  /** @param otherwise what counts while nothing is kept under this key */
  get<T>(key: string, otherwise: T): T;
  /**
   * @param value as JSON has it; undefined forgets it
   * @returns resolves when it is kept: nobody has to wait for that
   */
  update(key: string, value: unknown): PromiseLike<void>;
}
