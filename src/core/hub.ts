import type { EventData, EventName } from '../shared/api.ts';

export interface HubEvent<N extends EventName = EventName> {
  /** `<boot>-<n>`; n counts up by one. */
  readonly id: string;
  readonly name: N;
  readonly data: EventData<N>;
}

/** How many events a client may have missed and still resume. */
const KEPT = 2000;

/** Distributes changes to whoever follows them, and keeps the newest so that a client can resume. */
export class Hub {
  readonly #boot = Date.now().toString(36);
  readonly #listeners = new Set<(event: HubEvent) => void>();
  #observers = 0;
  readonly #kept: HubEvent[] = [];
  #count = 0;

  /** The data is copied: listeners and resumed clients see it as it is now. */
  publish<N extends EventName>(name: N, data: EventData<N>): void {
    this.#count += 1;
    const event: HubEvent = { id: this.lastId, name, data: structuredClone(data) };
    this.#kept.push(event);
    if (this.#kept.length > KEPT) this.#kept.shift();
    for (const listener of this.#listeners) listener(event);
  }

  /**
   * @param observer true for a part of the server itself, for which no event needs to be made
   * @returns ends the subscription
   */
  subscribe(listener: (event: HubEvent) => void, observer = false): () => void {
    this.#listeners.add(listener);
    if (observer) this.#observers += 1;
    return () => {
      if (this.#listeners.delete(listener) && observer) this.#observers -= 1;
    };
  }

  /** Of the newest event: what a client that has read the state anew resumes after. */
  get lastId(): string {
    return `${this.#boot}-${this.#count}`;
  }

  /** Whether anyone listens: lets callers save the making of frequent events. */
  get followed(): boolean {
    return this.#listeners.size > this.#observers;
  }

  /** The events after `id`; undefined if that is unknown or too old, so that the client must read the state anew. */
  since(id: string): HubEvent[] | undefined {
    if (id === this.lastId) return [];
    const index = this.#kept.findIndex((event) => event.id === id);
    return index < 0 ? undefined : this.#kept.slice(index + 1);
  }
}
