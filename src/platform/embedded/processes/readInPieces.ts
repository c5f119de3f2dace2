import type { Readable } from 'node:stream';

/** In bytes. Each of them may be a line. */
const PIECE = 2048;
/** After so many lines the rest waits for the next turn of the event loop. Each takes some microseconds. */
const LINES = 1000;

/**
 * Reads the output of a process in small pieces, a bounded number of lines in each turn of the event loop: whatever it
 * prints, the server answers requests meanwhile.
 * @param take handles a piece, and returns how many lines that took
 */
export function readInPieces(from: Readable, take: (piece: Buffer) => number): Readable {
  const takeFrom = (chunk: Buffer, start: number): void => {
    let lines = 0;
    for (let at = start; at < chunk.length; at += PIECE) {
      if (lines >= LINES) {
        from.pause();
        setImmediate(takeFrom, chunk, at);
        return;
      }
      lines += take(chunk.subarray(at, at + PIECE));
    }
    if (start > 0) from.resume();
  };
  return from.on('data', (chunk: Buffer) => takeFrom(chunk, 0));
}
