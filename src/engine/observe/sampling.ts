import type { Hub } from './hub.ts';
import type { Traces } from './traces.ts';

/**
 * Invocations told as events, at most so many each second: a sample shows that something happens, the traces have all.
 */
const PER_SECOND = 10;

/** @returns ends the sampling */
export function sampleInvocations(traces: Traces, hub: Hub): () => void {
  let second = 0;
  let told = 0;
  return traces.subscribe((record) => {
    if (!hub.followed) return;
    const now = Math.floor(Date.now() / 1000);
    if (now !== second) {
      second = now;
      told = 0;
    }
    if (told >= PER_SECOND) return;
    told += 1;
    hub.record('invocation', record);
  });
}
