import { isDeepStrictEqual } from 'node:util';
import type { Platform } from '../platform/platform.ts';
import type { Setup } from '../shared/setupApi.ts';
import type { Task } from '../task/task.ts';
import { ActualSetup } from './actual.ts';
import { BuildNumbers } from './buildNumbers.ts';
import { type Change, ChangeQueue } from './changeQueue.ts';
import { type MoveListeners, Mover } from './mover.ts';
import type { ServerLog } from './observe/serverLog.ts';
import type { OperationHandle, Operations } from './operations.ts';
import { restore } from './restore.ts';
import { type ChangeKind, type Origin, supersedes } from './setupChange.ts';
import type { State, Store } from './store.ts';
import { taskNotFound } from './taskNotFound.ts';

export interface MoveOptions {
  /** The new version of a Task. */
  replace?: Task;
  force?: boolean;
  removed?: string[];
  /** Makes the new desired setup out of the one that is desired when traffic moves. */
  desired?(now: Setup): Setup;
  origin?: Origin;
}

/**
 * Holds the desired and the actual setup, moves the platform from one to the other, and keeps both durable (design:
 * Lifecycle).
 */
export class Reconciler {
  readonly actual = new ActualSetup();
  readonly #store: Store;
  readonly #queue = new ChangeQueue();
  readonly #kinds = new WeakMap<Change<unknown>, ChangeKind>();
  readonly #mover: Mover;
  readonly #builds: BuildNumbers;
  /** The saved state, until everything in it serves again: the actual setup is only a part of it by then. */
  #restoring: State | undefined;
  #desired: Setup;
  #origin: Origin;
  #revision = 1;

  constructor({ platform, store }: { platform: Platform; store: Store }, saved: State, listeners: MoveListeners) {
    this.#store = store;
    this.#desired = saved.desired;
    this.#origin = saved.origin;
    this.#restoring = saved;
    this.#builds = new BuildNumbers(saved.build, () => this.#store.save(this.#state()));
    this.#mover = new Mover(platform, this.actual, store.buildsDir, this.#builds, listeners);
  }

  get desired(): Setup {
    return this.#desired;
  }

  /** Who set the desired setup. */
  get origin(): Origin {
    return this.#origin;
  }

  /** Changes with every change of the desired or the actual setup. */
  get revision(): number {
    return this.#revision;
  }

  /**
   * Runs a change when no other change that touches the same Tasks is under way. It may supersede older changes, and
   * be superseded.
   */
  submit<T>(
    kind: ChangeKind,
    handle: OperationHandle,
    touches: () => ReadonlySet<string>,
    run: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const change: Change<T> = {
      touches,
      supersedes: (older) => supersedes(kind, this.#kinds.get(older)),
      run,
    };
    this.#kinds.set(change, kind);
    return this.#queue.submit(change, handle.signal);
  }

  /**
   * Serves these groups. Other Tasks of the functions that they are taken from stay together. The state is durable
   * before it resolves.
   * @throws the errors of the Fuser, the platform and the store; then everything serves as before
   */
  async move(groups: Setup, handle: OperationHandle, options: MoveOptions): Promise<void> {
    const removed = options.removed ?? [];
    const moved = new Set([...groups.flat(), ...removed]);
    const sources = new Set([...moved].flatMap((name) => this.actual.route(name) ?? []));
    const rests = [...sources]
      .map((running) => running.names.filter((name) => !moved.has(name)))
      .filter((rest) => rest.length > 0);
    const taskOf = (name: string): Task => (options.replace?.name === name ? options.replace : this.task(name));
    await this.#mover.move(
      { groups: [...groups, ...rests].map((group) => group.map(taskOf)), removed, force: options.force ?? false },
      handle,
      async () => {
        // Read now, not when the change began: changes of other groups may have moved the desired setup meanwhile.
        const before = { desired: this.#desired, origin: this.#origin };
        this.#desired = options.desired?.(this.#desired) ?? this.#desired;
        this.#origin = options.origin ?? this.#origin;
        try {
          await this.#store.save(this.#state());
        } catch (error) {
          ({ desired: this.#desired, origin: this.#origin } = before);
          throw error;
        }
        this.#revision += 1;
      },
    );
  }

  #state(): State {
    const build = this.#builds.highest;
    const functions = this.actual.functions.flatMap(({ fn: { name, saved }, names }) =>
      saved === undefined ? [] : [{ name, tasks: [...names], saved }],
    );
    if (this.#restoring) {
      const { actual } = this;
      const others = this.#restoring.functions.filter(({ tasks }) => !tasks.some((name) => actual.task(name)));
      return { ...this.#restoring, build, functions: [...functions, ...others] };
    }
    return {
      schema: 1,
      build,
      tasks: this.actual.tasks.map(({ name, version, hash, source, isSourceHere, deployedAt }) => ({
        name,
        version,
        hash,
        source,
        isSourceHere,
        deployedAt,
      })),
      desired: this.#desired,
      actual: this.actual.setup,
      functions,
      origin: this.#origin,
    };
  }

  /** Serves the saved setup again after a restart. */
  async restore(saved: State, operations: Operations, serverLog: ServerLog): Promise<void> {
    await restore(saved, { store: this.#store, actual: this.actual, mover: this.#mover, operations, serverLog });
    const state = this.#state();
    // Functions that were built again have new names: the next run adopts these.
    if (!isDeepStrictEqual(state.functions, saved.functions)) await this.#store.save(state);
    this.#restoring = undefined;
    this.#revision += 1;
  }

  /** Resolves when every function that was replaced so far is gone. */
  settled(): Promise<void> {
    return this.#mover.settled();
  }

  /** @throws FusionizerError `not-found` */
  task(name: string): Task {
    const task = this.actual.task(name);
    if (task === undefined) throw taskNotFound(name, this.actual.names);
    return task;
  }
}
