/** What the line of lenses shows between two of them. */
const BETWEEN = ' | ';

/**
 * How many titles fit into a line with a last one, which always stands there if not all fit.
 * @param titles the most important first; icons are written as `$(name)`
 * @param room characters
 * @param last the title of the rest
 */
export function fitting(titles: readonly string[], room: number, last: string): number {
  let left = roomBeside([last], room) + textWidth(BETWEEN);
  let count = 0;
  for (const title of titles) {
    left -= textWidth(title) + textWidth(BETWEEN);
    if (left < 0) break;
    count += 1;
  }
  // The first one says how the invocation ended, which nothing else above the text does.
  return Math.max(1, count);
}

/** The characters that are left for one more lens beside these. */
export const roomBeside = (titles: readonly string[], room: number): number =>
  titles.reduce((left, title) => left - textWidth(title) - textWidth(BETWEEN), room);

/** Of the letters of a proportional font, in characters of average width. */
const WIDTHS: readonly [RegExp, number][] = [
  [/[iljtfrI.,:;|!'() ·-]/, 0.67],
  [/[mwMW@%]/, 1.77],
  [/\p{Lu}/u, 1.46],
  [/./u, 1.22],
];

/** How wide a text is shown, in characters of average width. An icon is as wide as two letters. */
export function textWidth(text: string): number {
  const letters = [...text.replace(/\$\([^)]*\)/g, 'nn')];
  return letters.reduce((sum, letter) => sum + (WIDTHS.find(([form]) => form.test(letter))?.[1] ?? 1), 0);
}
