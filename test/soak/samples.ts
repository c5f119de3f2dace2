import { usage } from './processes.ts';

/** A figure over a run: medians of what was measured soon after the start and at the end, and the highest. */
export interface Course {
  start: number;
  end: number;
  peak: number;
}

/** A process's memory and open files, looked at again and again. */
export class Samples {
  readonly #samples: { memory: number; files: number }[] = [];

  /** @throws Error when the process has ended: it should live as long as the run */
  async take(pid: number): Promise<void> {
    const sample = await usage(pid);
    if (sample === undefined) throw new Error(`process ${pid} has ended in the middle of the run`);
    this.#samples.push(sample);
  }

  /** Resident memory in MiB. */
  get memory(): Course {
    return course(this.#samples.map(({ memory }) => memory / 1024 ** 2));
  }

  get files(): Course {
    return course(this.#samples.map(({ files }) => files));
  }
}

/** The first fifth is left out: code is compiled and bounded buffers fill. */
function course(values: readonly number[]): Course {
  const fifth = Math.max(1, Math.floor(values.length / 5));
  return { start: median(values.slice(fifth, 2 * fifth)), end: median(values.slice(-fifth)), peak: Math.max(...values) };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
