import { asFusionizerError, FusionizerError } from '../shared/errors.ts';

/** A change of some Tasks, to be run when no earlier one touches them. */
export interface Change<T> {
  /**
   * The Tasks that the change touches, with the members of their groups. It is called each time the change might start,
   * because groups change while it waits.
   */
  touches(): ReadonlySet<string>;
  /** Whether this change makes an older one pointless. */
  supersedes(older: Change<unknown>): boolean;
  run(signal: AbortSignal): Promise<T>;
}

interface Entry {
  readonly change: Change<unknown>;
  readonly controller: AbortController;
  /** What it touches, frozen at its start; undefined while it waits. */
  touched: ReadonlySet<string> | undefined;
  start(): void;
  fail(error: unknown): void;
}

/** How many changes may run and wait. Each is compared with those before it whenever one ends. */
const MOST = 500;

const disjoint = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  [...one].every((name) => !other.has(name));

/**
 * Runs changes: those of different groups in parallel, those of a busy group in their order. A newer change supersedes
 * older ones that it makes pointless (design: Lifecycle). A running change is then aborted, and its successor waits
 * until it has cleaned up.
 */
export class ChangeQueue {
  #entries: Entry[] = [];

  /**
   * @param signal cancels the change, waiting or running
   * @throws FusionizerError `superseded`, `cancelled` or `busy`, else what `run` throws
   */
  async submit<T>(change: Change<T>, signal: AbortSignal): Promise<T> {
    const controller = new AbortController();
    for (const entry of [...this.#entries]) {
      if (!change.supersedes(entry.change)) continue;
      this.#abort(
        entry,
        new FusionizerError(
          'superseded',
          'A newer request for the same Tasks superseded this one; nothing of it was applied',
        ),
      );
    }
    if (this.#entries.length >= MOST)
      throw new FusionizerError('busy', `${MOST} changes run or wait already: send this one again later`);
    return new Promise<T>((resolve, reject) => {
      const end = (settle: () => void): void => {
        this.#entries = this.#entries.filter((other) => other !== entry);
        signal.removeEventListener('abort', cancel);
        settle();
        this.#startNext();
      };
      const entry: Entry = {
        change,
        controller,
        touched: undefined,
        fail: (error) => end(() => reject(error)),
        start: () => {
          // The caller gets the reason of the abort, whatever error the abort caused in the change.
          change.run(controller.signal).then(
            (value) => end(() => resolve(value)),
            (error: unknown) =>
              end(() => reject(controller.signal.aborted ? asFusionizerError(controller.signal.reason) : error)),
          );
        },
      };
      const cancel = (): void => this.#abort(entry, signal.reason);
      this.#entries.push(entry);
      if (signal.aborted) cancel();
      else {
        signal.addEventListener('abort', cancel, { once: true });
        this.#startNext();
      }
    });
  }

  /** Nothing runs and nothing waits. */
  get idle(): boolean {
    return this.#entries.length === 0;
  }

  #abort(entry: Entry, reason: unknown): void {
    if (entry.controller.signal.aborted) return;
    entry.controller.abort(reason);
    if (entry.touched === undefined) entry.fail(reason);
  }

  #startNext(): void {
    const before: ReadonlySet<string>[] = [];
    for (const entry of [...this.#entries]) {
      const touches = entry.touched ?? entry.change.touches();
      if (entry.touched === undefined && before.every((other) => disjoint(touches, other))) {
        entry.touched = touches;
        entry.start();
      }
      before.push(touches);
    }
  }
}
