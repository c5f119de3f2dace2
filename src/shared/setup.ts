import { FusionizerError } from './errors.ts';
import type { Setup } from './setupApi.ts';

/**
 * A Fusion Setup is a partition of names into groups. Groups of one can be left out: a Task that no group names is
 * single. All functions here are pure.
 */

/** The most names that a setup may have. Each change looks at all of them, and nobody is served meanwhile. */
const MOST_NAMES = 10_000;

/** @throws FusionizerError `too-large` */
export function checkSize(setup: Setup): void {
  const names = setup.reduce((sum, group) => sum + group.length, 0);
  if (names > MOST_NAMES)
    throw new FusionizerError(
      'too-large',
      `The setup names ${names} Tasks, and a setup can name ${MOST_NAMES}: leave out Tasks that run by themselves, ` +
        'and those that do not exist',
    );
}

/** The desired setup after `PATCH`: adds `groups`, removes their names from all other groups, and keeps the rest. */
export function patchSetup(setup: Setup, groups: Setup): Setup {
  const moved = new Set(groups.flat());
  const rest = setup.map((group) => group.filter((name) => !moved.has(name))).filter((group) => group.length > 0);
  return [...rest, ...groups.map((group) => [...group])];
}

/** The setup without a name. */
export function withoutName(setup: Setup, name: string): Setup {
  return setup.map((group) => group.filter((other) => other !== name)).filter((group) => group.length > 0);
}

/**
 * The setup without names that are not deployed and wait for no other: a Task that no group names is single anyway. A
 * name that was mistyped in a group is gone when it is split from it.
 */
export function withoutLoners(setup: Setup, deployed: Iterable<string>): Setup {
  const names = new Set(deployed);
  return setup.filter(([name = '', ...others]) => others.length > 0 || names.has(name));
}

/** The group that a name belongs to; a group of one if the setup does not name it. */
export function groupOf(setup: Setup, name: string): string[] {
  return setup.find((group) => group.includes(name)) ?? [name];
}

/**
 * The partition of the deployed names according to a desired setup. Names that are not deployed are left out, and
 * deployed names that the setup does not name are single.
 */
export function targetGroups(desired: Setup, deployed: Iterable<string>): Setup {
  const names = new Set(deployed);
  const groups = desired.map((group) => group.filter((name) => names.has(name))).filter((group) => group.length > 0);
  const placed = new Set(groups.flat());
  return [...groups, ...[...names].filter((name) => !placed.has(name)).map((name) => [name])];
}

/** The names in the desired setup that are not deployed. */
export function waitingNames(desired: Setup, deployed: Iterable<string>): string[] {
  const names = new Set(deployed);
  return desired.flat().filter((name) => !names.has(name));
}

/** Whether two groups have the same members. */
export function sameGroup(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false;
  const names = new Set(other);
  return one.every((name) => names.has(name));
}

/** The groups of a setup by their names. For many names, this is much faster than `groupOf` for each of them. */
export class GroupIndex {
  readonly #groups = new Map<string, readonly string[]>();

  constructor(setup: Setup) {
    for (const group of setup) for (const name of group) this.#groups.set(name, group);
  }

  has(name: string): boolean {
    return this.#groups.has(name);
  }

  /** The group that a name belongs to; a group of one if the setup does not name it. */
  of(name: string): readonly string[] {
    return this.#groups.get(name) ?? [name];
  }
}

/** Adds the names of all these groups. Each group is looked at once, however often it comes. */
export function addGroups(names: Set<string>, groups: Iterable<readonly string[]>): void {
  for (const group of new Set(groups)) for (const name of group) names.add(name);
}

/** A group as people read it: `a + b`. It is sorted, so that it looks the same everywhere. */
export const formatGroup = (names: readonly string[]): string => [...names].sort().join(' + ');

/** Groups as people read them: `a + b | c`, sorted. */
export const formatGroups = (groups: Setup): string => groups.map(formatGroup).sort().join(' | ');

/** Which Tasks are fused, as people read it. */
export function formatFused(setup: Setup): string {
  const fused = setup.filter(({ length }) => length > 1);
  return fused.length === 0 ? 'Every Task runs by itself' : `Fused: ${formatGroups(fused)}`;
}

/** The setup without groups of one, with sorted groups and names. Setups with the same normal form mean the same. */
export function normalForm(setup: Setup): string {
  return JSON.stringify(
    setup
      .filter((group) => group.length > 1)
      .map((group) => [...group].sort())
      .sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1)),
  );
}
