import type { TraceRecord } from '../../src/shared/api.ts';
import { messageOf } from '../../src/shared/errors.ts';
import { api, follow, type InvocationFilter } from '../browser/api.ts';

/** How many invocations are shown. */
const MOST = 200;
/** Milliseconds in which changes are collected: under load, each invocation is an event. */
const COLLECTED = 500;

/** The newest invocations, and which of them are shown. */
export class ExplorerStore {
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  invocations: readonly TraceRecord[] = [];
  filter: InvocationFilter = {};
  /** The trace of the row with the focus, or that would get it. */
  cursor: string | undefined;
  focusWanted = 0;
  error: string | undefined;
  isReady = false;

  /** @returns ends the subscription */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async begin(): Promise<void> {
    await this.#read();
    follow(['invocation'], () => this.#soon());
  }

  setFilter(change: InvocationFilter): void {
    this.filter = { ...this.filter, ...change };
    this.#soon();
    this.#tell();
  }

  choose(cursor: string): void {
    this.cursor = cursor;
    this.focusWanted += 1;
    this.#tell();
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#read();
    }, COLLECTED);
  }

  async #read(): Promise<void> {
    const { filter } = this;
    try {
      const found = await api.invocations(filter, MOST);
      if (this.filter !== filter) return;
      this.invocations = found;
      this.error = undefined;
    } catch (error) {
      this.error = messageOf(error);
    }
    this.isReady = true;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
