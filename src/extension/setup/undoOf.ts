import { normalForm, patchSetup, sameGroup } from '../../shared/setup.ts';
import type { Setup } from '../../shared/setupApi.ts';
import type { SetupChange } from './setupHistory.ts';

/** What undoing a change means now. */
export interface Undo {
  /** The groups to make. Empty if they are there already. */
  readonly groups: Setup;
  /** The desired setup that results. */
  readonly result: Setup;
  /** Whether anybody has changed the setup since: another window, a schedule, or this window by a later change. */
  readonly isOutdated: boolean;
}

/**
 * @param now the desired setup, which anybody may have changed
 * @param deployed the names of the deployed Tasks
 */
export function undoOf({ before, after, waiting }: SetupChange, now: Setup, deployed: readonly string[]): Undo {
  // A Task that was deleted does not come back.
  const known = new Set([...deployed, ...waiting]);
  const groups = groupsToRestore(before, after)
    .map((group) => group.filter((name) => known.has(name)))
    .filter(({ length }) => length > 0);
  const result = patchSetup(now, groups);
  const isThere = normalForm(result) === normalForm(now);
  return { groups: isThere ? [] : groups, result, isOutdated: normalForm(now) !== normalForm(after) };
}

/** The groups of `before` that `after` does not have, and by themselves the Tasks that `before` does not fuse. */
function groupsToRestore(before: Setup, after: Setup): Setup {
  const missing = (one: Setup, other: Setup): Setup =>
    one.filter((group) => group.length > 1 && !other.some((same) => sameGroup(same, group)));
  const restored = missing(before, after);
  const placed = new Set(restored.flat());
  const dissolved = missing(after, before).flat();
  return [...restored, ...dissolved.filter((name) => !placed.has(name)).map((name) => [name])];
}
