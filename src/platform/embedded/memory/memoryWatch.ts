import { messageOf } from '../../../shared/errors.ts';
import { MemoryGuard, type MemoryLimit } from './memoryGuard.ts';
import type { MemoryReader } from './memoryReader.ts';
import { systemMemory } from './systemMemory.ts';

/** Watches all functions that have a memory limit, with one timer. Without such functions it does nothing. */
export class MemoryWatch {
  readonly #reader: MemoryReader;
  readonly #guards = new Set<MemoryGuard>();
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param failed is called once when this system's memory cannot be read: limits have no effect then
   * @param interval between two looks, in milliseconds; the reader's own where there is none
   */
  constructor(failed: (message: string) => void, interval: number | undefined) {
    const reader = systemMemory();
    this.#reader = tolerant({ ...reader, interval: interval ?? reader.interval }, failed);
  }

  /** @param size the number of the function's workers */
  guard(limit: MemoryLimit, size: number): MemoryGuard {
    const guard: MemoryGuard = new MemoryGuard(limit, size, this.#reader, {
      occupied: () => {
        this.#guards.add(guard);
        this.#next();
      },
      deserted: () => this.#guards.delete(guard),
    });
    return guard;
  }

  #next(): void {
    if (this.#timer !== undefined || this.#guards.size === 0) return;
    this.#timer = setTimeout(() => void this.#look(), this.#reader.interval).unref();
  }

  async #look(): Promise<void> {
    const guards = [...this.#guards];
    const use = await this.#reader.read(guards.flatMap((guard) => guard.pids));
    for (const guard of guards) await guard.check(use);
    this.#timer = undefined;
    this.#next();
  }
}

/** A system whose memory cannot be read runs functions as if they had no limit. */
function tolerant({ interval, read, readExactly }: MemoryReader, failed: (message: string) => void): MemoryReader {
  let reported = false;
  const or =
    (reader: MemoryReader['read']): MemoryReader['read'] =>
    async (workers) => {
      try {
        return await reader(workers);
      } catch (error) {
        if (!reported)
          failed(
            `The memory of workers cannot be read, so spec.resources.limits.memory has no effect: ${messageOf(error)}`,
          );
        reported = true;
        return new Map();
      }
    };
  return { interval, read: or(read), readExactly: or(readExactly) };
}
