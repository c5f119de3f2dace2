import { rm } from 'node:fs/promises';
import type { Platform, PlatformSink } from '../platform/platform.ts';
import type { CallRecord, LogRecord, Operation, Setup, SetupView, TaskView } from '../shared/api.ts';
import { ActualSetup, type RunningFunction } from './actual.ts';
import { type Change, ChangeQueue } from './changeQueue.ts';
import { FusionizerError, messageOf } from './errors.ts';
import { hashFolder } from './hash.ts';
import type { Hub } from './hub.ts';
import type { Logs } from './logs.ts';
import { type OperationHandle, Operations } from './operations.ts';
import { groupOf, normalForm, patchSetup, sameGroup, targetGroups, waitingNames, withoutName } from './setup.ts';
import type { State, Store } from './store.ts';
import { checkTaskName, readTaskDefinition, type Task } from './task.ts';
import type { Traces } from './traces.ts';
import { Mover } from './transition.ts';

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

export interface SetupRequest {
  /** `put` replaces the whole setup, `patch` makes these groups and leaves the rest. */
  kind: 'put' | 'patch';
  groups: Setup;
  origin: 'manual' | 'optimizer';
  operation?: string | undefined;
  /** Refused with `revision` when the setup's revision is another one by then. */
  ifRevision?: number | undefined;
  signal?: AbortSignal | undefined;
}

type Kind = { kind: 'deploy' | 'delete'; name: string } | { kind: 'setup'; request: SetupRequest };

/** Keeps the Tasks, the desired and the actual setup, and reconciles them (design: Lifecycle). */
export class Fusionizer implements PlatformSink {
  readonly operations: Operations;
  readonly #parts: FusionizerParts;
  readonly #actual = new ActualSetup();
  readonly #queue = new ChangeQueue();
  readonly #kinds = new WeakMap<Change<unknown>, Kind>();
  readonly #apart = new Map<string, string>();
  readonly #warnings = new Map<string, string[]>();
  readonly #lastErrors = new Map<string, string>();
  readonly #coldSpans = new Set<string>();
  readonly #mover: Mover;
  #desired: Setup = [];
  #origin: 'manual' | 'optimizer' = 'manual';
  #address = 'http://127.0.0.1/';
  #revision = 1;
  #error: string | null = null;

  constructor(parts: FusionizerParts, saved: State | undefined) {
    this.#parts = parts;
    this.operations = new Operations(parts.hub);
    this.#desired = saved?.desired ?? [];
    this.#origin = saved?.origin ?? 'manual';
    this.#mover = new Mover(parts.platform, this.#actual, parts.store.buildsDir, (saved?.build ?? 0) + 1, (error) =>
      this.say('error', `A replaced function could not be removed whole: ${messageOf(error)}`),
    );
  }

  /** Where the server listens: known late, as a free port may be taken. */
  setAddress(address: URL): void {
    this.#address = address.href;
    this.#parts.platform.setServerAddress(address);
  }

  // ---- reading

  /** The function that serves a Task; undefined if there is none. */
  route(name: string): RunningFunction | undefined {
    return this.#actual.route(name);
  }

  /** Why a deployed Task has no function. */
  brokenReason(name: string): string | undefined {
    return this.#actual.brokenReason(name);
  }

  /** @throws FusionizerError `not-found` */
  task(name: string): Task {
    const task = this.#actual.task(name);
    if (task === undefined) throw new FusionizerError('not-found', `No Task '${name}' could be found`);
    return task;
  }

  get taskNames(): string[] {
    return this.#actual.names;
  }

  groupOf(name: string): readonly string[] {
    return this.#actual.groupOf(name);
  }

  taskView(name: string): TaskView {
    const task = this.task(name);
    const running = this.#actual.route(name);
    return {
      name,
      group: [...(running?.names ?? [name])],
      function: running?.fn.name ?? '',
      runtime: task.runtimeName,
      handler: task.handler,
      state: running?.fn.state ?? 'unhealthy',
      version: task.version,
      hash: task.hash,
      source: task.source,
      deployedAt: task.deployedAt,
      ...this.#parts.traces.statistics(name),
      lastError: this.#actual.brokenReason(name) ?? this.#lastErrors.get(name) ?? null,
      warnings: this.#warnings.get(name) ?? [],
      address: new URL(name, this.#address).href,
    };
  }

  setupView(): SetupView {
    return {
      revision: this.#revision,
      desired: this.#desired,
      actual: this.#actual.setup,
      origin: this.#origin,
      waiting: waitingNames(this.#desired, this.#actual.names),
      apart: [...this.#apart].map(([task, reason]) => ({ task, reason })),
      functions: this.#actual.functions.map(({ fn, names }) => ({ name: fn.name, tasks: [...names], state: fn.state, workers: fn.workers })),
      error: this.#error,
    };
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
      if (this.#actual.task(name)) this.#lastErrors.set(name, messageOf(error));
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
      () => this.#reach([name, ...this.#wanted(name)]),
      async (signal) => {
        const current = this.#actual.task(name);
        const unchanged = current?.hash === hash && this.#actual.route(name)?.fn.state === 'ready' && !this.#apart.has(name);
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
        await this.#parts.store.prune(name, version);
        return fresh;
      },
    );
    this.#lastErrors.delete(name);
    const warnings = this.operations.get(handle.id)?.warnings ?? [];
    this.#warnings.set(name, [...warnings]);
    handle.stage('ready');
    this.#changed([name, ...this.groupOf(name)]);
    return task;
  }

  /** Serves a new version in the group that the desired setup has for it, or, where a first join fails, outside of it. */
  async #place(task: Task, handle: OperationHandle, force: boolean): Promise<void> {
    const { name } = task;
    const wanted = this.#wanted(name);
    const current = this.#actual.task(name) ? this.groupOf(name) : undefined;
    try {
      await this.#move([wanted], handle, { replace: task, force });
      this.#apart.delete(name);
    } catch (error) {
      const joins = wanted.length > 1 && !(current && sameGroup(current, wanted));
      const fault = error instanceof FusionizerError && (error.code === 'task' || error.code === 'setup');
      if (!joins || !fault || handle.signal.aborted) throw asTaskFault(error);
      await this.#move([[...(current ?? [name])]], handle, { replace: task, force }).catch((again: unknown) => {
        throw asTaskFault(again);
      });
      const reason = `Task '${name}' serves ${current && current.length > 1 ? 'in its old group' : 'alone'}, because it cannot join ${JSON.stringify(wanted)}: ${error.message}`;
      this.#apart.set(name, reason);
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
          () => this.#reach([name]),
          async (signal) => {
            this.task(name);
            const rest = this.groupOf(name).filter((other) => other !== name);
            const desired = this.#origin === 'manual' ? withoutName(this.#desired, name) : this.#desired;
            await this.#move(rest.length > 0 ? [rest] : [], { ...handle, signal }, { removed: [name], desired });
            await this.#parts.store.removeTask(name);
            for (const notes of [this.#apart, this.#warnings, this.#lastErrors]) notes.delete(name);
            this.#parts.traces.forget(name);
            this.#parts.logs.forget(name);
            this.#changed([name, ...rest]);
          },
        ),
      () => `Successfully deleted Task '${name}'`,
    );
  }

  /** Moves to another setup; resolves when it is reached. */
  async changeSetup(request: SetupRequest): Promise<Operation | undefined> {
    let id: string | undefined;
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
        id = handle.id;
        const cancelled = request.signal ? AbortSignal.any([handle.signal, request.signal]) : handle.signal;
        checkRevision();
        const touches = (): ReadonlySet<string> | 'all' => (request.kind === 'put' ? 'all' : this.#reach(names));
        return this.#submit({ kind: 'setup', request }, { ...handle, signal: cancelled }, touches, async (signal) => {
          checkRevision();
          const desired = request.kind === 'put' ? request.groups.map((group) => [...group]) : patchSetup(this.#desired, request.groups);
          const touched = request.kind === 'put' ? new Set(this.#actual.names) : this.#reach(names);
          const groups = targetGroups(desired, this.#actual.names).filter((group) => group.some((name) => touched.has(name)));
          try {
            await this.#move(groups, { ...handle, signal }, { desired, origin: request.origin });
          } catch (error) {
            if (!signal.aborted) this.#error = messageOf(error);
            throw error;
          }
          for (const name of touched) this.#apart.delete(name);
          this.#error = null;
          handle.stage('ready');
          this.#changed([...touched]);
        });
      },
      () => `Reached ${JSON.stringify(this.#actual.setup)}`,
    );
    return id === undefined ? undefined : this.operations.get(id);
  }

  /** Serves again what was served before a restart. A group that cannot start is tried Task by Task; what then fails is kept, with the reason. */
  async restore(saved: State): Promise<void> {
    const tasks = new Map<string, Task>();
    for (const entry of saved.tasks) {
      const dir = this.#parts.store.taskDir(entry.name, entry.version);
      const definition = await readTaskDefinition(dir, entry.name);
      tasks.set(entry.name, { ...entry, ...definition, dir });
    }
    const start = async (names: string[]): Promise<void> => {
      const group = names.flatMap((name) => tasks.get(name) ?? []);
      if (group.length === 0) return;
      try {
        await this.operations.run(
          'setup',
          names,
          undefined,
          (handle) => this.#mover.move({ groups: [group], removed: [], force: false }, handle, async () => {}),
          () => `Restored ${names.join(', ')}`,
        );
      } catch (error) {
        this.say('error', `${JSON.stringify(names)} could not be started again: ${messageOf(error)}`);
        if (names.length > 1) await Promise.all(names.map((name) => start([name])));
        else for (const task of group) this.#actual.markBroken(task, messageOf(error));
      }
    };
    await Promise.all(saved.actual.map(start));
    this.#revision += 1;
  }

  /** Ends all: running operations are cancelled, functions stopped. The saved state stays. */
  async close(): Promise<void> {
    this.operations.cancelAll();
    await this.#parts.platform.close();
    await this.#mover.settled();
  }

  // ---- what functions say

  log(record: LogRecord, group: readonly string[]): void {
    this.#parts.logs.push(record, group);
  }

  calls(records: CallRecord[]): void {
    this.#parts.traces.pushCalls(
      records,
      (task) => [...this.groupOf(task)],
      (span) => this.#coldSpans.delete(span),
    );
  }

  /** Remembers that a remote call met a cold worker, until its caller's record comes. */
  noteCold(span: string): void {
    this.#coldSpans.add(span);
    if (this.#coldSpans.size > 1000) for (const oldest of [...this.#coldSpans].slice(0, 500)) this.#coldSpans.delete(oldest);
  }

  /** A log line of the server's own. */
  say(level: LogRecord['level'], message: string, extra: Record<string, unknown> = {}): void {
    this.#parts.logs.push({ time: Date.now(), level, message, with: extra, task: null, function: null, trace: null, stream: 'log' }, []);
  }

  // ---- inside

  /** The group that the desired setup has for a name, of the deployed Tasks and itself. */
  #wanted(name: string): string[] {
    return groupOf(targetGroups(this.#desired, [...this.#actual.names, name]), name);
  }

  /** The Tasks whose functions change when these Tasks are moved: they and their present groups. */
  #reach(names: readonly string[]): ReadonlySet<string> {
    const reach = new Set(names);
    for (const name of names) {
      for (const other of [...this.groupOf(name), ...this.#wanted(name)]) reach.add(other);
    }
    for (const name of [...reach]) for (const other of this.groupOf(name)) reach.add(other);
    return reach;
  }

  #submit<T>(kind: Kind, handle: OperationHandle, touches: () => ReadonlySet<string> | 'all', run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const change: Change<T> = {
      touches,
      supersedes: (older) => supersedes(kind, this.#kinds.get(older)),
      run,
    };
    this.#kinds.set(change, kind);
    return this.#queue.submit(change, handle.signal);
  }

  /** Serves these groups; Tasks of the functions that they are taken from, and that no group names, stay together. */
  async #move(
    groups: Setup,
    handle: OperationHandle,
    options: { replace?: Task; force?: boolean; removed?: string[]; desired?: Setup; origin?: 'manual' | 'optimizer' },
  ): Promise<void> {
    const removed = options.removed ?? [];
    const moved = new Set([...groups.flat(), ...removed]);
    const sources = new Set([...moved].flatMap((name) => this.#actual.route(name) ?? []));
    const rests = [...sources].map((running) => running.names.filter((name) => !moved.has(name))).filter((rest) => rest.length > 0);
    const taskOf = (name: string): Task => (options.replace?.name === name ? options.replace : this.task(name));
    const before = { desired: this.#desired, origin: this.#origin };
    await this.#mover.move({ groups: [...groups, ...rests].map((group) => group.map(taskOf)), removed, force: options.force ?? false }, handle, async () => {
      this.#desired = options.desired ?? this.#desired;
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

  /** Whether the desired setup means the same as another. */
  desires(setup: Setup): boolean {
    return normalForm(this.#desired) === normalForm(setup);
  }
}

/** A group whose members do not fit is the fault of the Task that was deployed into it. */
function asTaskFault(error: unknown): unknown {
  if (!(error instanceof FusionizerError) || error.code !== 'setup') return error;
  return new FusionizerError('task', error.message, { cause: error });
}

function supersedes(newer: Kind, older: Kind | undefined): boolean {
  if (older === undefined) return false;
  if (newer.kind === 'deploy') return older.kind === 'deploy' && older.name === newer.name;
  if (newer.kind !== 'setup' || older.kind !== 'setup') return false;
  if (newer.request.kind === 'put') return true;
  const named = new Set(newer.request.groups.flat());
  return older.request.kind === 'patch' && older.request.groups.flat().every((name) => named.has(name));
}
