/** The part of VS Code's Memento that the extension needs: values as JSON, which a reload of the window keeps. */
export interface KeptState {
  get<T>(key: string, otherwise: T): T;
  update(key: string, value: unknown): PromiseLike<void>;
}
