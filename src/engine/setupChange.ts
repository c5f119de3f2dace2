import type { Setup } from '../shared/setupApi.ts';
import { isSamePlace, type SourcePlace } from './deployedFrom.ts';

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

interface DeployChange {
  kind: 'deploy';
  name: string;
  /** Undefined for a client that does not say so. */
  from: SourcePlace | undefined;
  replace: boolean;
}

/** The subject of a change in the queue. */
export type ChangeKind = DeployChange | { kind: 'delete'; name: string } | { kind: 'setup'; request: SetupRequest };

/**
 * Whether a newer change makes an older one pointless: a deploy of the same Task from the same source, a setup that
 * replaces all, or a setup that places each name of the older one again.
 */
export function supersedes(newer: ChangeKind, older: ChangeKind | undefined): boolean {
  if (older === undefined) return false;
  if (newer.kind === 'deploy') return older.kind === 'deploy' && older.name === newer.name && mayReplace(newer, older);
  if (newer.kind !== 'setup' || older.kind !== 'setup') return false;
  if (newer.request.kind === 'put') return true;
  const named = new Set(newer.request.groups.flat());
  return older.request.kind === 'patch' && older.request.groups.flat().every((name) => named.has(name));
}

/** A deploy from another source waits for the older one, and is refused if that succeeds. */
function mayReplace({ from, replace }: DeployChange, older: DeployChange): boolean {
  return replace || from === undefined || older.from === undefined || isSamePlace(from, older.from);
}
