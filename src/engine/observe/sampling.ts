import type { Hub } from './hub.ts';
import type { Traces } from './traces.ts';

/**
 * The largest number of invocations that become events each second: a sample shows that something happens, and the
 * traces have all.
 */
const PER_SECOND = 10;

/** @returns ends the sampling */
export function sampleInvocations(traces: Traces, hub: Hub): () => void {
  let second = 0;
  let sent = 0;
  return traces.subscribe((record) => {
    if (!hub.followed) return;
    const now = Math.floor(Date.now() / 1000);
    if (now !== second) {
      second = now;
      sent = 0;
    }
    if (sent >= PER_SECOND) return;
    sent += 1;
    hub.record('invocation', record);
  });
}
