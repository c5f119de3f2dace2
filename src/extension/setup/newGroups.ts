import type { Row } from '../setup/rows.ts';

/** The names of each Fusion Group's Tasks, by the group's key. */
export type Groups = ReadonlyMap<string, readonly string[]>;

export function groupsOf(rows: readonly Row[]): Groups {
  return new Map(
    rows.flatMap((row) => (row.kind === 'group' ? [[row.key, row.tasks.map(({ name }) => name)] as const] : [])),
  );
}

/** The names of the Tasks of each group that was not there before. */
export function newGroups(before: Groups, rows: readonly Row[]): readonly (readonly string[])[] {
  return [...groupsOf(rows)].flatMap(([key, names]) => (before.has(key) ? [] : [names]));
}
