import { randomBytes } from 'node:crypto';

/** W3C trace context: https://www.w3.org/TR/trace-context/ */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}$/;
/** A later version may have more fields behind those of version 00; ff is no version. */
const LATER = /^(?!00|ff)[0-9a-f]{2}(-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2})(?:-.*)?$/;

export function parseTraceparent(value: string | undefined): { trace: string; span: string } | undefined {
  if (value === undefined) return undefined;
  const [, trace, span] = TRACEPARENT.exec(value) ?? TRACEPARENT.exec(`00${LATER.exec(value)?.[1]}`) ?? [];
  return trace === undefined || span === undefined ? undefined : { trace, span };
}

/**
 * Makes trace and span ids out of a random part per process and a counter. Random bytes for each event would cost more
 * than counting.
 */
export class IdSource {
  readonly #tracePrefix = randomBytes(11).toString('hex');
  readonly #spanPrefix = randomBytes(3).toString('hex');
  #count = 0;

  /** 32 hex digits. */
  trace(): string {
    return this.#tracePrefix + this.#next();
  }

  /** 16 hex digits. */
  span(): string {
    return this.#spanPrefix + this.#next();
  }

  #next(): string {
    this.#count += 1;
    return this.#count.toString(16).padStart(10, '0');
  }
}
