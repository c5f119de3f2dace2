import type { Row } from '../setup/rows.ts';

/** The names of each Fusion Group's Tasks, by the group's key. */
export type Groups = ReadonlyMap<string, readonly string[]>;

/** Undefined while nothing is deployed, as before the server is connected. */
export function groupsOf(rows: readonly Row[]): Groups | undefined {
  const deployed = rows.some((row) => row.kind === 'group' || row.task !== undefined);
  return deployed ? new Map(groupsIn(rows)) : undefined;
}

/** The groups that a change has made. Those that were there when the server was connected are not new. */
export function newGroups(before: Groups | undefined, rows: readonly Row[]): readonly (readonly string[])[] {
  return groupsIn(rows).flatMap(([key, names]) => (before === undefined || before.has(key) ? [] : [names]));
}

const groupsIn = (rows: readonly Row[]): [string, readonly string[]][] =>
  rows.flatMap((row) => (row.kind === 'group' ? [[row.key, row.tasks.map(({ name }) => name)]] : []));
