/** What the line of lenses shows between two of them. */
const BETWEEN = ' | ';

/**
 * How many titles fit into a line with a last one, which always stands there if not all fit.
 * @param titles the most important first; icons are written as `$(name)`
 * @param room characters
 * @param last the title of the rest
 */
export function fitting(titles: readonly string[], room: number, last: string): number {
  let left = roomBeside([last], room) + BETWEEN.length;
  let count = 0;
  for (const title of titles) {
    left -= width(title) + BETWEEN.length;
    if (left < 0) break;
    count += 1;
  }
  // The first one says how the invocation ended, which nothing else above the text does.
  return Math.max(1, count);
}

/** The characters that are left for one more lens beside these. */
export const roomBeside = (titles: readonly string[], room: number): number =>
  titles.reduce((left, title) => left - width(title) - BETWEEN.length, room);

/** An icon is as wide as two letters. */
const width = (title: string): number => title.replace(/\$\([^)]*\)/g, '  ').length;
