/** Comments and directives that may stand between two documents, in lines. */
const MOST_LINES_BETWEEN = 20;

/**
 * What is said of a second document. It names the lines that are there: with others, the advice cannot be followed.
 * @param place where its content begins, or the line --- before it
 */
export function secondDocument(text: string, place: number): string {
  // The end of the first one may be marked, too.
  const before = text.slice(0, place).trimEnd().split('\n').slice(-MOST_LINES_BETWEEN);
  const ends = before.some((line) => /^\.\.\.(\s|$)/.test(line));
  const begins = /^---(\s|$)/.test(text.slice(place, place + '---\n'.length));
  const marks = ends && begins ? 'lines ... and ---' : ends ? 'line ... before it' : 'line ---';
  return (
    'a second document begins here: Nuclio reads the first one only, so it has no effect. ' +
    `Remove it, or the ${marks}`
  );
}
