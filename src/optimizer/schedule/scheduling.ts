import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { watch } from 'chokidar';
import type { Fusionizer } from '../../engine/fusionizer.ts';
import type { Hub } from '../../engine/observe/hub.ts';
import type { Traces } from '../../engine/observe/traces.ts';
import type { ScheduleControl } from '../../server/parts.ts';
import { messageOf } from '../../shared/errors.ts';
import { readSchedule } from '../../shared/readSchedule.ts';
import { toFile } from '../../shared/schedule.ts';
import { type Optimizer, type OptimizerView, runOptimizer } from '../optimizer.ts';
import { StaticOptimizer } from './staticOptimizer.ts';

/** An optimizer that does not heed its signal is not waited for longer than this, in milliseconds. */
const OPTIMIZER_GRACE = 1000;

export interface SchedulingParts {
  fusionizer: Fusionizer;
  hub: Hub;
  traces: Traces;
  /** A schedule file; undefined: no entries at first. */
  file: string | undefined;
  /** Decides in place of the schedule. */
  optimizer: Optimizer | undefined;
}

/** The schedule and the optimizer that runs. */
export class Scheduling implements ScheduleControl {
  readonly #parts: SchedulingParts;
  readonly #file: string | null;
  readonly #static: StaticOptimizer;
  readonly #stop = new AbortController();

  private constructor(parts: SchedulingParts, file: string | null, entries: Awaited<ReturnType<typeof readSchedule>>) {
    this.#parts = parts;
    this.#file = file;
    this.#static = new StaticOptimizer(entries, {
      file,
      changed: () => parts.hub.publish('schedule', this.#static.view),
    });
  }

  /** @throws FusionizerError `malformed` for a file that cannot be read */
  static async load(parts: SchedulingParts): Promise<Scheduling> {
    const file = parts.file === undefined ? null : path.resolve(parts.file);
    return new Scheduling(parts, file, file === null ? [] : await readSchedule(file));
  }

  view(): ReturnType<ScheduleControl['view']> {
    return this.#static.view;
  }

  async replace(entries: Parameters<ScheduleControl['replace']>[0]): Promise<void> {
    if (this.#file !== null) await writeFile(this.#file, `${JSON.stringify(toFile(entries), null, 2)}\n`);
    this.#static.replace(entries);
  }

  clock(what: 'run' | 'pause' | 'restart'): void {
    this.#static.control(what);
  }

  async apply(second: number): Promise<void> {
    await this.#parts.fusionizer.changeSetup({
      kind: 'put',
      groups: this.#static.applyNow(second),
      origin: 'optimizer',
    });
  }

  /**
   * Second 0 is now.
   * @returns ends the optimizer
   */
  start(): () => Promise<void> {
    const { fusionizer, traces } = this.#parts;
    const optimizer = this.#parts.optimizer ?? this.#static;
    const ready = performance.now();
    const view: OptimizerView = {
      signal: this.#stop.signal,
      tasks: () => fusionizer.taskNames,
      setup: () => fusionizer.setupView().actual,
      traces: () => traces.find({}),
      seconds: () => (performance.now() - ready) / 1000,
    };
    this.#static.control('restart');
    const running = runOptimizer(
      optimizer,
      view,
      (setup) => fusionizer.changeSetup({ kind: 'put', groups: setup, origin: 'optimizer', signal: this.#stop.signal }),
      (error) => fusionizer.reports.say('error', `The ${optimizer.name} optimizer: ${messageOf(error)}`),
    );
    const watcher =
      this.#file === null
        ? undefined
        : watch(this.#file, { ignoreInitial: true, awaitWriteFinish: { stabilityThreshold: 50, pollInterval: 20 } });
    watcher?.on('all', () => void this.#reload());
    return async () => {
      this.#stop.abort();
      await watcher?.close();
      await Promise.race([running, delay(OPTIMIZER_GRACE, undefined, { ref: false })]);
    };
  }

  async #reload(): Promise<void> {
    try {
      this.#static.replace(await readSchedule(this.#file ?? ''));
    } catch (error) {
      // The entries that there are stay in force.
      this.#static.fail(messageOf(error));
      this.#parts.fusionizer.reports.say('error', messageOf(error));
    }
  }
}
