import type { EventData, EventName } from '../../shared/api.ts';
import { Ring } from './ring.ts';

/** Events that may come many times a second. All other events are changes. */
export type RecordName = 'invocation' | 'log';
export type ChangeName = Exclude<EventName, RecordName>;

/** An event as it is kept, and sent: its data is JSON already. */
export interface KeptEvent<N extends EventName = EventName> {
  /** `<boot>-<n>`; n counts up by one. */
  readonly id: string;
  readonly n: number;
  readonly name: N;
  readonly text: string;
}

export interface HubEvent<N extends EventName = EventName> extends KeptEvent<N> {
  /** May change later, so only `text` may be kept. */
  readonly data: EventData<N>;
}

/** How many changes a client may have missed and still resume. */
const KEPT_CHANGES = 2000;
/**
 * Records are kept apart from changes, so that a flood of logs does not push those out. Older ones are in the logs and
 * the traces.
 */
const KEPT_RECORDS = 1000;
/** The most text that is kept of each of the two, in characters. One change of a large setup may have a million. */
const MOST_TEXT = 4 * 1024 ** 2;

const bound = { most: MOST_TEXT, sizeOf: ({ text }: KeptEvent) => text.length };

/** What a client that resumes wants to have. */
export interface Wanted {
  readonly names: ReadonlySet<string>;
  /** In characters. */
  readonly most: number;
}

/** Distributes changes and records to followers, and keeps the newest so that a client can resume. */
export class Hub {
  readonly #boot = Date.now().toString(36);
  readonly #listeners = new Set<(event: HubEvent) => void>();
  #observers = 0;
  readonly #changes = new Ring<KeptEvent>(KEPT_CHANGES, bound);
  readonly #records = new Ring<KeptEvent>(KEPT_RECORDS, bound);
  #count = 0;

  /** Publishes a change. It is kept as text, so that resumed clients see it as it is now. */
  publish<N extends ChangeName>(name: N, data: EventData<N>): void {
    this.#send(this.#changes, name, data);
  }

  /** Publishes a record, which never changes again. */
  record<N extends RecordName>(name: N, data: EventData<N>): void {
    this.#send(this.#records, name, data);
  }

  #send<N extends EventName>(ring: Ring<KeptEvent>, name: N, data: EventData<N>): void {
    this.#count += 1;
    const event: KeptEvent<N> = { id: this.lastId, n: this.#count, name, text: JSON.stringify(data) };
    ring.push(event);
    if (this.#listeners.size === 0) return;
    const sent: HubEvent = { ...event, data };
    for (const listener of this.#listeners) listener(sent);
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
   * The events after `id`, of the records as many as fit. Undefined if `id` is unknown, or so old that a change is
   * missing, or if the changes do not fit: then the client must read the state again.
   */
  since(id: string, wanted?: Wanted): KeptEvent[] | undefined {
    const [, boot, digits] = /^(\w+)-(\d{1,15})$/.exec(id) ?? [];
    const n = Number(digits);
    if (boot !== this.#boot || n > this.#count || n < (this.#changes.evicted?.n ?? 0)) return undefined;
    const missed = (ring: Ring<KeptEvent>): KeptEvent[] =>
      ring.toArray().filter((event) => event.n > n && (wanted?.names.has(event.name) ?? true));
    const changes = missed(this.#changes);
    let left = wanted?.most ?? Number.POSITIVE_INFINITY;
    for (const { text } of changes) left -= text.length;
    if (left < 0) return undefined;
    const records: KeptEvent[] = [];
    for (const record of missed(this.#records).reverse()) {
      left -= record.text.length;
      if (left < 0) break;
      records.push(record);
    }
    return [...changes, ...records].sort((a, b) => a.n - b.n);
  }
}
