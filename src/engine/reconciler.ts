import type { Platform } from '../platform/platform.ts';
import type { Setup } from '../shared/api.ts';
import { noSuchTask } from '../shared/errors.ts';
import type { Task } from '../task/task.ts';
import { ActualSetup } from './actual.ts';
import { type Change, ChangeQueue } from './changeQueue.ts';
import { type MoveListeners, Mover } from './mover.ts';
import type { FunctionReports } from './observe/functionReports.ts';
import type { OperationHandle, Operations } from './operations.ts';
import { restore } from './restore.ts';
import { type ChangeKind, type Origin, supersedes } from './setupChange.ts';
import type { State, Store } from './store.ts';

export interface MoveOptions {
  /** A version that takes its Task's place. */
  replace?: Task;
  force?: boolean;
  removed?: string[];
  /** The desired setup afterwards, out of the one that holds when traffic moves. */
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
  #desired: Setup;
  #origin: Origin;
  #revision = 1;

  constructor({ platform, store }: { platform: Platform; store: Store }, saved: State, listeners: MoveListeners) {
    this.#store = store;
    this.#desired = saved.desired;
    this.#origin = saved.origin;
    this.#mover = new Mover(platform, this.actual, store.buildsDir, saved.build + 1, listeners);
  }

  get desired(): Setup {
    return this.#desired;
  }

  /** Who wants the desired setup. */
  get origin(): Origin {
    return this.#origin;
  }

  /** Changes with every change of the desired or the actual setup. */
  get revision(): number {
    return this.#revision;
  }

  /**
   * Runs a change when no other one that touches the same Tasks is under way; it may supersede older ones, and be
   * superseded.
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
   * Serves these groups; Tasks of the functions that they are taken from, and that no group names, stay together. The
   * state is durable before it resolves.
   * @throws what the Fuser, the platform or the store throws; then everything serves as before
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
        // Taken now, not when the change began: changes of other groups may have moved the desired setup meanwhile.
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
    return {
      schema: 1,
      build: this.#mover.nextBuild,
      tasks: this.actual.tasks.map(({ name, version, hash, source, deployedAt }) => ({
        name,
        version,
        hash,
        source,
        deployedAt,
      })),
      desired: this.#desired,
      actual: this.actual.setup,
      origin: this.#origin,
    };
  }

  /** Serves again what was served before a restart. */
  async restore(saved: State, operations: Operations, reports: FunctionReports): Promise<void> {
    await restore(saved, { store: this.#store, actual: this.actual, mover: this.#mover, operations, reports });
    this.#revision += 1;
  }

  /** Resolves when every function that was replaced so far is gone. */
  settled(): Promise<void> {
    return this.#mover.settled();
  }

  /** @throws FusionizerError `not-found` */
  task(name: string): Task {
    const task = this.actual.task(name);
    if (task === undefined) throw noSuchTask(name);
    return task;
  }
}
