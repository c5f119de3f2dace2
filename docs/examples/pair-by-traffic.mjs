import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds between two looks at the traffic. */
const LOOK = 500;
/** Fewer remote calls than this say nothing yet. */
const ENOUGH = 20;

/** Fuses the two groups between which the most remote calls were made, again and again until no busy pair is left. */
export default {
  name: 'pair-by-traffic',

  async *setups(view) {
    const refused = new Set();
    while (!view.signal.aborted) {
      await delay(LOOK, undefined, { signal: view.signal });
      const setup = view.setup();
      const pair = busiestPair(view.traces(), setup, refused);
      if (pair === undefined) continue;
      const [one, other] = pair;
      const result = yield [...setup.filter((group) => group !== one && group !== other), [...one, ...other]];
      // Tasks of two runtimes, for example, cannot be fused: it would be in vain to ask again.
      if (!result.ok) refused.add(keyOf(one, other));
    }
  },
};

function busiestPair(traces, setup, refused) {
  const groupOf = (task) => setup.find((group) => group.includes(task));
  const pairs = new Map();
  for (const { caller, callee, local } of traces) {
    if (caller === null || local) continue;
    const [from, to] = [groupOf(caller), groupOf(callee)];
    // Deleted since, or fused since.
    if (from === undefined || to === undefined || from === to) continue;
    const key = keyOf(from, to);
    if (refused.has(key)) continue;
    const { calls } = pairs.get(key) ?? { calls: 0 };
    pairs.set(key, { pair: [from, to], calls: calls + 1 });
  }
  const [busiest] = [...pairs.values()].sort((a, b) => b.calls - a.calls);
  return busiest !== undefined && busiest.calls >= ENOUGH ? busiest.pair : undefined;
}

const keyOf = (one, other) =>
  [one, other]
    .map((group) => group.join('+'))
    .sort()
    .join(' ');
