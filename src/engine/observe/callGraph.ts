import type { TraceRecord } from '../../shared/api.ts';
import { type CallCount, type CallsView, type KnownSetup, LONGEST_WINDOW } from '../../shared/callApi.ts';
import { isFailure } from '../../shared/recordWords.ts';
import { Durations } from './durations.ts';

/** Calls are counted in slots of so many milliseconds: a window is exact to one of them. */
const SLOT = 10_000;
/** All slots together: those of some 60 kinds of calls that come all the time, for an hour. */
const MOST_SLOTS = 20_000;
/** Kinds of calls that are counted. */
const MOST_KINDS = 5000;
/** Setups that can be chosen. */
const MOST_SETUPS = 100;
/** Records of earlier runs that are counted as well. */
const MOST_EARLIER = 10_000;

/** Calls of one kind, in a slot or altogether. */
class Tally {
  readonly durations = new Durations();
  failed = 0;

  add({ duration, status }: TraceRecord): void {
    this.durations.add(duration);
    if (isFailure(status)) this.failed += 1;
  }

  addAll(other: Tally): void {
    this.durations.addAll(other.durations);
    this.failed += other.failed;
  }
}

/** Calls with one caller and one callee, in one setup. */
interface Kind {
  newest: TraceRecord;
  readonly all: Tally;
  /** By the number of the slot, the oldest first. */
  readonly slots: Map<number, Tally>;
}

export interface CallFilter {
  /** Only calls of so many seconds up to now. */
  readonly window?: number | undefined;
  /** Only calls while this setup was in force. */
  readonly setup?: string | undefined;
}

/** Counts who calls whom, for as long as the server runs, bounded. */
export class CallGraph {
  readonly #kinds = new Map<string, Kind>();
  readonly #setups = new Map<string, KnownSetup>();
  readonly #now: () => number;
  readonly #readEarlier: (limit: number) => Promise<readonly TraceRecord[]>;
  #earlier: Promise<void> | undefined;
  #slots = 0;
  /** How far back slots are kept, in milliseconds. */
  #kept = LONGEST_WINDOW * 1000;

  /** @param earlier the newest records of earlier runs, at most so many: they are read when somebody first looks */
  constructor(earlier: (limit: number) => Promise<readonly TraceRecord[]>, now: () => number = Date.now) {
    this.#readEarlier = earlier;
    this.#now = now;
  }

  add(record: TraceRecord): void {
    const key = keyOf(record);
    const kind = this.#kinds.get(key) ?? this.#newKind(key, record);
    // Functions report calls late, so that what comes last need not be the newest.
    if (kind.newest.start <= record.start) kind.newest = record;
    kind.all.add(record);
    this.#slotOf(kind.slots, record.start)?.add(record);
    this.#noteSetup(record);
  }

  /** @param inForce the id of the setup in force */
  async view(inForce: string, { window, setup }: CallFilter): Promise<CallsView> {
    this.#earlier ??= this.#addEarlier();
    await this.#earlier;
    const merged = new Map<string, { newest: TraceRecord; tally: Tally }>();
    for (const { newest, all, slots } of this.#kinds.values()) {
      if (setup !== undefined && newest.setup !== setup) continue;
      const tally = window === undefined ? all : this.#within(slots, window);
      if (tally.durations.count === 0) continue;
      const key = keyOf({ ...newest, setup: '' });
      const same = merged.get(key);
      const sum = new Tally();
      if (same) sum.addAll(same.tally);
      sum.addAll(tally);
      merged.set(key, { newest: same && same.newest.start > newest.start ? same.newest : newest, tally: sum });
    }
    return {
      setup: inForce,
      setups: [...this.#setups.values()].sort((one, other) => one.first - other.first),
      calls: [...merged.values()].map(({ newest, tally }) => countOf(newest, tally)).sort(byNames),
    };
  }

  async #addEarlier(): Promise<void> {
    for (const record of await this.#readEarlier(MOST_EARLIER)) this.add(record);
  }

  #newKind(key: string, record: TraceRecord): Kind {
    const [oldest] = this.#kinds;
    if (this.#kinds.size >= MOST_KINDS && oldest !== undefined) {
      this.#kinds.delete(oldest[0]);
      this.#slots -= oldest[1].slots.size;
    }
    const made: Kind = { newest: record, all: new Tally(), slots: new Map() };
    this.#kinds.set(key, made);
    return made;
  }

  /** The slot of a time; undefined for one that is too long ago. */
  #slotOf(slots: Map<number, Tally>, time: number): Tally | undefined {
    const number = Math.floor(time / SLOT);
    const found = slots.get(number);
    if (found !== undefined || time < this.#now() - this.#kept) return found;
    if (this.#slots >= MOST_SLOTS) this.#makeRoom();
    const made = new Tally();
    slots.set(number, made);
    this.#slots += 1;
    return made;
  }

  /** Drops slots that no window needs. If there are none, windows get shorter. */
  #makeRoom(): void {
    for (;;) {
      const oldest = (this.#now() - this.#kept) / SLOT;
      for (const { slots } of this.#kinds.values())
        for (const number of slots.keys()) if (number < oldest && slots.delete(number)) this.#slots -= 1;
      if (this.#slots <= MOST_SLOTS * 0.9 || this.#kept < SLOT) return;
      this.#kept /= 2;
    }
  }

  #within(slots: ReadonlyMap<number, Tally>, window: number): Tally {
    const from = this.#now() - window * 1000;
    const sum = new Tally();
    for (const [number, tally] of slots) if ((number + 1) * SLOT > from) sum.addAll(tally);
    return sum;
  }

  #noteSetup({ setup: id, start }: TraceRecord): void {
    if (id === undefined) return;
    const known = this.#setups.get(id);
    if (known !== undefined) {
      known.calls += 1;
      known.first = Math.min(known.first, start);
      known.last = Math.max(known.last, start);
      return;
    }
    const [oldest] = this.#setups.keys();
    if (this.#setups.size >= MOST_SETUPS && oldest !== undefined) this.#setups.delete(oldest);
    this.#setups.set(id, { id, calls: 1, first: start, last: start });
  }
}

const keyOf = ({ caller, callee, local, mode = 'sync', setup = '' }: TraceRecord): string =>
  `${caller ?? ''}\0${callee}\0${local ? 'local' : 'remote'}\0${mode}\0${setup}`;

const countOf = ({ caller, callee, local, mode = 'sync', group }: TraceRecord, tally: Tally): CallCount => ({
  caller,
  callee,
  local,
  mode,
  group,
  count: tally.durations.count,
  failed: tally.failed,
  p50: rounded(tally.durations.quantile(0.5)),
  p95: rounded(tally.durations.quantile(0.95)),
});

/** Three digits: the classes of durations are no finer. */
const rounded = (duration: number): number => Number(duration.toPrecision(3));

const byNames = (one: CallCount, other: CallCount): number =>
  (one.caller ?? '').localeCompare(other.caller ?? '') ||
  one.callee.localeCompare(other.callee) ||
  Number(other.local) - Number(one.local) ||
  other.mode.localeCompare(one.mode);
