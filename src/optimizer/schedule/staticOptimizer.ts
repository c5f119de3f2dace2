import { asFusionizerError, messageOf } from '../../shared/errors.ts';
import { entryInForce, entryOf } from '../../shared/schedule.ts';
import type { ScheduleEntry, ScheduleView } from '../../shared/scheduleApi.ts';
import { normalForm } from '../../shared/setup.ts';
import type { Setup } from '../../shared/setupApi.ts';
import type { ApplyResult, Optimizer, OptimizerView } from '../optimizer.ts';
import { Clock } from './clock.ts';

/** Timers overflow beyond this; a longer wait is made of several. */
const LONGEST_WAIT = 2 ** 31 - 1;

/**
 * Follows a Schedule: the setup of the largest second <= now is in force. Entries may be replaced at any time; the
 * clock goes on, and the entry in force is applied if that changed.
 */
export class StaticOptimizer implements Optimizer {
  readonly name = 'static';
  #file: string | null;
  readonly #changed: () => void;
  readonly #clock: Clock;
  #entries: readonly ScheduleEntry[];
  /** Why the file cannot be read, as of its last change. An entry that is applied meanwhile does not mend it. */
  #fileError: string | null = null;
  #error: string | null = null;
  /** The entry that was applied last. */
  #applied: ScheduleEntry | undefined;
  /** Whether that one is still on its way. */
  #isApplying = false;
  /** The entry that was reached last. */
  #reached: ScheduleEntry | undefined;
  /** Why entries could not be applied, by their seconds. */
  readonly #failed = new Map<number, string>();
  #wake: (() => void) | undefined;

  /** @param changed called whenever `view` changed by itself */
  constructor(
    entries: readonly ScheduleEntry[],
    options: { file: string | null; clock?: Clock; changed?: () => void },
  ) {
    this.#entries = entries;
    this.#file = options.file;
    this.#clock = options.clock ?? new Clock();
    this.#changed = options.changed ?? (() => {});
  }

  get view(): Omit<ScheduleView, 'optimizer'> {
    const seconds = this.#clock.seconds;
    return {
      file: this.#file,
      entries: [...this.#entries],
      clock: { state: this.#clock.running ? 'running' : 'paused', seconds },
      inForce: this.#inForce(seconds)?.second ?? null,
      next: this.#entries.find((entry) => entry.second > seconds)?.second ?? null,
      error: this.#fileError ?? this.#error,
      failed: [...this.#failed].map(([second, reason]) => ({ second, reason })).sort((a, b) => a.second - b.second),
    };
  }

  /** Whether an entry is due that is not reached yet, nor has failed. */
  get isOnTheWay(): boolean {
    const due = entryInForce(this.#entries, this.#clock.seconds);
    return due !== undefined && (this.#isApplying || !isSame(due, this.#applied));
  }

  /** The entry that is due, also while it is applied; after one that failed, the one that was reached before. */
  #inForce(seconds: number): ScheduleEntry | undefined {
    if (this.isOnTheWay) return entryInForce(this.#entries, seconds);
    return this.#entries.find((entry) => isSame(entry, this.#reached));
  }

  /** Takes the entries of another file, or of none, and begins at second 0. */
  follow(file: string | null, entries: readonly ScheduleEntry[]): void {
    this.#file = file;
    this.#entries = entries;
    this.#fileError = null;
    this.#error = null;
    this.control('restart');
  }

  replace(entries: readonly ScheduleEntry[]): void {
    for (const second of this.#failed.keys()) {
      const before = this.#entries.find((entry) => entry.second === second);
      if (!entries.some((entry) => isSame(entry, before))) this.#failed.delete(second);
    }
    this.#entries = entries;
    this.#fileError = null;
    this.#error = null;
    this.#notify();
  }

  /** The file cannot be read: the present entries stay. */
  fail(error: string): void {
    this.#fileError = error;
    this.#changed();
  }

  control(what: 'run' | 'pause' | 'restart'): void {
    if (what === 'restart') {
      this.#applied = undefined;
      this.#failed.clear();
    }
    this.#clock[what]();
    this.#notify();
  }

  /**
   * @param apply resolves when the setup is reached
   * @throws FusionizerError `not-found` if the schedule does not have an entry of that second; what `apply` throws
   */
  async applyNow(second: number, apply: (setup: Setup) => Promise<void>): Promise<void> {
    const entry = entryOf(this.#entries, second);
    try {
      await apply(entry.setup);
    } catch (error) {
      // A newer change, or the caller, has taken its place: that is no fault of the entry.
      const { code } = asFusionizerError(error);
      if (code !== 'superseded' && code !== 'cancelled') {
        this.#failed.set(second, messageOf(error));
        this.#changed();
      }
      throw error;
    }
    this.#failed.delete(second);
    this.#reached = entry;
    this.#changed();
  }

  /** What an entry that cannot be reached leaves behind. @param error why the one that was applied last failed */
  explain(error: string): string {
    const entry = this.#applied === undefined ? 'An entry' : `The entry of second ${this.#applied.second}`;
    return `${entry} could not be applied: ${error}. None of its groups was made; the setup before it stays`;
  }

  async *setups({ signal }: OptimizerView): AsyncGenerator<Setup, void, ApplyResult> {
    while (!signal.aborted) {
      const due = entryInForce(this.#entries, this.#clock.seconds);
      // An entry that failed is not tried again by itself.
      if (due !== undefined && !isSame(due, this.#applied)) {
        this.#applied = due;
        this.#isApplying = true;
        const result = yield due.setup;
        this.#isApplying = false;
        if (result.ok) {
          this.#reached = due;
          this.#failed.delete(due.second);
        } else this.#failed.set(due.second, result.error);
        this.#error = result.ok ? null : this.explain(result.error);
        this.#changed();
        continue;
      }
      await this.#wait(signal);
    }
  }

  async #wait(signal: AbortSignal): Promise<void> {
    const next = this.#entries.find((entry) => entry.second > this.#clock.seconds);
    await new Promise<void>((resolve) => {
      const milliseconds =
        next === undefined || !this.#clock.running
          ? LONGEST_WAIT
          : Math.min(LONGEST_WAIT, Math.max(0, (next.second - this.#clock.seconds) * 1000) + 1);
      const timer = setTimeout(() => wake(), milliseconds);
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#wake = wake;
      signal.addEventListener('abort', wake, { once: true });
    });
    this.#wake = undefined;
  }

  #notify(): void {
    this.#changed();
    this.#wake?.();
  }
}

/** Whether an entry has second and setup of another one. */
const isSame = (entry: ScheduleEntry, other: ScheduleEntry | undefined): boolean =>
  other !== undefined && other.second === entry.second && normalForm(other.setup) === normalForm(entry.setup);
