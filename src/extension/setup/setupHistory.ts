import type { Setup } from '../../shared/setupApi.ts';
import type { KeptState } from '../invoke/recentCalls.ts';

/** How many changes can be undone, one after the other. */
const LEVELS = 50;
/** Characters that are kept, as JSON. Setups may name thousands of Tasks. */
const CHARACTERS = 1_000_000;
const KEY = 'fusionizer.setupHistory';

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

/** The changes of the setup that this window made and did not undo yet. A reload of the window keeps them. */
export class SetupHistory {
  readonly #store: KeptState;
  /** Read from the store on first use. */
  #read: readonly SetupChange[] | undefined;

  constructor(store: KeptState) {
    this.#store = store;
  }

  /** The change that is undone next. @param server changes on another one are no longer of use */
  last(server: string): SetupChange | undefined {
    return this.#changes.findLast((change) => change.server === server);
  }

  async add(change: SetupChange): Promise<void> {
    await this.#keep([...this.#changes, change].slice(-LEVELS));
  }

  async remove(change: SetupChange): Promise<void> {
    await this.#keep(this.#changes.filter((one) => one !== change));
  }

  get #changes(): readonly SetupChange[] {
    this.#read ??= this.#store.get<readonly SetupChange[]>(KEY, []);
    return this.#read;
  }

  async #keep(changes: readonly SetupChange[]): Promise<void> {
    this.#read = changes;
    let left = CHARACTERS;
    const first = changes.findLastIndex((change) => {
      left -= JSON.stringify(change).length;
      return left < 0;
    });
    await this.#store.update(KEY, changes.slice(first + 1));
  }
}
