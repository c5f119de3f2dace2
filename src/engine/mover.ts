import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Platform, SavedFunction } from '../platform/platform.ts';
import { messageOf } from '../shared/errors.ts';
import type { Task } from '../task/task.ts';
import type { ActualSetup, RunningFunction } from './actual.ts';
import type { BuildNumbers } from './buildNumbers.ts';
import { functionName, fuse } from './fuse/fuser.ts';
import type { OperationHandle } from './operations.ts';

export interface MoveListeners {
  /** Called in the step that moves traffic, and in the step that moves it back. */
  moved(): void;
  /** An old function could not be removed completely. No caller waits for that. */
  notRemoved(error: unknown): void;
}

export interface Transition {
  /**
   * The groups to serve afterwards, each with its Tasks' versions. Functions that already serve exactly these are
   * kept.
   */
  groups: readonly (readonly Task[])[];
  /** Tasks that are no longer served. */
  removed: readonly string[];
  /** Builds a group again although its function holds the same versions. */
  force: boolean;
}

/**
 * Moves the platform from one set of functions to another: new before old. All new functions are ready before any
 * traffic moves. Then all traffic moves in one step, and the old functions drain. Until then a failure changes nothing.
 */
export class Mover {
  readonly #platform: Platform;
  readonly #actual: ActualSetup;
  readonly #buildsDir: string;
  readonly #retiring = new Set<Promise<void>>();
  readonly #listeners: MoveListeners;
  readonly #builds: BuildNumbers;

  constructor(
    platform: Platform,
    actual: ActualSetup,
    buildsDir: string,
    builds: BuildNumbers,
    listeners: MoveListeners,
  ) {
    this.#platform = platform;
    this.#actual = actual;
    this.#buildsDir = buildsDir;
    this.#builds = builds;
    this.#listeners = listeners;
  }

  /**
   * @param commit makes the new state durable once traffic has moved; when it fails, traffic moves back
   * @throws the errors of the Fuser, the platform and `commit`; then everything serves as before
   */
  async move(transition: Transition, handle: OperationHandle, commit: () => Promise<void>): Promise<void> {
    const before = this.#actual.functions;
    const needed = transition.groups.filter((group) => transition.force || this.#actual.find(group) === undefined);
    const fresh = await this.#startAll(needed, handle);
    const touched = new Set([...transition.groups.flat().map((task) => task.name), ...transition.removed]);
    const old = before.filter((running) => running.names.some((name) => touched.has(name)));
    const moveBack = this.#actual.remember(touched);
    for (const name of transition.removed) this.#actual.remove(name);
    this.#actual.adopt(fresh);
    this.#listeners.moved();
    try {
      await commit();
    } catch (error) {
      moveBack();
      this.#listeners.moved();
      await Promise.all(fresh.map((running) => this.#retire(running)));
      throw error;
    }
    const serving = new Set(this.#actual.functions);
    for (const running of old) if (!serving.has(running)) void this.#retire(running);
  }

  /**
   * Takes over a function that still runs after a restart.
   * @returns false if the group has to be built again
   */
  async adopt(saved: SavedFunction, tasks: readonly Task[], handle: OperationHandle): Promise<boolean> {
    const fn = await this.#platform.adopt(saved).catch((error: unknown) => {
      handle.warn(`Function '${saved.name}' is built again, because it cannot be taken over: ${messageOf(error)}`);
    });
    if (!fn) return false;
    const buildDir = path.join(this.#buildsDir, fn.name);
    this.#actual.adopt([{ fn, tasks, names: tasks.map((task) => task.name), buildDir }]);
    this.#listeners.moved();
    return true;
  }

  /** Resolves when every function that was replaced so far is gone. */
  async settled(): Promise<void> {
    await Promise.all(this.#retiring);
  }

  async #startAll(groups: readonly (readonly Task[])[], handle: OperationHandle): Promise<RunningFunction[]> {
    const siblings = new AbortController();
    const signal = AbortSignal.any([handle.signal, siblings.signal]);
    const started = await Promise.allSettled(
      groups.map(async (group) => {
        try {
          return await this.#start(group, handle, signal);
        } catch (error) {
          siblings.abort(error);
          throw error;
        }
      }),
    );
    const running = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    if (running.length === groups.length && !handle.signal.aborted) return running;
    await Promise.all(running.map((one) => this.#retire(one)));
    throw handle.signal.aborted ? handle.signal.reason : siblings.signal.reason;
  }

  async #start(tasks: readonly Task[], handle: OperationHandle, signal: AbortSignal): Promise<RunningFunction> {
    const build = await this.#builds.next();
    handle.stage('build');
    signal.throwIfAborted();
    const dir = path.join(this.#buildsDir, functionName(tasks, build));
    try {
      const { functionPackage, warnings } = await fuse(tasks, {
        dir,
        build,
        withDispatcher: !this.#platform.bringsDispatcher,
      });
      for (const warning of warnings) handle.warn(warning);
      const fn = await this.#platform.deploy(functionPackage, {
        signal,
        stage: (stage) => handle.stage(stage),
        output: (line) => handle.output(line),
        warn: (message) => handle.warn(message),
      });
      return { fn, tasks, names: tasks.map((task) => task.name), buildDir: dir };
    } catch (error) {
      await rm(dir, { recursive: true, force: true });
      throw error;
    }
  }

  #retire(running: RunningFunction): Promise<void> {
    const gone = running.fn
      .retire()
      .then(() => rm(running.buildDir, { recursive: true, force: true, maxRetries: 5 }))
      .catch((error: unknown) => this.#listeners.notRemoved(error))
      .finally(() => this.#retiring.delete(gone));
    this.#retiring.add(gone);
    return gone;
  }
}
