import { mixedRuntimes } from '../runtimeFamily.ts';
import { taskNameFault } from '../taskNamePattern.ts';
import type { BoardEntry } from './scheduleDocument.ts';

/** A fault of a schedule, at its place on the board. */
export interface BoardFault {
  readonly kind:
    | 'bad-second'
    | 'unreachable'
    | 'bad-form'
    | 'empty-group'
    | 'task-twice'
    | 'bad-name'
    | 'unknown-task'
    | 'mixed-runtimes';
  /** The entry's index in the text. */
  readonly entry: number;
  /** The group's index in it; undefined if the fault is of the whole entry. */
  readonly group: number | undefined;
  /** undefined if the fault is of the whole group. */
  readonly task: string | undefined;
  readonly message: string;
  /** The server refuses a schedule with an error. */
  readonly severity: 'error' | 'warning';
}

/** What is known of a Task. */
export interface KnownTask {
  readonly name: string;
  /** `python` or `nodejs`, with or without a version; undefined if it is not known. */
  readonly runtime: string | undefined;
}

/** How many faults are found: nobody reads more. */
const MOST = 500;

/**
 * The faults of a schedule, in the order of the text.
 * @param known all Tasks, deployed or not; undefined if nobody knows them
 */
export function boardFaults(entries: readonly BoardEntry[], known: readonly KnownTask[] | undefined): BoardFault[] {
  const tasks = known && new Map(known.map((task) => [task.name, task]));
  const faults: BoardFault[] = [];
  for (const [index, entry] of entries.entries()) {
    if (faults.length >= MOST) break;
    faults.push(...entryFaults(entry, index), ...groupFaults(entry, index, tasks));
  }
  return faults.slice(0, MOST);
}

function entryFaults({ key, second, groups, isRepeated }: BoardEntry, entry: number): BoardFault[] {
  const fault = (kind: BoardFault['kind'], message: string): BoardFault[] => [
    { kind, entry, group: undefined, task: undefined, message, severity: 'error' },
  ];
  return [
    ...(second === undefined
      ? fault('bad-second', `"${key}" is no second: write whole seconds from 0 to 999999999, without sign or fraction`)
      : []),
    ...(isRepeated
      ? fault('unreachable', `The entry ${key} comes again below, and only the last one counts: remove one of them`)
      : []),
    ...(groups === undefined
      ? fault('bad-form', `The entry ${key} is no list of Fusion Groups, such as [["taska", "taskb"]]`)
      : []),
  ];
}

function groupFaults(
  { groups = [] }: BoardEntry,
  entry: number,
  known: ReadonlyMap<string, KnownTask> | undefined,
): BoardFault[] {
  const faults: BoardFault[] = [];
  const seen = new Set<string>();
  const add = (
    group: number,
    task: string | undefined,
    kind: BoardFault['kind'],
    severity: BoardFault['severity'],
    message: string,
  ): void => void faults.push({ kind, entry, group, task, message, severity });
  for (const [index, { tasks }] of groups.entries()) {
    if (tasks.length === 0) add(index, undefined, 'empty-group', 'error', 'A group without Tasks: remove it');
    for (const task of tasks) {
      const fault = taskNameFault(task);
      if (fault) add(index, task, 'bad-name', 'error', `"${task}" ${fault}`);
      else if (seen.has(task))
        add(index, task, 'task-twice', 'error', `${task} is in this entry twice: a Task is in one group`);
      else if (known !== undefined && !known.has(task))
        add(index, task, 'unknown-task', 'warning', `No Task is called ${task}: the entry waits for one`);
      seen.add(task);
    }
    const mixed = mixedRuntimes(tasks, (task) => known?.get(task)?.runtime);
    if (mixed !== undefined) add(index, undefined, 'mixed-runtimes', 'warning', mixed);
  }
  return faults;
}
