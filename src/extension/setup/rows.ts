import { isDeepStrictEqual } from 'node:util';
import type { Stage, TaskView } from '../../shared/api.ts';

/** A folder of the workspace with a Task in it. */
export interface TaskFolder {
  /** Absolute. */
  readonly path: string;
  /** The name that it is deployed as. */
  readonly name: string;
  readonly runtime: string | undefined;
  /** SHA-256 of paths and contents, computed as the server does; undefined until it is known. */
  readonly hash: string | undefined;
  /** Why it cannot be deployed. If its own name is not a valid Task name, `name` is the folder's. */
  readonly problem: string | undefined;
}

/**
 * Each state has a word, an icon and a colour. `busy`: all workers have been on one event for long, or are stuck.
 * `error`: the last deploy failed; an earlier version may still serve.
 */
export type RowState = 'not-deployed' | 'deploying' | 'ready' | 'busy' | 'crash-loop' | 'unhealthy' | 'error';

/** A Task: a folder, a deployed Task, or both. */
export interface TaskRow {
  readonly kind: 'task';
  readonly key: string;
  readonly name: string;
  readonly state: RowState;
  readonly folder: TaskFolder | undefined;
  readonly task: TaskView | undefined;
  /** The stage of the deploy that runs. */
  readonly stage: Stage | undefined;
  /** The id of the operation that runs, to cancel it. */
  readonly operation: string | undefined;
  /** The error of the last deploy. */
  readonly error: string | undefined;
  /** Whether the folder's files differ from the deployed ones. */
  readonly changed: boolean;
  /** How many folders of the workspace have the name. */
  readonly named: number;
}

/** A Fusion Group of two Tasks or more. */
export interface GroupRow {
  readonly kind: 'group';
  readonly key: string;
  readonly tasks: readonly TaskRow[];
}

export type Row = TaskRow | GroupRow;

export interface RowSources {
  readonly folders: readonly TaskFolder[];
  readonly tasks: ReadonlyMap<string, TaskView>;
  /** Running deploys, by the Task's name. */
  readonly deploys: ReadonlyMap<string, { id: string; stage: Stage | undefined }>;
  /** The error of each Task's last deploy, if that failed. */
  readonly errors: ReadonlyMap<string, string>;
  /** The error of each folder's last deploy, if that failed before it was sent, by the folder's path. */
  readonly folderErrors: ReadonlyMap<string, string>;
}

/**
 * All rows: Fusion Groups, then single Tasks and folders, each sorted by name. Whether a Task is deployed does not
 * matter, so that its row stays under the mouse while it is deployed.
 */
export function rowsOf(sources: RowSources): Row[] {
  const { folders, tasks } = sources;
  const used = new Set<TaskFolder>();
  const deployed = new Map<string, TaskRow>();
  for (const task of tasks.values()) {
    const folder = folderOf(task, folders);
    if (folder) used.add(folder);
    deployed.set(task.name, taskRow(sources, task.name, folder, task));
  }
  const groups = new Map<string, GroupRow>();
  const single: TaskRow[] = [];
  for (const row of deployed.values()) {
    // A change of a group comes as one event for each Task. Until the last one, the Tasks do not agree on their group.
    const members = (row.task?.group ?? [])
      .flatMap((name) => deployed.get(name) ?? [])
      .filter(({ task }) => isDeepStrictEqual(task?.group, row.task?.group));
    if (members.length < 2) single.push(row);
    else {
      const key = `group:${members.map(({ name }) => name).join(',')}`;
      groups.set(key, { kind: 'group', key, tasks: members });
    }
  }
  const waiting = folders
    .filter((folder) => !used.has(folder))
    .map((folder) => taskRow(sources, folder.name, folder, undefined));
  return [...[...groups.values()].sort(byKey), ...[...single, ...waiting].sort(byName)];
}

/** The folder that a Task was deployed from, else the only one of its name, which the next deploy would take. */
function folderOf(task: TaskView, folders: readonly TaskFolder[]): TaskFolder | undefined {
  const named = folders.filter(({ name }) => name === task.name);
  return named.find(({ path }) => path === task.source) ?? (named.length === 1 ? named[0] : undefined);
}

function taskRow(
  { folders, tasks, deploys, errors, folderErrors }: RowSources,
  name: string,
  folder: TaskFolder | undefined,
  task: TaskView | undefined,
): TaskRow {
  const named = folder === undefined ? 1 : folders.filter((other) => other.name === name).length;
  // A folder whose name belongs to another folder's Task is identified by its path.
  const own = task !== undefined || !tasks.has(name);
  const deploy = own ? deploys.get(name) : undefined;
  const error =
    folderErrors.get(folder?.path ?? '') ?? (own ? errors.get(name) : undefined) ?? task?.lastError ?? folder?.problem;
  return {
    kind: 'task',
    key: own && !(named > 1 && task === undefined) ? `task:${name}` : `folder:${folder?.path}`,
    name,
    state: stateOf(task, deploy !== undefined, error),
    folder,
    task,
    stage: deploy?.stage,
    operation: deploy?.id,
    error,
    changed: task !== undefined && folder?.hash !== undefined && folder.hash !== task.hash,
    named,
  };
}

function stateOf(task: TaskView | undefined, deploying: boolean, error: string | undefined): RowState {
  if (deploying) return 'deploying';
  if (task !== undefined && task.state !== 'ready') return task.state;
  if (task !== undefined && task.busySince !== null) return 'busy';
  if (error !== undefined) return 'error';
  return task === undefined ? 'not-deployed' : 'ready';
}

interface Placed {
  readonly name: string;
  readonly path?: string | undefined;
}

/** By name, and folders of one name by their paths. */
export const inOrder = (one: Placed, other: Placed): number =>
  compare(one.name, other.name) || compare(one.path ?? '', other.path ?? '');
const placed = ({ name, folder }: TaskRow): Placed => ({ name, path: folder?.path });
const byName = (one: TaskRow, other: TaskRow): number => inOrder(placed(one), placed(other));
const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
const byKey = (one: Row, other: Row): number => (one.key < other.key ? -1 : 1);
