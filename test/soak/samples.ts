import { setTimeout as delay } from 'node:timers/promises';
import { usage } from '../support/processes.ts';

/** A figure over a run: medians of what was measured soon after the start and at the end, and the highest. */
export interface Course {
  start: number;
  end: number;
  peak: number;
}

/**
 * How often open files are counted for one figure, and every how many milliseconds: what is closing then does not
 * count.
 */
const LOOKS = 20;
const BETWEEN_LOOKS = 50;

/** A process's memory and open files, looked at again and again. */
export class Samples {
  readonly #pid: number;
  readonly #memory: number[] = [];
  readonly #files: number[] = [];

  constructor(pid: number) {
    this.#pid = pid;
  }

  async takeMemory(): Promise<void> {
    this.#memory.push((await this.#usage()).memory);
  }

  /** To be called in the same state each time: how many files are open depends on how many workers there are. */
  async takeFiles(): Promise<void> {
    let fewest = Number.POSITIVE_INFINITY;
    for (let look = 0; look < LOOKS; look += 1) {
      fewest = Math.min(fewest, (await this.#usage()).files);
      await delay(BETWEEN_LOOKS);
    }
    this.#files.push(fewest);
  }

  /** Resident memory in MiB. */
  get memory(): Course {
    return course(this.#memory.map((bytes) => bytes / 1024 ** 2));
  }

  get files(): Course {
    return course(this.#files);
  }

  async #usage(): Promise<{ memory: number; files: number }> {
    const found = await usage(this.#pid);
    if (found === undefined) throw new Error(`process ${this.#pid} has ended in the middle of the run`);
    return found;
  }
}

/** The first fifth is left out: code is compiled and bounded buffers fill. */
function course(values: readonly number[]): Course {
  const fifth = Math.max(1, Math.floor(values.length / 5));
  return {
    start: median(values.slice(fifth, 2 * fifth)),
    end: median(values.slice(-fifth)),
    peak: Math.max(...values),
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
