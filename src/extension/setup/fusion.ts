import type { TaskView } from '../../shared/api.ts';
import { familyOf } from '../../shared/runtimeFamily.ts';
import { GroupIndex, sameGroup } from '../../shared/setup.ts';
import type { Setup } from '../../shared/setupApi.ts';

/**
 * What fusing and splitting mean, whichever way they are reached: a Task stands for itself, a group for all of its
 * Tasks. What was chosen becomes one group, and every other Task stays where it is, as with `fusionizer fuse a,b`.
 */

/** What a change makes. */
export interface Outcome {
  /** The group that is made. After a split, groups of one. */
  readonly made: Setup;
  /** What is left of the groups that lose Tasks. */
  readonly left: Setup;
}

type Placed = Pick<TaskView, 'name' | 'group' | 'runtime'>;

/** What a list of things to fuse offers. */
export interface Piece {
  readonly names: readonly string[];
  /** The group of a Task that is not by itself; undefined for a whole group. */
  readonly within: readonly string[] | undefined;
  /** The runtime of all its Tasks; that with a version, if one has a version. */
  readonly runtime: string;
  /** What fusing it with the Tasks that were chosen before makes. */
  readonly outcome: Outcome | undefined;
}

/** @returns undefined where nothing would change: a single Task, or Tasks that are one group already */
export function outcomeOfFuse(tasks: readonly Placed[], chosen: readonly string[]): Outcome | undefined {
  const made = [...new Set(chosen)];
  const groups = groupsOf(tasks);
  if (made.length < 2 || groups.some((group) => sameGroup(group, made))) return undefined;
  return { made: [made], left: leftOf(groups, made) };
}

/** @returns undefined if none of these Tasks is fused */
export function outcomeOfSplit(tasks: readonly Placed[], chosen: readonly string[]): Outcome | undefined {
  const groups = groupsOf(tasks);
  const made = [...new Set(chosen)].filter((name) => groups.some((group) => group.length > 1 && group.includes(name)));
  return made.length === 0 ? undefined : { made: made.map((name) => [name]), left: leftOf(groups, made) };
}

/** Two Tasks that cannot run in one function, as far as their runtimes show: the server knows further reasons. */
export function conflictOf(tasks: readonly Placed[], chosen: readonly string[]): [Placed, Placed] | undefined {
  const [first, ...others] = tasks.filter(({ name }) => chosen.includes(name));
  if (first === undefined) return undefined;
  const foreign = others.find(({ runtime }) => familyOf(runtime) !== familyOf(first.runtime));
  if (foreign) return [first, foreign];
  const [one, ...versions] = [first, ...others].filter(({ runtime }) => runtime.includes(':'));
  const other = versions.find(({ runtime }) => runtime !== one?.runtime);
  return one && other ? [one, other] : undefined;
}

/** What can be fused with the chosen Tasks: groups, then Tasks. Without chosen ones, everything that has a partner. */
export function piecesFor(tasks: readonly Placed[], chosen: readonly string[]): Piece[] {
  const groups = groupsOf(tasks).filter(({ length }) => length > 1);
  const index = new GroupIndex(groups);
  const all: Omit<Piece, 'outcome'>[] = [
    ...groups.map((names) => ({ names, within: undefined, runtime: runtimeOf(tasks, names) })),
    ...tasks.map(({ name, runtime }) => ({
      names: [name],
      within: index.has(name) ? index.of(name) : undefined,
      runtime,
    })),
  ];
  const fits = (names: readonly string[]): boolean =>
    outcomeOfFuse(tasks, names) !== undefined && conflictOf(tasks, names) === undefined;
  const adds = (names: readonly string[]): boolean => names.some((name) => !chosen.includes(name));
  return all
    .filter(({ names }) =>
      chosen.length > 0
        ? adds(names) && fits([...chosen, ...names])
        : all.some((other) => fits([...names, ...other.names])),
    )
    .map((piece) => ({
      ...piece,
      outcome: chosen.length > 0 ? outcomeOfFuse(tasks, [...chosen, ...piece.names]) : undefined,
    }));
}

/** The groups in which deployed Tasks run. Also right while the Tasks of one change arrive one by one. */
function groupsOf(tasks: readonly Placed[]): Setup {
  const groups: string[][] = [];
  const placed = new Set<string>();
  for (const { name, group } of tasks) {
    if (placed.has(name)) continue;
    const members = group.filter((other) => !placed.has(other) && tasks.some((task) => task.name === other));
    const names = members.includes(name) ? members : [name];
    for (const one of names) placed.add(one);
    groups.push(names);
  }
  return groups;
}

const leftOf = (groups: Setup, made: readonly string[]): Setup =>
  groups
    .filter((group) => group.some((name) => made.includes(name)))
    .map((group) => group.filter((name) => !made.includes(name)))
    .filter(({ length }) => length > 0);

function runtimeOf(tasks: readonly Placed[], names: readonly string[]): string {
  const runtimes = tasks.filter(({ name }) => names.includes(name)).map(({ runtime }) => runtime);
  return runtimes.find((runtime) => runtime.includes(':')) ?? runtimes[0] ?? '';
}
