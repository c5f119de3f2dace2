import type { Platform } from '../platform/platform.ts';
import { messageOf } from '../shared/errors.ts';
import type { ServerLog } from './observe/serverLog.ts';

/** Functions that an earlier run of this server left on the platform, and that serve no Task. */
export class Leftovers {
  readonly #platform: Platform;
  readonly #log: ServerLog;

  constructor(platform: Platform, log: ServerLog) {
    this.#platform = platform;
    this.#log = log;
  }

  find(): Promise<string[]> {
    return this.#platform.leftovers();
  }

  /**
   * Removes them.
   * @returns their names
   */
  async prune(): Promise<string[]> {
    const names = await this.find();
    await Promise.all(names.map((name) => this.#platform.remove(name)));
    return names;
  }

  /** Writes a record about them. A platform that cannot list them does not stop the start. */
  async report(): Promise<void> {
    try {
      const names = await this.find();
      if (names.length === 0) return;
      this.#log.write(
        'warn',
        `Functions that an earlier run of this server left on platform '${this.#platform.name}' serve no Task, ` +
          `and take up room there: ${names.join(', ')}`,
      );
    } catch (error) {
      this.#log.write('error', `The platform cannot list the functions of earlier runs: ${messageOf(error)}`);
    }
  }
}
