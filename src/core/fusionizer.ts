import { rm } from 'node:fs/promises';
import type { Platform, PlatformFunction } from '../platform/platform.ts';
import type { Setup, SetupView, TaskView } from '../shared/api.ts';
import { ActualSetup, type RunningFunction } from './actual.ts';
import { type Change, ChangeQueue } from './changeQueue.ts';
import { FusionizerError, messageOf, noSuchTask } from './errors.ts';
import { FunctionReports } from './functionReports.ts';
import { hashFolder } from './hash.ts';
import type { Hub } from './hub.ts';
import type { Logs } from './logs.ts';
import { type OperationHandle, Operations } from './operations.ts';
import { reachOf, reachOfSetup, wantedGroup } from './reach.ts';
import { restore } from './restore.ts';
import { patchSetup, sameGroup, targetGroups, withoutName } from './setup.ts';
import { type ChangeKind, type Origin, type SetupRequest, supersedes } from './setupChange.ts';
import type { State, Store } from './store.ts';
import { checkTaskName, readTaskDefinition, type Task } from './task.ts';
import { TaskNotes } from './taskNotes.ts';
import type { Traces } from './traces.ts';
import { Mover } from './transition.ts';
import { setupView, taskView } from './views.ts';

export interface FusionizerParts {
  platform: Platform;
  store: Store;
  hub: Hub;
  logs: Logs;
  traces: Traces;
}

export interface DeployRequest {
  name: string;
  /** A folder of `store.newFolder()` with the unpacked upload; the Fusionizer takes it over. */
  dir: string;
  source: string | null;
  force: boolean;
  operation: string | undefined;
}

interface MoveOptions {
  /** A version that takes its Task's place. */
  replace?: Task;
  force?: boolean;
  removed?: string[];
  /** The desired setup afterwards, out of the one that holds when traffic moves. */
  desired?(now: Setup): Setup;
  origin?: Origin;
}

/** Stands for the desired setup among the names that changes touch; no Task can have it. */
const SETUP = '*setup';

/** Keeps the Tasks, the desired and the actual setup, and reconciles them (design: Lifecycle). */
export class Fusionizer {
  readonly operations: Operations;
  readonly reports: FunctionReports;
  readonly #parts: FusionizerParts;
  readonly #actual = new ActualSetup();
  readonly #queue = new ChangeQueue();
  readonly #kinds = new WeakMap<Change<unknown>, ChangeKind>();
  readonly #notes = new TaskNotes();
  readonly #mover: Mover;
  #desired: Setup = [];
  #origin: Origin = 'manual';
  #address = 'http://127.0.0.1/';
  #revision = 1;
  #error: string | null = null;
  #moved: () => void = () => {};

  constructor(parts: FusionizerParts, saved: State | undefined) {
    this.#parts = parts;
    this.operations = new Operations(parts.hub);
    this.reports = new FunctionReports(
      parts.logs,
      parts.traces,
      (task) => this.#actual.route(task)?.names,
      (fn) => {
        // One that is not reached yet, or no more, is nobody's.
        const running = this.#actual.functions.find((other) => other.fn === fn);
        if (running) this.#changed(running.names);
      },
    );
    this.#desired = saved?.desired ?? [];
    this.#origin = saved?.origin ?? 'manual';
    this.#mover = new Mover(parts.platform, this.#actual, parts.store.buildsDir, (saved?.build ?? 0) + 1, {
      moved: () => this.#moved(),
      notRemoved: (error) => this.reports.say('error', `A replaced function could not be removed whole: ${messageOf(error)}`),
    });
  }

  /** Where the server listens: known late, as a free port may be taken. */
  setServer(address: URL, tokenOf: (functionName: string) => string | undefined): void {
    this.#address = address.href;
    this.#parts.platform.setServer(address, tokenOf);
  }

  /** @param listener hears in the very step in which traffic moves: nothing has come to the new functions yet */
  onMove(listener: () => void): void {
    this.#moved = listener;
  }

  // ---- reading

  /** The function that serves a Task; undefined if there is none. */
  route(name: string): RunningFunction | undefined {
    return this.#actual.route(name);
  }

  /** The functions that serve now. */
  get functions(): PlatformFunction[] {
    return this.#actual.functions.map(({ fn }) => fn);
  }

  /** Why a deployed Task has no function. */
  brokenReason(name: string): string | undefined {
    return this.#actual.brokenReason(name);
  }

  /** @throws FusionizerError `not-found` */
  task(name: string): Task {
    const task = this.#actual.task(name);
    if (task === undefined) throw noSuchTask(name);
    return task;
  }

  get taskNames(): string[] {
    return this.#actual.names;
  }

  groupOf(name: string): readonly string[] {
    return this.#actual.groupOf(name);
  }

  taskView(name: string): TaskView {
    return taskView(this.task(name), { actual: this.#actual, notes: this.#notes, traces: this.#parts.traces, address: this.#address });
  }

  setupView(): SetupView {
    return setupView({ revision: this.#revision, desired: this.#desired, origin: this.#origin, error: this.#error, actual: this.#actual, notes: this.#notes });
  }

  // ---- changing

  /** Deploys or redeploys a Task; resolves when it serves. */
  async deploy(request: DeployRequest): Promise<Task> {
    const { name } = request;
    try {
      checkTaskName(name);
      return await this.operations.run(
        'deploy',
        [name],
        request.operation,
        (handle) => this.#deploy(request, handle),
        () => `Successfully deployed Task '${name}'`,
      );
    } catch (error) {
      if (this.#actual.task(name)) this.#notes.lastErrors.set(name, messageOf(error));
      throw error;
    } finally {
      await rm(request.dir, { recursive: true, force: true });
    }
  }

  async #deploy(request: DeployRequest, handle: OperationHandle): Promise<Task> {
    const { name } = request;
    handle.stage('upload');
    const definition = await readTaskDefinition(request.dir, name);
    this.#parts.platform.check(definition.config, definition.runtime);
    const hash = await hashFolder(request.dir);
    handle.stage('queued');
    const task = await this.#submit(
      { kind: 'deploy', name },
      handle,
      () => reachOf([name], this.#desired, this.#actual),
      async (signal) => {
        const current = this.#actual.task(name);
        const unchanged = current?.hash === hash && this.#actual.route(name)?.fn.state === 'ready' && !this.#notes.apart.has(name);
        if (unchanged && !request.force) return current;
        const version = (await this.#parts.store.lastVersion(name)) + 1;
        const dir = await this.#parts.store.addVersion(name, version, request.dir);
        const fresh: Task = { ...definition, name, version, dir, hash, source: request.source, deployedAt: new Date().toISOString() };
        try {
          await this.#place(fresh, { ...handle, signal }, request.force);
        } catch (error) {
          await this.#parts.store.removeVersion(name, version);
          throw error;
        }
        this.#notes.warnings.set(name, [...(this.operations.get(handle.id)?.warnings ?? [])]);
        await this.#parts.store.prune(name, version);
        return fresh;
      },
    );
    this.#notes.lastErrors.delete(name);
    handle.stage('ready');
    this.#changed([name, ...this.groupOf(name)]);
    return task;
  }

  /** Serves a new version in the group that the desired setup has for it, or, where a first join fails, outside of it. */
  async #place(task: Task, handle: OperationHandle, force: boolean): Promise<void> {
    const { name } = task;
    const wanted = wantedGroup(name, this.#desired, this.#actual);
    const current = this.#actual.task(name) ? this.groupOf(name) : undefined;
    try {
      await this.#move([wanted], handle, { replace: task, force });
      this.#notes.apart.delete(name);
    } catch (error) {
      const joins = wanted.length > 1 && !(current && sameGroup(current, wanted));
      const fault = error instanceof FusionizerError && (error.code === 'task' || error.code === 'setup');
      if (!joins || !fault || handle.signal.aborted) throw asTaskFault(error);
      await this.#move([[...(current ?? [name])]], handle, { replace: task, force }).catch((again: unknown) => {
        throw asTaskFault(again);
      });
      const reason = `Task '${name}' serves ${current && current.length > 1 ? 'in its old group' : 'alone'}, because it cannot join ${JSON.stringify(wanted)}: ${error.message}`;
      this.#notes.apart.set(name, reason);
      handle.warn(reason);
    }
  }

  /** Deletes a Task; the rest of its group keeps serving. */
  async delete(name: string, operation?: string): Promise<void> {
    this.task(name);
    await this.operations.run(
      'delete',
      [name],
      operation,
      (handle) =>
        this.#submit(
          { kind: 'delete', name },
          handle,
          () => reachOf([name], this.#desired, this.#actual),
          async (signal) => {
            this.task(name);
            const rest = this.groupOf(name).filter((other) => other !== name);
            const desired = (now: Setup): Setup => (this.#origin === 'manual' ? withoutName(now, name) : now);
            await this.#move(rest.length > 0 ? [rest] : [], { ...handle, signal }, { removed: [name], desired });
            await this.#parts.store.removeTask(name);
            this.#notes.forget(name);
            this.#parts.traces.forget(name);
            this.#parts.logs.forget(name);
            this.#changed([name, ...rest]);
          },
        ),
      () => `Successfully deleted Task '${name}'`,
    );
  }

  /** Moves to another setup; resolves when it is reached. */
  async changeSetup(request: SetupRequest): Promise<void> {
    const names = request.groups.flat();
    const checkRevision = (): void => {
      if (request.ifRevision === undefined || request.ifRevision === this.#revision) return;
      throw new FusionizerError('revision', `The setup's revision is ${this.#revision}, not ${request.ifRevision}: read it again before you change it`);
    };
    await this.operations.run(
      'setup',
      names,
      request.operation,
      (handle) => {
        const cancelled = request.signal ? AbortSignal.any([handle.signal, request.signal]) : handle.signal;
        checkRevision();
        // Setups are changed one after the other: each is made out of the one before.
        const touches = (): ReadonlySet<string> => new Set([...reachOfSetup(request, this.#desired, this.#actual), SETUP]);
        return this.#submit({ kind: 'setup', request }, { ...handle, signal: cancelled }, touches, async (signal) => {
          checkRevision();
          const desired = (now: Setup): Setup => (request.kind === 'put' ? request.groups.map((group) => [...group]) : patchSetup(now, request.groups));
          const touched = reachOfSetup(request, this.#desired, this.#actual);
          const groups = targetGroups(desired(this.#desired), this.#actual.names).filter((group) => group.some((name) => touched.has(name)));
          try {
            await this.#move(groups, { ...handle, signal }, { desired, origin: request.origin });
          } catch (error) {
            if (!signal.aborted) this.#error = messageOf(error);
            throw error;
          }
          for (const name of touched) this.#notes.apart.delete(name);
          this.#error = null;
          handle.stage('ready');
          this.#changed([...touched]);
        });
      },
      () => `Reached ${JSON.stringify(this.#actual.setup)}`,
    );
  }

  /** Serves again what was served before a restart. */
  async restore(saved: State): Promise<void> {
    await restore(saved, { store: this.#parts.store, actual: this.#actual, mover: this.#mover, operations: this.operations, reports: this.reports });
    this.#revision += 1;
  }

  /** Ends all: running operations are cancelled, functions stopped. The saved state stays. */
  async close(): Promise<void> {
    this.operations.end();
    await this.#parts.platform.close();
    await this.operations.settled();
    await this.#mover.settled();
  }

  // ---- inside

  #submit<T>(kind: ChangeKind, handle: OperationHandle, touches: () => ReadonlySet<string>, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const change: Change<T> = {
      touches,
      supersedes: (older) => supersedes(kind, this.#kinds.get(older)),
      run,
    };
    this.#kinds.set(change, kind);
    return this.#queue.submit(change, handle.signal);
  }

  /** Serves these groups; Tasks of the functions that they are taken from, and that no group names, stay together. */
  async #move(groups: Setup, handle: OperationHandle, options: MoveOptions): Promise<void> {
    const removed = options.removed ?? [];
    const moved = new Set([...groups.flat(), ...removed]);
    const sources = new Set([...moved].flatMap((name) => this.#actual.route(name) ?? []));
    const rests = [...sources].map((running) => running.names.filter((name) => !moved.has(name))).filter((rest) => rest.length > 0);
    const taskOf = (name: string): Task => (options.replace?.name === name ? options.replace : this.task(name));
    await this.#mover.move({ groups: [...groups, ...rests].map((group) => group.map(taskOf)), removed, force: options.force ?? false }, handle, async () => {
      // Taken now, not when the change began: changes of other groups may have moved the desired setup meanwhile.
      const before = { desired: this.#desired, origin: this.#origin };
      this.#desired = options.desired?.(this.#desired) ?? this.#desired;
      this.#origin = options.origin ?? this.#origin;
      try {
        await this.#parts.store.save(this.#state());
      } catch (error) {
        ({ desired: this.#desired, origin: this.#origin } = before);
        throw error;
      }
      this.#revision += 1;
    });
  }

  #state(): State {
    return {
      schema: 1,
      build: this.#mover.nextBuild,
      tasks: this.#actual.tasks.map(({ name, version, hash, source, deployedAt }) => ({ name, version, hash, source, deployedAt })),
      desired: this.#desired,
      actual: this.#actual.setup,
      origin: this.#origin,
    };
  }

  #changed(names: readonly string[]): void {
    for (const name of new Set(names)) {
      const task = this.#actual.task(name);
      this.#parts.hub.publish('task', { name, task: task ? this.taskView(name) : null });
    }
    this.#parts.hub.publish('setup', this.setupView());
  }
}

/** A group whose members do not fit is the fault of the Task that was deployed into it. */
function asTaskFault(error: unknown): unknown {
  if (!(error instanceof FusionizerError) || error.code !== 'setup') return error;
  return new FusionizerError('task', error.message, { cause: error });
}
