import type { Setup } from '../shared/setupApi.ts';

/** Who sets a setup: a person (or program), or an optimizer. */
export type Origin = 'manual' | 'optimizer';

export interface SetupRequest {
  /** `put` replaces the whole setup, `patch` makes these groups and leaves the rest. */
  kind: 'put' | 'patch';
  groups: Setup;
  origin: Origin;
  operation?: string | undefined;
  /** The change is refused with `revision` if the setup has another revision by then. */
  ifRevision?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** The subject of a change in the queue. */
export type ChangeKind = { kind: 'deploy' | 'delete'; name: string } | { kind: 'setup'; request: SetupRequest };

/**
 * Whether a newer change makes an older one pointless: a deploy of the same Task, a setup that replaces all, or a setup
 * that places each name of the older one again.
 */
export function supersedes(newer: ChangeKind, older: ChangeKind | undefined): boolean {
  if (older === undefined) return false;
  if (newer.kind === 'deploy') return older.kind === 'deploy' && older.name === newer.name;
  if (newer.kind !== 'setup' || older.kind !== 'setup') return false;
  if (newer.request.kind === 'put') return true;
  const named = new Set(newer.request.groups.flat());
  return older.request.kind === 'patch' && older.request.groups.flat().every((name) => named.has(name));
}
