/** The longest delay of a Node.js timer, in milliseconds (24.8 days). With a longer one, it would fire at once. */
const LONGEST = 2 ** 31 - 1;

/** @returns a delay that setTimeout accepts: `milliseconds`, or the longest possible delay */
export function timerDelay(milliseconds: number): number {
  return Math.min(milliseconds, LONGEST);
}
