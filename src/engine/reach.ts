import type { Setup } from '../shared/api.ts';
import { groupOf, sameGroup, targetGroups } from '../shared/setup.ts';
import type { ActualSetup } from './actual.ts';
import type { SetupRequest } from './setupChange.ts';

/**
 * Which Tasks a change concerns: those whose functions it replaces. Changes that concern no Task in common run in
 * parallel.
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
  for (const name of names) for (const other of groupOf(desired, name)) reach.add(other);
  for (const name of [...reach]) for (const other of actual.servedWith(name)) reach.add(other);
  return reach;
}

/** The Tasks that a new setup places differently, and those that they are taken from. */
export function reachOfSetup({ kind, groups }: SetupRequest, desired: Setup, actual: ActualSetup): ReadonlySet<string> {
  if (kind === 'patch') return reachOf(groups.flat(), desired, actual);
  const target = targetGroups(groups, actual.names);
  const named = new Set(groups.flat());
  const moved = [...new Set([...actual.names, ...desired.flat(), ...named])].filter((name) => {
    // A Task that could not be started after a restart is tried again only when it is named.
    if (actual.brokenReason(name) !== undefined) return named.has(name);
    const stays = sameGroup(groupOf(desired, name), groupOf(groups, name));
    return !stays || (actual.task(name) !== undefined && !sameGroup(actual.servedWith(name), groupOf(target, name)));
  });
  return reachOf(moved, desired, actual);
}
