import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { TraceRecord } from '../../shared/api.ts';
import { messageOf } from '../../shared/errors.ts';
import { readSchedule } from '../../shared/readSchedule.ts';
import { toFile } from '../../shared/schedule.ts';
import type { ScheduleEntry, ScheduleView } from '../../shared/scheduleApi.ts';
import type { Setup } from '../../shared/setupApi.ts';
import type { Optimizer, OptimizerView } from '../optimizer.ts';
import { runOptimizer } from '../run.ts';
import { FileWatch } from './fileWatch.ts';
import { StaticOptimizer } from './staticOptimizer.ts';

/** How long the end waits for an optimizer that ignores its signal, in milliseconds. */
const OPTIMIZER_GRACE = 1000;

/** The schedule as the HTTP API uses it, whichever optimizer runs. */
export interface ScheduleControl {
  view(): ScheduleView;
  /** Replaces the entries, in the file too when there is one. */
  replace(entries: ScheduleEntry[]): Promise<void>;
  /**
   * Follows another file from now on, or none, and restarts the clock. A file that cannot be read changes nothing.
   * @throws FusionizerError `malformed`, `option`
   */
  follow(file: string | null): Promise<void>;
  clock(what: 'run' | 'pause' | 'restart'): void;
  /** Applies the entry of a second now; resolves when it is reached. */
  apply(second: number): Promise<void>;
}

/** What the optimizer needs of the engine. */
export interface SchedulingEngine {
  /** Names of the deployed Tasks. */
  tasks(): string[];
  /** The actual setup. */
  setup(): Setup;
  /** The newest recorded invocations and calls, newest last. */
  traces(): TraceRecord[];
  /** Whether the desired setup was set by a request, and not by an optimizer. */
  isByHand(): boolean;
  /** Replaces the whole setup; resolves when it is reached. */
  apply(setup: Setup, signal?: AbortSignal): Promise<void>;
  /** The schedule has changed. */
  changed(view: ScheduleView): void;
  /** Write to the server's log. */
  logError(message: string): void;
  logWarning(message: string): void;
}

export interface SchedulingOptions {
  engine: SchedulingEngine;
  /** A schedule file; undefined: no entries at first. */
  file: string | undefined;
  /** Begins without entries where the file cannot be read, and follows it as soon as it can. */
  mayBeWrong?: boolean | undefined;
  /** Decides in place of the schedule. */
  optimizer: Optimizer | undefined;
}

/** The schedule and the optimizer that runs. */
export class Scheduling implements ScheduleControl {
  readonly #engine: SchedulingEngine;
  readonly #optimizer: Optimizer;
  #file: string | null;
  #watch: FileWatch | undefined;
  readonly #static: StaticOptimizer;
  /** The file as it was read last has a fault. */
  #isWrong = false;
  readonly #stop = new AbortController();
  /** The entry in force that was published last. */
  #shown: number | null = null;
  #end: Omit<ScheduleView['optimizer'], 'name'> = { state: 'running', error: null };

  private constructor({ engine, optimizer }: SchedulingOptions, file: string | null, entries: ScheduleEntry[]) {
    this.#engine = engine;
    this.#file = file;
    this.#static = new StaticOptimizer(entries, { file, changed: () => this.#changed() });
    this.#optimizer = optimizer ?? this.#static;
  }

  /** @throws FusionizerError `malformed` for a file that cannot be read, unless it may be wrong */
  static async load(options: SchedulingOptions): Promise<Scheduling> {
    const file = options.file === undefined ? null : path.resolve(options.file);
    if (file === null) return new Scheduling(options, null, []);
    try {
      return new Scheduling(options, file, await readSchedule(file));
    } catch (error) {
      if (options.mayBeWrong !== true) throw error;
      const scheduling = new Scheduling(options, file, []);
      scheduling.#isWrong = true;
      scheduling.#static.fail(messageOf(error));
      options.engine.logError(messageOf(error));
      return scheduling;
    }
  }

  view(): ScheduleView {
    const view = this.#static.view;
    const isOverridden = this.#engine.isByHand() && !this.#static.isOnTheWay;
    const inForce = isOverridden || this.#optimizer !== this.#static ? null : view.inForce;
    return { ...view, inForce, optimizer: { name: this.#optimizer.name, ...this.#end } };
  }

  async replace(entries: ScheduleEntry[]): Promise<void> {
    if (this.#file !== null) await writeFile(this.#file, `${JSON.stringify(toFile(entries), null, 2)}\n`);
    this.#static.replace(entries);
  }

  async follow(file: string | null): Promise<void> {
    const named = file === null ? null : path.resolve(file);
    const entries = named === null ? [] : await readSchedule(named);
    this.#file = named;
    this.#isWrong = false;
    await this.#watchFile();
    this.#static.follow(named, entries);
  }

  clock(what: 'run' | 'pause' | 'restart'): void {
    this.#static.control(what);
  }

  async apply(second: number): Promise<void> {
    await this.#static.applyNow(second, (setup) => this.#engine.apply(setup));
  }

  /** The setup has changed: an entry may be in force no more. */
  setupChanged(): void {
    const view = this.view();
    if (view.inForce !== this.#shown) this.#changed(view);
  }

  #changed(view = this.view()): void {
    this.#shown = view.inForce;
    this.#engine.changed(view);
  }

  /**
   * Second 0 is now.
   * @returns ends the optimizer
   */
  start(): () => Promise<void> {
    const engine = this.#engine;
    const ready = performance.now();
    const view: OptimizerView = {
      signal: this.#stop.signal,
      tasks: () => engine.tasks(),
      setup: () => engine.setup(),
      traces: () => engine.traces(),
      seconds: () => (performance.now() - ready) / 1000,
    };
    this.#static.control('restart');
    const running = runOptimizer(
      this.#optimizer,
      view,
      (setup) => engine.apply(setup, this.#stop.signal),
      (error) => engine.logError(this.#explain(messageOf(error))),
    ).then((error) => {
      if (!this.#stop.signal.aborted) this.#ended(error);
    });
    void this.#watchFile();
    return async () => {
      this.#stop.abort();
      await this.#watch?.close();
      await Promise.race([running, delay(OPTIMIZER_GRACE, undefined, { ref: false })]);
    };
  }

  #explain(error: string): string {
    const { name } = this.#optimizer;
    return this.#optimizer === this.#static
      ? `The schedule: ${this.#static.explain(error)}`
      : `The ${name} optimizer: ${error}`;
  }

  #ended(error: string | null): void {
    this.#end = { state: 'ended', error };
    this.#engine.logWarning(
      `The optimizer '${this.#optimizer.name}' has ended: the setup stays as it is until a request changes it`,
    );
    this.#changed();
  }

  /** Watches the present file, and no other one. */
  async #watchFile(): Promise<void> {
    const before = this.#watch;
    const file = this.#file;
    this.#watch =
      file === null || this.#stop.signal.aborted ? undefined : new FileWatch(file, () => void this.#reload(file));
    await before?.close();
  }

  async #reload(file: string): Promise<void> {
    try {
      const entries = await readSchedule(file);
      if (file !== this.#file || (!this.#isWrong && isDeepStrictEqual(entries, this.#static.view.entries))) return;
      this.#isWrong = false;
      this.#static.replace(entries);
    } catch (error) {
      // The same fault is told once.
      if (file !== this.#file || (this.#isWrong && this.#static.view.error === messageOf(error))) return;
      this.#isWrong = true;
      // The present entries stay in force.
      this.#static.fail(messageOf(error));
      this.#engine.logError(messageOf(error));
    }
  }
}
