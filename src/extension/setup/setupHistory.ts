import type { Setup } from '../../shared/setupApi.ts';

/** How many changes can be undone, one after the other. */
const LEVELS = 50;

/** A change of the setup that this window made. */
export interface SetupChange {
  /** What it made, as a sentence. */
  readonly says: string;
  /** The desired setups before and after it. */
  readonly before: Setup;
  readonly after: Setup;
  /** The names in `before` that were not deployed. */
  readonly waiting: readonly string[];
  /** The state folder or the address of the server that it was made on. */
  readonly server: string;
}

/** The changes of the setup that this window made and did not undo yet. */
export class SetupHistory {
  #changes: SetupChange[] = [];

  /** The change that is undone next. @param server changes on another one are no longer of use */
  last(server: string): SetupChange | undefined {
    return this.#changes.findLast((change) => change.server === server);
  }

  add(change: SetupChange): void {
    this.#changes = [...this.#changes, change].slice(-LEVELS);
  }

  remove(change: SetupChange): void {
    this.#changes = this.#changes.filter((one) => one !== change);
  }
}
