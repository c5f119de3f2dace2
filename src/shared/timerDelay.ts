/** The longest that a timer of Node.js waits, in milliseconds (24.8 days); with more it would end at once. */
const LONGEST = 2 ** 31 - 1;

/** @returns what to give to setTimeout for so many milliseconds */
export function timerDelay(milliseconds: number): number {
  return Math.min(milliseconds, LONGEST);
}
