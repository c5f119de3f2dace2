import type { PlatformFunction } from '../../../platform/platform.ts';
import { type TextMask, textMask } from '../../../secrets/mask.ts';

/** The functions that serve, and a number that changes whenever they do. */
export interface ServingFunctions {
  readonly generation: number;
  readonly functions: readonly PlatformFunction[];
}

/** The mask for the server's secrets and those of all functions: a Task may send its secrets to any other one. */
export class SecretsMask {
  readonly #own: readonly string[];
  readonly #serving: ServingFunctions;
  #generation = Number.NaN;
  #functions: ReadonlySet<PlatformFunction> = new Set();
  #secrets = '';
  #mask: TextMask;

  /** @param own the server's secrets */
  constructor(own: readonly string[], serving: ServingFunctions) {
    this.#own = own;
    this.#serving = serving;
    this.#mask = textMask(own);
  }

  /** @param ran functions that ran what is masked: they may have been replaced meanwhile */
  for(ran: ReadonlySet<PlatformFunction>): TextMask {
    const isNew = this.#generation !== this.#serving.generation;
    if (!isNew && [...ran].every((fn) => this.#functions.has(fn))) return this.#mask;
    this.#generation = this.#serving.generation;
    this.#functions = new Set([...this.#serving.functions, ...ran]);
    const secrets = [...new Set([...this.#own, ...[...this.#functions].flatMap((fn) => fn.secrets)])].sort();
    const key = JSON.stringify(secrets);
    // Making a mask is slow.
    if (key !== this.#secrets) this.#mask = textMask(secrets);
    this.#secrets = key;
    return this.#mask;
  }
}
