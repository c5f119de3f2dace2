import type { Platform, PlatformFunction } from '../platform/platform.ts';
import type { SetupView, TaskView } from '../shared/api.ts';
import { FusionizerError, messageOf } from '../shared/errors.ts';
import { isOtherSource } from '../shared/otherSource.ts';
import type { ServerAddress } from '../shared/serverAddress.ts';
import { checkSize, formatFused, patchSetup, targetGroups, withoutLoners, withoutName } from '../shared/setup.ts';
import type { Setup } from '../shared/setupApi.ts';
import type { Task } from '../task/task.ts';
import { checkTaskName } from '../task/taskName.ts';
import type { ActualSetup, RunningFunction } from './actual.ts';
import { type DeployRequest, deploy } from './deploy.ts';
import { Leftovers } from './leftovers.ts';
import { FunctionReports } from './observe/functionReports.ts';
import type { Hub } from './observe/hub.ts';
import type { Logs } from './observe/logs.ts';
import type { ServerLog } from './observe/serverLog.ts';
import type { Traces } from './observe/traces.ts';
import { Operations } from './operations.ts';
import { reachOf, reachOfSetup } from './reach.ts';
import { Reconciler } from './reconciler.ts';
import type { Origin, SetupRequest } from './setupChange.ts';
import type { State, Store } from './store.ts';
import { TaskNotes } from './taskNotes.ts';
import { taskNotFound } from './taskNotFound.ts';
import { setupView, taskView } from './views.ts';

export interface FusionizerParts {
  address: ServerAddress;
  platform: Platform;
  store: Store;
  hub: Hub;
  logs: Logs;
  traces: Traces;
  serverLog: ServerLog;
}

/** Stands for the desired setup among the names that changes touch. No Task can have this name. */
const SETUP = '*setup';

/** Keeps the Tasks, the desired and the actual setup, and reconciles them. */
export class Fusionizer {
  readonly operations: Operations;
  readonly reports: FunctionReports;
  readonly leftovers: Leftovers;
  readonly #parts: FusionizerParts;
  readonly #reconciler: Reconciler;
  readonly #actual: ActualSetup;
  readonly #notes = new TaskNotes();
  #error: string | null = null;
  #moved: () => void = () => {};

  constructor(parts: FusionizerParts, saved: State) {
    this.#parts = parts;
    this.#reconciler = new Reconciler(parts, saved, {
      moved: () => this.#moved(),
      notRemoved: (error) =>
        parts.serverLog.write('error', `A replaced function could not be removed completely: ${messageOf(error)}`),
    });
    this.#actual = this.#reconciler.actual;
    this.operations = new Operations(parts.hub);
    this.leftovers = new Leftovers(parts.platform, parts.serverLog);
    this.reports = new FunctionReports(
      parts.logs,
      parts.traces,
      (task) => this.#actual.route(task)?.names,
      (fn) => {
        // A function without traffic, because it is new or was replaced, is not shown.
        const running = this.#actual.functions.find((other) => other.fn === fn);
        if (running) this.#changed(running.names);
      },
      () => this.#actual.id,
    );
  }

  /** @param listener is called in the step that moves traffic, before any event reaches the new functions */
  onMove(listener: () => void): void {
    this.#moved = listener;
  }

  // ---- reading

  /** The function that serves a Task; undefined if no function does. */
  route(name: string): RunningFunction | undefined {
    return this.#actual.route(name);
  }

  /** The functions that serve now. */
  get functions(): PlatformFunction[] {
    return this.#actual.functions.map(({ fn }) => fn);
  }

  /** Changes whenever functions begin or cease to serve. */
  get generation(): number {
    return this.#actual.generation;
  }

  /** Why a deployed Task has no function. */
  brokenReason(name: string): string | undefined {
    return this.#actual.brokenReason(name);
  }

  /** @throws FusionizerError `not-found` */
  task(name: string): Task {
    return this.#reconciler.task(name);
  }

  notFound(name: string): FusionizerError {
    return taskNotFound(name, this.taskNames);
  }

  get taskNames(): string[] {
    return this.#actual.names;
  }

  taskView(name: string): TaskView {
    return taskView(this.task(name), {
      actual: this.#actual,
      notes: this.#notes,
      traces: this.#parts.traces,
      address: this.#parts.address.url.href,
    });
  }

  /** Who set the desired setup. */
  get origin(): Origin {
    return this.#reconciler.origin;
  }

  setupView(): SetupView {
    return setupView({
      revision: this.#reconciler.revision,
      desired: this.#reconciler.desired,
      origin: this.#reconciler.origin,
      error: this.#error,
      actual: this.#actual,
      notes: this.#notes,
    });
  }

  // ---- changing

  /** Deploys or redeploys a Task; resolves when it serves. */
  async deploy(request: DeployRequest): Promise<Task> {
    const { name } = request;
    try {
      checkTaskName(name);
      return await this.operations.run(
        { kind: 'deploy', tasks: [name], source: request.source },
        request.operation,
        async (handle) => {
          const task = await deploy(request, handle, {
            ...this.#parts,
            reconciler: this.#reconciler,
            notes: this.#notes,
            warnings: () => this.operations.get(handle.id)?.warnings ?? [],
          });
          handle.stage('ready');
          this.#changed([name, ...this.#actual.servedWith(name)]);
          return task;
        },
        () => `Successfully deployed Task '${name}'`,
      );
    } catch (error) {
      // What is wrong with the Task of another folder is no fault of the deployed one.
      const deployed = this.#actual.task(name);
      if (deployed && !isOtherSource(request.source, deployed.source))
        this.#notes.lastErrors.set(name, messageOf(error));
      throw error;
    }
  }

  /** Deletes a Task; the rest of its group keeps serving. */
  async delete(name: string, operation?: string): Promise<void> {
    this.task(name);
    await this.operations.run(
      { kind: 'delete', tasks: [name] },
      operation,
      (handle) =>
        this.#reconciler.submit(
          { kind: 'delete', name },
          handle,
          () => reachOf([name], this.#reconciler.desired, this.#actual),
          async (signal) => {
            this.task(name);
            const rest = this.#actual.servedWith(name).filter((other) => other !== name);
            const desired = (now: Setup): Setup =>
              withoutLoners(
                this.#reconciler.origin === 'manual' ? withoutName(now, name) : now,
                this.#actual.names.filter((other) => other !== name),
              );
            await this.#reconciler.move(
              rest.length > 0 ? [rest] : [],
              { ...handle, signal },
              { removed: [name], desired },
            );
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
    checkSize(request.groups);
    const names = request.groups.flat();
    const checkRevision = (): void => {
      if (request.ifRevision === undefined || request.ifRevision === this.#reconciler.revision) return;
      throw new FusionizerError(
        'revision',
        `The setup's revision is ${this.#reconciler.revision}, not ${request.ifRevision}: read it again before ` +
          'you change it',
      );
    };
    await this.operations.run(
      { kind: 'setup', tasks: names },
      request.operation,
      (handle) => {
        const cancelled = request.signal ? AbortSignal.any([handle.signal, request.signal]) : handle.signal;
        checkRevision();
        // Setup changes run one after the other: each makes its setup out of the one before.
        const touches = (): ReadonlySet<string> =>
          new Set([...reachOfSetup(request, this.#reconciler.desired, this.#actual), SETUP]);
        return this.#reconciler.submit(
          { kind: 'setup', request },
          { ...handle, signal: cancelled },
          touches,
          async (signal) => {
            checkRevision();
            const desired = (now: Setup): Setup =>
              withoutLoners(
                request.kind === 'put' ? request.groups.map((group) => [...group]) : patchSetup(now, request.groups),
                this.#actual.names,
              );
            checkSize(desired(this.#reconciler.desired));
            const touched = reachOfSetup(request, this.#reconciler.desired, this.#actual);
            // A Task that could not be started after a restart is tried again only when it is named.
            const named = new Set(names);
            const serves = (name: string): boolean => named.has(name) || this.route(name) !== undefined;
            const groups = targetGroups(desired(this.#reconciler.desired), this.#actual.names.filter(serves)).filter(
              (group) => group.some((name) => touched.has(name)),
            );
            try {
              await this.#reconciler.move(groups, { ...handle, signal }, { desired, origin: request.origin });
            } catch (error) {
              if (!signal.aborted) this.#error = messageOf(error);
              throw error;
            }
            for (const name of touched) this.#notes.apart.delete(name);
            this.#error = null;
            handle.stage('ready');
            this.#changed([...touched]);
          },
        );
      },
      () => formatFused(this.#actual.setup),
    );
  }

  /** Serves the saved setup again after a restart. */
  async restore(saved: State): Promise<void> {
    await this.#reconciler.restore(saved, this.operations, this.#parts.serverLog);
    await this.leftovers.report();
  }

  /**
   * Cancels running operations and ends functions. Functions that can serve without the server stay. The saved state
   * stays.
   */
  async close(): Promise<void> {
    this.operations.end();
    await this.#parts.platform.close({ keep: true });
    await this.operations.settled();
    await this.#reconciler.settled();
  }

  // ---- inside

  #changed(names: readonly string[]): void {
    for (const name of new Set(names)) {
      const task = this.#actual.task(name);
      this.#parts.hub.publish('task', { name, task: task ? this.taskView(name) : null });
    }
    this.#parts.hub.publish('setup', this.setupView());
  }
}
