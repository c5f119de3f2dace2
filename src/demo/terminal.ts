import { clearLine, cursorTo } from 'node:readline';
import pc from 'picocolors';

/**
 * A line that changes during work and keeps its last state. Where the output is not a terminal, only the last state is
 * written.
 */
export class ProgressLine {
  readonly #out: NodeJS.WriteStream;
  #shown = 0;

  constructor(out: NodeJS.WriteStream = process.stdout) {
    this.#out = out;
  }

  /** Shown at most ten times a second. */
  update(text: string): void {
    if (!this.#out.isTTY || Date.now() - this.#shown < 100) return;
    this.#shown = Date.now();
    this.#clear();
    this.#out.write(pc.dim(text));
  }

  done(text: string): void {
    if (this.#out.isTTY) this.#clear();
    this.#out.write(`${text}\n`);
    this.#shown = 0;
  }

  #clear(): void {
    cursorTo(this.#out, 0);
    clearLine(this.#out, 0);
  }
}

const COLUMNS = 80;

/** Breaks a text at spaces into lines that fit a narrow terminal. `indent` goes before each line. */
export function wrapText(text: string, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && indent.length + line.length + 1 + word.length > COLUMNS) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => indent + one).join('\n');
}

export const count = (value: number): string => value.toLocaleString('en-US');

/** A duration of so many milliseconds with three significant digits, in a fitting unit. */
export function duration(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toPrecision(3)} s`;
  if (milliseconds >= 0.1) return `${milliseconds.toFixed(milliseconds < 10 ? 2 : 1)} ms`;
  return `${(milliseconds * 1000).toFixed(1)} µs`;
}
