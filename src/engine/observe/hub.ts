import type { EventData, EventName } from '../../shared/api.ts';
import { Ring } from './ring.ts';

/** Events that may come many times a second. All other events are changes. */
export type RecordName = 'invocation' | 'log';
export type ChangeName = Exclude<EventName, RecordName>;

export interface HubEvent<N extends EventName = EventName> {
  /** `<boot>-<n>`; n counts up by one. */
  readonly id: string;
  readonly n: number;
  readonly name: N;
  readonly data: EventData<N>;
}

/** How many changes a client may have missed and still resume. */
const KEPT_CHANGES = 2000;
/**
 * Records are kept apart from changes, so that a flood of logs does not push those out. Older ones are in the logs and
 * the traces.
 */
const KEPT_RECORDS = 1000;

/** Distributes changes and records to followers, and keeps the newest so that a client can resume. */
export class Hub {
  readonly #boot = Date.now().toString(36);
  readonly #listeners = new Set<(event: HubEvent) => void>();
  #observers = 0;
  readonly #changes = new Ring<HubEvent>(KEPT_CHANGES);
  readonly #records = new Ring<HubEvent>(KEPT_RECORDS);
  #count = 0;

  /** Publishes a change. The data is copied, so that listeners and resumed clients see it as it is now. */
  publish<N extends ChangeName>(name: N, data: EventData<N>): void {
    this.#send(this.#changes, name, structuredClone(data));
  }

  /** Publishes a record, which never changes again. */
  record<N extends RecordName>(name: N, data: EventData<N>): void {
    this.#send(this.#records, name, data);
  }

  #send<N extends EventName>(ring: Ring<HubEvent>, name: N, data: EventData<N>): void {
    this.#count += 1;
    const event: HubEvent = { id: this.lastId, n: this.#count, name, data };
    ring.push(event);
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

  /** The id of the newest event. A client that has just read the state resumes after it. */
  get lastId(): string {
    return `${this.#boot}-${this.#count}`;
  }

  /** Whether anyone listens. If not, callers need not make frequent events. */
  get followed(): boolean {
    return this.#listeners.size > this.#observers;
  }

  /**
   * The events after `id`; undefined if that is unknown, or so old that a change is missing, so that the client must
   * read the state again.
   */
  since(id: string): HubEvent[] | undefined {
    const [, boot, digits] = /^(\w+)-(\d{1,15})$/.exec(id) ?? [];
    const n = Number(digits);
    if (boot !== this.#boot || n > this.#count || n < (this.#changes.evicted?.n ?? 0)) return undefined;
    return [...this.#changes.toArray(), ...this.#records.toArray()]
      .filter((event) => event.n > n)
      .sort((a, b) => a.n - b.n);
  }
}
