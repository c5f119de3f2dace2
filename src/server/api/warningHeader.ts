/**
 * The most that the header of warnings may have, in characters. Common clients and proxies take 8 KiB for all headers
 * of an answer.
 */
const LONGEST = 2048;
/** The longest single warning, before it is encoded. */
const LONGEST_ONE = 200;

/**
 * Warnings as the value of a header: percent-encoded, separated by `, `. What does not fit is counted.
 * @param all where all of them can be read
 */
export function warningHeader(warnings: readonly string[], all: string): string {
  const encoded = warnings.map((warning) => encode(shorten(warning)));
  const kept: string[] = [];
  let length = 0;
  for (const one of encoded) {
    length += one.length + 2;
    if (length > LONGEST) break;
    kept.push(one);
  }
  const left = encoded.length - kept.length;
  return left === 0 ? kept.join(', ') : [...kept, encode(`${left} more: ${all} has them`)].join(', ');
}

const shorten = (text: string): string => (text.length > LONGEST_ONE ? `${text.slice(0, LONGEST_ONE)}…` : text);

/** Half of a surrogate pair, as cutting may leave it, cannot be encoded. */
const encode = (text: string): string => encodeURIComponent(toWellFormed(text));

// Node.js 20 has String.prototype.toWellFormed, which the TypeScript library of our target does not know.
const toWellFormed = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');
