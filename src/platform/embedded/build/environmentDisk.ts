import { rename, rm } from 'node:fs/promises';
import { textMask } from '../../../secrets/mask.ts';
import type { EnvironmentsView, EnvironmentView, PruneView } from '../../../shared/environments.ts';
import { ifMissing } from '../../../shared/ifMissing.ts';
import type { Confinement } from './confinement.ts';
import { diskUse } from './diskUse.ts';
import type { EnvironmentStore, StoredEnvironment } from './environmentStore.ts';

/** Addresses in commands may hold passwords. */
const mask = textMask([]);

/** What build commands take on the disk, and how to get it back. */
export class EnvironmentDisk {
  readonly #store: EnvironmentStore;
  readonly #cache: string;
  readonly #confinement: Confinement;

  /** @param cache the folder of what package managers downloaded */
  constructor(store: EnvironmentStore, cache: string, confinement: Confinement) {
    this.#store = store;
    this.#cache = cache;
    this.#confinement = confinement;
  }

  async view(): Promise<EnvironmentsView> {
    const environments = (await this.#store.list()).map(viewOf);
    return {
      environments,
      bytes: sum(environments),
      cacheBytes: await diskUse(this.#cache),
      confined: (await this.#confinement.refusal()) === undefined,
    };
  }

  /**
   * Removes all environments that nothing uses, however new.
   * @param cache removes the downloads as well, unless build commands run
   */
  async prune({ cache }: { cache: boolean }): Promise<PruneView> {
    const removed = (await this.#store.prune(Date.now() + 1)).map(viewOf);
    let cacheBytes = 0;
    if (cache && !this.#store.isMaking) {
      const gone = `${this.#cache}.removed`;
      await rename(this.#cache, gone).catch(ifMissing(undefined));
      cacheBytes = await diskUse(gone);
      await rm(gone, { recursive: true, force: true });
    }
    return { removed, bytes: sum(removed) + cacheBytes };
  }
}

const sum = (environments: readonly EnvironmentView[]): number =>
  environments.reduce((total, { bytes }) => total + bytes, 0);

function viewOf({ key, commands, bytes, usedAt, uses }: StoredEnvironment): EnvironmentView {
  return { id: key, commands: commands.map(mask), bytes, usedAt: new Date(usedAt).toISOString(), uses };
}
