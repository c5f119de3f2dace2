import { StringDecoder } from 'node:string_decoder';
import type { TextMask } from '../../../secrets/mask.ts';

/** A line longer than this is cut into several. */
const MAX_LINE = 16 * 1024;

/**
 * Splits the output of a process into lines and masks secrets in them. It does both because half of a secret is not
 * recognised: text that may be the beginning of one waits for the rest before a line is cut.
 */
export class LineReader {
  readonly #onLine: (line: string) => void;
  readonly #mask: TextMask;
  #decoder = new StringDecoder('utf8');
  #rest = '';
  /** The number of characters that may still belong to a secret whose beginning was left out. */
  #suspect = 0;

  constructor(mask: TextMask, onLine: (line: string) => void) {
    this.#mask = mask;
    this.#onLine = onLine;
  }

  /** @returns how many lines that was */
  push(chunk: Buffer): number {
    const lines = (this.#rest + this.#withoutSuspect(this.#decoder.write(chunk))).split(/\r?\n/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#onLine(this.#mask(line));
    const most = MAX_LINE + this.#mask.reach;
    if (this.#rest.length > most) this.#rest = this.#mask(this.#rest);
    while (this.#rest.length > most) {
      this.#onLine(this.#rest.slice(0, MAX_LINE));
      this.#rest = this.#rest.slice(MAX_LINE);
    }
    return lines.length;
  }

  /**
   * Output was left out here. The end of the last line and the start of the next one are dropped, too, as they may be
   * parts of a secret.
   */
  gap(): void {
    const masked = this.#mask(this.#rest);
    if (masked.length > this.#mask.reach) this.#onLine(masked.slice(0, -this.#mask.reach));
    this.#rest = '';
    this.#suspect = this.#mask.reach;
    this.#decoder = new StringDecoder('utf8');
  }

  /** The output has ended: a rest without a newline is a line, too. */
  end(): void {
    if (this.#rest !== '') this.#onLine(this.#mask(this.#rest));
    this.#rest = '';
  }

  #withoutSuspect(text: string): string {
    if (this.#suspect === 0) return text;
    const newline = text.indexOf('\n');
    const inLine = newline === -1 ? text.length : newline + 1;
    const left = text.slice(Math.min(this.#suspect, inLine));
    this.#suspect = newline === -1 ? Math.max(0, this.#suspect - text.length) : 0;
    return left;
  }
}
