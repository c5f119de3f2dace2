import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Frees memory that is not used any more. An idle V8 keeps the Buffers of ended answers for half a minute and longer,
 * as it does not need their memory itself. This blocks the process for some 50 ms, so it is for rare occasions only.
 */
export function collectGarbage(): void {
  // V8 reads this flag when it makes a context: no start option of Node.js is needed.
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('globalThis.gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect === 'function') collect();
}
