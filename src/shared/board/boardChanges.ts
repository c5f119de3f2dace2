import { GroupIndex } from '../setup.ts';
import type { BoardEntry } from './scheduleDocument.ts';

/** What an entry changes for a Task: it gets company, runs by itself again, or goes to other Tasks. */
export type TaskChange = 'fused' | 'split' | 'moved';

/** What an entry changes against the one that is in force before it. */
export interface EntryChanges {
  readonly tasks: ReadonlyMap<string, TaskChange>;
  /** In words, for screen readers and tooltips: `fuses a + b; c runs by itself`. Empty if nothing changes. */
  readonly words: string;
}

/**
 * What each entry changes, by their index in the text. Before the first entry, each Task runs by itself. Entries that
 * never count, because their second is wrong or comes again, change nothing.
 */
export function boardChanges(entries: readonly BoardEntry[]): ReadonlyMap<number, EntryChanges> {
  const counting = entries
    .map((entry, index) => ({ ...entry, index }))
    .filter(({ second, groups, isRepeated }) => second !== undefined && groups !== undefined && !isRepeated)
    .sort((one, other) => (one.second ?? 0) - (other.second ?? 0));
  const changes = new Map<number, EntryChanges>();
  let before: string[][] = [];
  for (const { index, groups = [] } of counting) {
    const now = groups.map(({ tasks }) => [...tasks]);
    changes.set(index, changesBetween(before, now));
    before = now;
  }
  return changes;
}

function changesBetween(before: readonly string[][], now: readonly string[][]): EntryChanges {
  const [old, next] = [
    new GroupIndex(before.map((group) => [...group])),
    new GroupIndex(now.map((group) => [...group])),
  ];
  const tasks = new Map<string, TaskChange>();
  for (const name of new Set([...before.flat(), ...now.flat()])) {
    const change = changeOf(name, old.of(name), next.of(name));
    if (change) tasks.set(name, change);
  }
  const known = new Set(before.map(keyOf));
  const fused = now.filter((group) => group.length > 1 && !known.has(keyOf(group)));
  const alone = [...tasks].flatMap(([name, change]) => (change === 'split' ? [name] : []));
  const words = [
    ...fused.map((group) => `fuses ${named(group, ' + ')}`),
    ...(alone.length === 0
      ? []
      : [`${named(alone, ', ')} ${alone.length === 1 ? 'runs by itself' : 'run by themselves'}`]),
  ];
  return { tasks, words: words.join('; ') };
}

/** How many names are said. */
const SAID = 6;

const named = (names: readonly string[], separator: string): string =>
  names.length <= SAID + 1
    ? names.join(separator)
    : `${names.slice(0, SAID).join(separator)} and ${names.length - SAID} more`;

function changeOf(name: string, before: readonly string[], now: readonly string[]): TaskChange | undefined {
  if (before.length === 1) return now.length === 1 ? undefined : 'fused';
  if (now.length === 1) return 'split';
  const stays = now.some((other) => other !== name && before.includes(other));
  return stays ? undefined : 'moved';
}

const keyOf = (group: readonly string[]): string => JSON.stringify([...group].sort());
