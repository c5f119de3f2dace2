import type { Platform, PlatformFunction } from '../platform/platform.ts';
import type { Setup, SetupView, TaskView } from '../shared/api.ts';
import { FusionizerError, messageOf } from '../shared/errors.ts';
import { patchSetup, targetGroups, withoutName } from '../shared/setup.ts';
import type { Task } from '../task/task.ts';
import { checkTaskName } from '../task/taskName.ts';
import type { ActualSetup, RunningFunction } from './actual.ts';
import { type DeployRequest, deploy } from './deploy.ts';
import { FunctionReports } from './observe/functionReports.ts';
import type { Hub } from './observe/hub.ts';
import type { Logs } from './observe/logs.ts';
import type { Traces } from './observe/traces.ts';
import { Operations } from './operations.ts';
import { reachOf, reachOfSetup } from './reach.ts';
import { Reconciler } from './reconciler.ts';
import type { SetupRequest } from './setupChange.ts';
import type { State, Store } from './store.ts';
import { TaskNotes } from './taskNotes.ts';
import { setupView, taskView } from './views.ts';

export interface FusionizerParts {
  platform: Platform;
  store: Store;
  hub: Hub;
  logs: Logs;
  traces: Traces;
}

/** Stands for the desired setup among the names that changes touch; no Task can have it. */
const SETUP = '*setup';

/** Keeps the Tasks, the desired and the actual setup, and reconciles them (design: Lifecycle). */
export class Fusionizer {
  readonly operations: Operations;
  readonly reports: FunctionReports;
  readonly #parts: FusionizerParts;
  readonly #reconciler: Reconciler;
  readonly #actual: ActualSetup;
  readonly #notes = new TaskNotes();
  #address = 'http://127.0.0.1/';
  #error: string | null = null;
  #moved: () => void = () => {};

  constructor(parts: FusionizerParts, saved: State) {
    this.#parts = parts;
    this.#reconciler = new Reconciler(parts, saved, {
      moved: () => this.#moved(),
      notRemoved: (error) =>
        this.reports.say('error', `A replaced function could not be removed whole: ${messageOf(error)}`),
    });
    this.#actual = this.#reconciler.actual;
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
    return this.#reconciler.task(name);
  }

  get taskNames(): string[] {
    return this.#actual.names;
  }

  groupOf(name: string): readonly string[] {
    return this.#actual.groupOf(name);
  }

  taskView(name: string): TaskView {
    return taskView(this.task(name), {
      actual: this.#actual,
      notes: this.#notes,
      traces: this.#parts.traces,
      address: this.#address,
    });
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
        'deploy',
        [name],
        request.operation,
        async (handle) => {
          const task = await deploy(request, handle, {
            ...this.#parts,
            reconciler: this.#reconciler,
            notes: this.#notes,
            warnings: () => this.operations.get(handle.id)?.warnings ?? [],
          });
          handle.stage('ready');
          this.#changed([name, ...this.groupOf(name)]);
          return task;
        },
        () => `Successfully deployed Task '${name}'`,
      );
    } catch (error) {
      if (this.#actual.task(name)) this.#notes.lastErrors.set(name, messageOf(error));
      throw error;
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
        this.#reconciler.submit(
          { kind: 'delete', name },
          handle,
          () => reachOf([name], this.#reconciler.desired, this.#actual),
          async (signal) => {
            this.task(name);
            const rest = this.groupOf(name).filter((other) => other !== name);
            const desired = (now: Setup): Setup =>
              this.#reconciler.origin === 'manual' ? withoutName(now, name) : now;
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
    const names = request.groups.flat();
    const checkRevision = (): void => {
      if (request.ifRevision === undefined || request.ifRevision === this.#reconciler.revision) return;
      throw new FusionizerError(
        'revision',
        `The setup's revision is ${this.#reconciler.revision}, not ${request.ifRevision}: read it again before you change it`,
      );
    };
    await this.operations.run(
      'setup',
      names,
      request.operation,
      (handle) => {
        const cancelled = request.signal ? AbortSignal.any([handle.signal, request.signal]) : handle.signal;
        checkRevision();
        // Setups are changed one after the other: each is made out of the one before.
        const touches = (): ReadonlySet<string> =>
          new Set([...reachOfSetup(request, this.#reconciler.desired, this.#actual), SETUP]);
        return this.#reconciler.submit(
          { kind: 'setup', request },
          { ...handle, signal: cancelled },
          touches,
          async (signal) => {
            checkRevision();
            const desired = (now: Setup): Setup =>
              request.kind === 'put' ? request.groups.map((group) => [...group]) : patchSetup(now, request.groups);
            const touched = reachOfSetup(request, this.#reconciler.desired, this.#actual);
            const groups = targetGroups(desired(this.#reconciler.desired), this.#actual.names).filter((group) =>
              group.some((name) => touched.has(name)),
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
      () => `Reached ${JSON.stringify(this.#actual.setup)}`,
    );
  }

  /** Serves again what was served before a restart. */
  async restore(saved: State): Promise<void> {
    await this.#reconciler.restore(saved, this.operations, this.reports);
  }

  /** Ends all: running operations are cancelled, functions stopped. The saved state stays. */
  async close(): Promise<void> {
    this.operations.end();
    await this.#parts.platform.close();
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
