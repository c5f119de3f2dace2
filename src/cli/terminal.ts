import pc from 'picocolors';
import { wrap } from './wrap.ts';

/** How much further the second line of a paragraph is indented, in columns. */
const HANG = 2;

type Colors = ReturnType<typeof pc.createColors>;

/**
 * One of the two streams that a command writes to: stdout for results, stderr for everything else.
 */
export interface Terminal {
  /** Without effect where the stream is not a terminal, or NO_COLOR is set. */
  readonly colors: Colors;
  readonly isTTY: boolean;
  /** Columns that a line may have; undefined where lines may be of any length. */
  readonly width: number | undefined;
  /**
   * Writes text and a line break. Lines for a person are broken between words on a terminal, and further ones indented.
   */
  line(text?: string): void;
  write(data: string | Uint8Array): void;
}

/**
 * Begins a new line after the `^C` that a terminal echoes: the next output would be glued to it.
 * @param signal that came
 */
export function endEcho(signal: NodeJS.Signals): void {
  if (signal === 'SIGINT' && process.stdin.isTTY && process.stderr.isTTY) process.stderr.write('\n');
}

const fitted = (text: string, width: number): string =>
  text
    .split('\n')
    .flatMap((line) => wrap(line, width, HANG))
    .join('\n');

/** @param isForPerson whether its lines are for a person; those of others stay whole */
export function terminalOf(stream: NodeJS.WriteStream, isForPerson = false): Terminal {
  const isTTY = stream.isTTY === true;
  const { NO_COLOR, FORCE_COLOR } = process.env;
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0';
  const write = (data: string | Uint8Array): void => void stream.write(data);
  return {
    colors: pc.createColors(NO_COLOR ? false : isTTY || forced),
    isTTY,
    get width() {
      return isTTY ? stream.columns : undefined;
    },
    write,
    line: (text = '') => write(`${isTTY && isForPerson ? fitted(text, stream.columns) : text}\n`),
  };
}
