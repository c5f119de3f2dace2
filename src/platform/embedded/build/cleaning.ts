import { formatSize } from '../../../shared/format.ts';
import type { EnvironmentStore } from './environmentStore.ts';

/** Removes environments from time to time that nothing has used for long. */
export class Cleaning {
  readonly #store: EnvironmentStore;
  readonly #kept: number;
  readonly #timer: NodeJS.Timeout;
  readonly #report: (level: 'info' | 'error', message: string) => void;
  #running: Promise<void> = Promise.resolve();

  /**
   * @param kept how long an unused environment stays, in milliseconds
   * @param interval between two looks, in milliseconds
   */
  constructor(
    store: EnvironmentStore,
    { kept, interval }: { kept: number; interval: number },
    report: (level: 'info' | 'error', message: string) => void,
  ) {
    this.#store = store;
    this.#kept = kept;
    this.#report = report;
    this.#timer = setInterval(() => {
      this.#running = this.#running.then(() => this.#clean());
    }, interval).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  async #clean(): Promise<void> {
    try {
      await this.#store.touchUsed();
      const removed = await this.#store.prune(Date.now() - this.#kept);
      if (removed.length === 0) return;
      const bytes = removed.reduce((sum, one) => sum + one.bytes, 0);
      this.#report('info', `Removed ${removed.length} unused environments of build commands (${formatSize(bytes)})`);
    } catch (error) {
      this.#report('error', `Unused environments of build commands cannot be removed: ${String(error)}`);
    }
  }
}
