import type { BoardEntry } from '../../src/shared/board/scheduleDocument.ts';

/** An entry's place on the board. */
export interface ColumnPlace {
  /** The entry's index in the text. */
  readonly index: number;
  /** Pixels from the left edge. */
  readonly x: number;
  /** The seconds since the column before; undefined for the first one and for those out of time. */
  readonly gap: number | undefined;
  /** Whether the gap is longer than it is drawn. */
  readonly isBreak: boolean;
  /** Pixels between this column and the one before. */
  readonly space: number;
}

export interface BoardLayout {
  /** From left to right: by their seconds, then those that never count. */
  readonly columns: readonly ColumnPlace[];
  readonly width: number;
}

/** In pixels. */
export const COLUMN = 208;
const LEAST = 36;
const MOST = 96;
/** A gap of so many times the usual one is drawn as a break. */
const LONG = 4;

/** Where each column is: gaps grow with the time between two entries, up to a bound. */
export function layoutOf(entries: readonly BoardEntry[]): BoardLayout {
  const all = entries.map((entry, index) => ({ entry, index }));
  const counting = all
    .filter(({ entry }) => entry.second !== undefined && !entry.isRepeated)
    .sort((one, other) => (one.entry.second ?? 0) - (other.entry.second ?? 0));
  const others = all.filter(({ entry }) => entry.second === undefined || entry.isRepeated);
  const gaps = counting.slice(1).map(({ entry }, at) => (entry.second ?? 0) - (counting[at]?.entry.second ?? 0));
  const usual = [...gaps].sort((one, other) => one - other)[Math.floor(gaps.length / 2)] ?? 1;
  const columns: ColumnPlace[] = [];
  let x = 0;
  for (const [at, { index }] of [...counting, ...others].entries()) {
    const gap = at > 0 && at < counting.length ? gaps[at - 1] : undefined;
    const isBreak = gap !== undefined && gap > usual * LONG;
    const space = at === 0 ? 0 : spaceOf(gap, usual, isBreak);
    columns.push({ index, x: x + space, gap, isBreak, space });
    x += space + COLUMN;
  }
  return { columns, width: x };
}

function spaceOf(gap: number | undefined, usual: number, isBreak: boolean): number {
  if (gap === undefined || isBreak) return MOST;
  return Math.round(Math.min(MOST, Math.max(LEAST, (gap / usual) * LEAST)));
}

/**
 * Where the clock is on the axis: between the left edges of two columns, as far as the time between them has passed.
 * @returns pixels; undefined before the first entry, and without one
 */
export function clockPlace(
  { columns }: BoardLayout,
  entries: readonly BoardEntry[],
  seconds: number,
): number | undefined {
  const counting = columns.filter(({ index }) => entries[index]?.second !== undefined && !entries[index]?.isRepeated);
  const at = counting.findLastIndex(({ index }) => (entries[index]?.second ?? 0) <= seconds);
  const [last, next] = [counting[at], counting[at + 1]];
  if (last === undefined) return undefined;
  if (next === undefined) return last.x + COLUMN;
  const [from, to] = [entries[last.index]?.second ?? 0, entries[next.index]?.second ?? 0];
  return last.x + ((next.x - last.x) * (seconds - from)) / (to - from);
}

/** The columns that are seen between two places, in pixels. Found by halving: there may be thousands. */
export function columnsBetween(columns: readonly ColumnPlace[], left: number, right: number): readonly ColumnPlace[] {
  return columns.slice(firstAfter(columns, left - COLUMN), firstAfter(columns, right));
}

/** The number of columns whose left edge is before a place. */
function firstAfter(columns: readonly ColumnPlace[], place: number): number {
  let [low, high] = [0, columns.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((columns[middle]?.x ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
