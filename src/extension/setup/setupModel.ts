import { isDeepStrictEqual } from 'node:util';
import type { ServerEvent } from '../../client/events.ts';
import type { Operation, SetupView, Stage, TaskView } from '../../shared/api.ts';
import { isOtherSource } from '../../shared/otherSource.ts';
import type { ScheduleView } from '../../shared/scheduleApi.ts';
import { isSameState, type ScheduleState, scheduleStateOf } from '../schedule/scheduleState.ts';
import { inOrder, type Row, rowsOf, type TaskFolder, type TaskRow } from './rows.ts';

/** The rows that changed. `structure`: rows were added, removed or moved, so all have to be read again. */
export interface ModelChange {
  readonly structure: boolean;
  readonly keys: ReadonlySet<string>;
}

/** Stands for the schedule among the keys of rows. */
export const SCHEDULE_KEY = 'schedule';

/** The whole state of the server. */
export interface ServerState {
  readonly tasks: readonly TaskView[];
  readonly setup: SetupView;
  readonly schedule: ScheduleView;
}

/** The state of the workspace's folders and of the server, kept up to date by events. Independent of VS Code. */
export class SetupModel {
  readonly #listeners = new Set<(change: ModelChange) => void>();
  #folders: readonly TaskFolder[] = [];
  #tasks = new Map<string, TaskView>();
  #deploys = new Map<string, { id: string; stage: Stage | undefined }>();
  #errors = new Map<string, string>();
  #folderErrors = new Map<string, string>();
  #rows: readonly Row[] = [];
  #byKey = new Map<string, Row>();
  /** Undefined while no server is connected. */
  setup: SetupView | undefined;
  schedule: ScheduleView | undefined;
  /** What is shown of the schedule; undefined without one. */
  scheduleState: ScheduleState | undefined;
  #scheduleAt = 0;

  /** The top-level rows. A Fusion Group has the rows of its Tasks. */
  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** The rows of all Tasks, in groups or not. */
  get taskRows(): TaskRow[] {
    return this.#rows.flatMap((row) => (row.kind === 'group' ? row.tasks : [row]));
  }

  get folders(): readonly TaskFolder[] {
    return this.#folders;
  }

  /** The runtimes of all Tasks, deployed or not, by their names. That of a deployed one counts. */
  get knownRuntimes(): ReadonlyMap<string, string | undefined> {
    return new Map([
      ...this.#folders.map(({ name, runtime }): [string, string | undefined] => [name, runtime]),
      ...[...this.#tasks].map(([name, { runtime }]): [string, string | undefined] => [name, runtime]),
    ]);
  }

  /** The names of all Tasks, deployed or not. */
  get knownNames(): ReadonlySet<string> {
    return new Set([...this.#tasks.keys(), ...this.#folders.map(({ name }) => name)]);
  }

  /** The seconds of the schedule's clock; 0 without one. */
  get scheduleSeconds(): number {
    const { state, seconds } = this.schedule?.clock ?? { state: 'paused', seconds: 0 };
    return state === 'running' ? seconds + (Date.now() - this.#scheduleAt) / 1000 : seconds;
  }

  row(key: string): Row | undefined {
    return this.#byKey.get(key);
  }

  /** The row of a deployed Task. */
  taskRow(name: string): TaskRow | undefined {
    return this.taskRows.find((row) => row.name === name && row.task !== undefined);
  }

  /** The row of a Task's folder. */
  folderRow(path: string): TaskRow | undefined {
    return this.taskRows.find((row) => row.folder?.path === path);
  }

  /** @returns removes the listener */
  onChange(listener: (change: ModelChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @param folders in any order, as a search finds them; lists and questions show them by name */
  setFolders(folders: readonly TaskFolder[]): void {
    const before = new Map(this.#folders.map((folder) => [folder.path, folder]));
    // A change of a folder may have corrected its error. Only the next deploy shows that.
    for (const folder of folders) if (isOther(before.get(folder.path), folder)) this.#folderErrors.delete(folder.path);
    this.#folders = [...folders].sort(inOrder);
    this.#update();
  }

  /** Replaces the state: after the connection is made, or when events were missed. */
  read({ tasks, setup, schedule }: ServerState): void {
    this.#tasks = new Map(tasks.map((task) => [task.name, task]));
    this.setup = setup;
    this.#setSchedule(schedule);
    this.#deploys.clear();
    this.#update();
  }

  /** Forgets the server's state, as no server is connected. */
  forget(): void {
    this.#tasks.clear();
    this.#deploys.clear();
    this.#errors.clear();
    this.#folderErrors.clear();
    this.setup = undefined;
    this.schedule = undefined;
    this.#update();
  }

  apply(event: ServerEvent): void {
    if (event.name === 'task') {
      if (event.data.task) this.#tasks.set(event.data.name, event.data.task);
      else this.#tasks.delete(event.data.name);
    } else if (event.name === 'setup') this.setup = event.data;
    else if (event.name === 'schedule') this.#setSchedule(event.data);
    else if (event.name === 'operation') this.#applyOperation(event.data);
    else return;
    this.#update();
  }

  /** Sets the error of a deploy that failed before its request; undefined removes it before the next try. */
  setFolderError(path: string, message: string | undefined): void {
    if (message === undefined) this.#folderErrors.delete(path);
    else this.#folderErrors.set(path, message);
    this.#update();
  }

  /** A deploy begins: the error of the one before it is no more. */
  forgetError(name: string): void {
    this.#errors.delete(name);
    this.#update();
  }

  /** Sets the error of a deploy that the server refused. @param source the folder, or the only file, that was sent */
  setError(name: string, source: string | null, message: string): void {
    this.#failed(name, source, message);
    this.#update();
  }

  /** What another folder's deploy fails for is shown with that folder: the Task that serves is not at fault. */
  #failed(name: string, source: string | null, message: string): void {
    if (isOtherSource(source, this.#tasks.get(name)?.source)) this.#folderErrors.set(source, message);
    else this.#errors.set(name, message);
  }

  #setSchedule(schedule: ScheduleView): void {
    this.schedule = schedule;
    this.#scheduleAt = Date.now();
  }

  #applyOperation({ id, kind, source, state, stages, tasks: [name], error }: Operation): void {
    if (kind !== 'deploy' || name === undefined) return;
    if (state === 'running') this.#deploys.set(name, { id, stage: stages.at(-1)?.stage });
    else if (this.#deploys.get(name)?.id === id) this.#deploys.delete(name);
    if (state === 'done') this.#errors.delete(name);
    // That another folder has this name is no failure of the Task.
    else if (state === 'failed' && error && error.code !== 'source') this.#failed(name, source, error.detail);
  }

  #update(): void {
    const rows = rowsOf({
      folders: this.#folders,
      tasks: this.#tasks,
      deploys: this.#deploys,
      errors: this.#errors,
      folderErrors: this.#folderErrors,
    });
    const byKey = new Map(
      rows.flatMap((row) => (row.kind === 'group' ? [row, ...row.tasks] : [row])).map((row) => [row.key, row]),
    );
    const state = this.schedule && scheduleStateOf(this.schedule, this.#scheduleAt, this.knownNames);
    const isOtherSchedule = !isSameState(this.scheduleState, state);
    const structure =
      !isDeepStrictEqual(shapeOf(this.#rows), shapeOf(rows)) ||
      (state === undefined) !== (this.scheduleState === undefined);
    const keys = new Set(
      [...byKey].filter(([key, row]) => !isDeepStrictEqual(row, this.#byKey.get(key))).map(([key]) => key),
    );
    if (isOtherSchedule) {
      this.scheduleState = state;
      keys.add(SCHEDULE_KEY);
    }
    this.#rows = rows;
    this.#byKey = byKey;
    for (const listener of this.#listeners) listener({ structure, keys });
  }
}

/** A hash that only became known is not a change. */
function isOther(before: TaskFolder | undefined, after: TaskFolder): boolean {
  return before === undefined || !isDeepStrictEqual({ ...before, hash: before.hash ?? after.hash }, after);
}

const shapeOf = (rows: readonly Row[]): string[][] =>
  rows.map((row) => (row.kind === 'group' ? [row.key, ...row.tasks.map(({ key }) => key)] : [row.key]));
