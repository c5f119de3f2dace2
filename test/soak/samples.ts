import { setTimeout as delay } from 'node:timers/promises';
import { usage } from '../support/processes.ts';

/** A figure over a run: its median soon after the start, its median at the end, and its peak. */
export interface Course {
  start: number;
  end: number;
  peak: number;
}

/**
 * How often open files are counted for one figure, and the milliseconds in between. The lowest count is taken, so that
 * files that are about to be closed do not count.
 */
const LOOKS = 20;
const BETWEEN_LOOKS = 50;

/** The memory and the open files of a process, measured repeatedly. */
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

  /** Has to be called in the same state each time: the number of open files depends on the number of workers. */
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
    if (found === undefined) throw new Error(`Process ${this.#pid} ended in the middle of the run`);
    return found;
  }
}

/** Leaves out the first fifth, in which code is compiled and bounded buffers fill. */
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
