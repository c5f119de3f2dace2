import type { Setup } from '../shared/api.ts';

/** Who wants a setup: a person (or program), or an optimizer. */
export type Origin = 'manual' | 'optimizer';

export interface SetupRequest {
  /** `put` replaces the whole setup, `patch` makes these groups and leaves the rest. */
  kind: 'put' | 'patch';
  groups: Setup;
  origin: Origin;
  operation?: string | undefined;
  /** Refused with `revision` when the setup's revision is another one by then. */
  ifRevision?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** What a change in the queue is about. */
export type ChangeKind = { kind: 'deploy' | 'delete'; name: string } | { kind: 'setup'; request: SetupRequest };

/**
 * Whether an older change is void because of a newer one: a deploy of the same Task; a setup that replaces all, or that
 * says anew where each of the older one's names belongs.
 */
export function supersedes(newer: ChangeKind, older: ChangeKind | undefined): boolean {
  if (older === undefined) return false;
  if (newer.kind === 'deploy') return older.kind === 'deploy' && older.name === newer.name;
  if (newer.kind !== 'setup' || older.kind !== 'setup') return false;
  if (newer.request.kind === 'put') return true;
  const named = new Set(newer.request.groups.flat());
  return older.request.kind === 'patch' && older.request.groups.flat().every((name) => named.has(name));
}
