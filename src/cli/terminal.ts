import pc from 'picocolors';

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
  /** Writes text and a line break. */
  line(text?: string): void;
  write(data: string | Uint8Array): void;
}

export function terminalOf(stream: NodeJS.WriteStream): Terminal {
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
    line: (text = '') => write(`${text}\n`),
  };
}
