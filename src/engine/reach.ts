import { addGroups, GroupIndex, groupOf, sameGroup, targetGroups } from '../shared/setup.ts';
import type { Setup } from '../shared/setupApi.ts';
import type { ActualSetup } from './actual.ts';
import type { SetupRequest } from './setupChange.ts';

/**
 * Which Tasks a change concerns: those whose functions it replaces. Changes that concern no Task in common run in
 * parallel. Setups may have ten thousands of names, so the time is linear in their number.
 */

/** The group that the desired setup has for a name, of the deployed Tasks and itself. */
export function wantedGroup(name: string, desired: Setup, actual: ActualSetup): string[] {
  return groupOf(targetGroups(desired, [...actual.names, name]), name);
}

/**
 * The Tasks whose functions change when these Tasks are moved: they, their present groups, and the groups that wait for
 * them. Names that are not deployed count too: of two Tasks of one group that are deployed at the same time, the second
 * must see the first.
 */
export function reachOf(names: readonly string[], desired: Setup, actual: ActualSetup): ReadonlySet<string> {
  const reach = new Set(names);
  const groups = new GroupIndex(desired);
  addGroups(
    reach,
    names.map((name) => groups.of(name)),
  );
  addGroups(
    reach,
    [...reach].map((name) => actual.servedWith(name)),
  );
  return reach;
}

/** The Tasks that a new setup places differently, and those that they are taken from. */
export function reachOfSetup({ kind, groups }: SetupRequest, desired: Setup, actual: ActualSetup): ReadonlySet<string> {
  if (kind === 'patch') return reachOf(groups.flat(), desired, actual);
  const [before, after] = [new GroupIndex(desired), new GroupIndex(groups)];
  const target = new GroupIndex(targetGroups(groups, actual.names));
  const named = new Set(groups.flat());
  const same = comparison();
  const moved = [...new Set([...actual.names, ...desired.flat(), ...named])].filter((name) => {
    // A Task that could not be started after a restart is tried again only when it is named.
    if (actual.brokenReason(name) !== undefined) return named.has(name);
    const stays = same(before.of(name), after.of(name));
    return !stays || (actual.task(name) !== undefined && !same(actual.servedWith(name), target.of(name)));
  });
  return reachOf(moved, desired, actual);
}

/** `sameGroup`, which compares two groups once, and not for each of their names. */
function comparison(): (one: readonly string[], other: readonly string[]) => boolean {
  const known = new Map<readonly string[], Map<readonly string[], boolean>>();
  return (one, other) => {
    // Groups of one are many, and quickly compared.
    if (one.length === 1 || one.length !== other.length) return sameGroup(one, other);
    const results = known.get(one) ?? new Map<readonly string[], boolean>();
    known.set(one, results);
    const result = results.get(other) ?? sameGroup(one, other);
    results.set(other, result);
    return result;
  };
}
