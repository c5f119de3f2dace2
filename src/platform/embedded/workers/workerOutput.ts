import type { Readable } from 'node:stream';
import type { TextMask } from '../../../secrets/mask.ts';
import type { LogLevel } from '../../../shared/api.ts';
import { LineReader } from '../processes/lineReader.ts';
import { readInPieces } from '../processes/readInPieces.ts';
import { usersLine } from './printedStack.ts';
import { PrintThrottle } from './printThrottle.ts';
import type { WorkerLog } from './workerMessages.ts';

/** The last lines that a worker printed, for the report of its end. */
const TAIL_LINES = 20;
const TAIL_LINE_LENGTH = 500;
/** V8 prints this on stderr, many lines before it aborts. */
const HEAP_FULL = 'JavaScript heap out of memory';

function linesIn(piece: Buffer): number {
  let count = 0;
  for (let at = piece.indexOf(0x0a); at >= 0; at = piece.indexOf(0x0a, at + 1)) count += 1;
  return count;
}

/** The prints and log records of a worker, on their way to the function's log. Their amount is bounded. */
export class WorkerOutput {
  readonly #mask: TextMask;
  readonly #log: (record: WorkerLog) => void;
  readonly #throttle: PrintThrottle;
  readonly #tail: string[] = [];
  /** V8 has reported that its heap is full. */
  heapFull = false;

  /**
   * @param name of the worker, for a reader
   * @param mask for secrets in prints; the logger's records are masked already
   * @param window in which the amount is bounded, in milliseconds
   */
  constructor(name: string, mask: TextMask, log: (record: WorkerLog) => void, window: number) {
    this.#mask = mask;
    this.#log = log;
    this.#throttle = new PrintThrottle(window, (dropped) => {
      this.say(
        'warn',
        `${name} prints and logs too much: ${Math.round(dropped / 1024)} KiB of it were dropped ` +
          `within ${window / 1000} s`,
      );
    });
  }

  /** The last lines that were printed, the newest last: at most 20 lines of 500 characters. */
  get tail(): string {
    return this.#tail.join('\n');
  }

  /** Reads one of the worker's streams. */
  follow(stream: 'stdout' | 'stderr', from: Readable | null): void {
    // The process could not be started.
    if (!from) return;
    const lines = new LineReader(this.#mask, (printed) => {
      const line = usersLine(printed);
      if (line === undefined) return;
      this.#tail.push(line.slice(0, TAIL_LINE_LENGTH));
      if (this.#tail.length > TAIL_LINES) this.#tail.shift();
      if (stream === 'stderr' && line.includes(HEAP_FULL)) this.heapFull = true;
      this.say(stream === 'stderr' ? 'warn' : 'info', line, stream);
    });
    readInPieces(from, (piece) => {
      if (this.#throttle.allow(piece.length, linesIn(piece))) return lines.push(piece);
      lines.gap();
      return 0;
    }).on('end', () => lines.end());
  }

  /** Passes on a record of the worker's logger. @param bytes the size of its frame */
  record(record: WorkerLog, bytes: number): void {
    if (this.#throttle.allow(bytes)) this.#log(record);
  }

  /** A line about the worker. */
  say(level: LogLevel, message: string, stream: WorkerLog['stream'] = 'log'): void {
    this.#log({ time: Date.now(), level, message, with: {}, task: null, trace: null, stream });
  }
}
