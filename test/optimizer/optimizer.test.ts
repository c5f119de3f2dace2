import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ApplyResult, OptimizerView } from '../../src/optimizer/optimizer.ts';
import { runOptimizer } from '../../src/optimizer/run.ts';
import type { Setup } from '../../src/shared/setupApi.ts';

const view: OptimizerView = {
  signal: new AbortController().signal,
  tasks: () => [],
  setup: () => [],
  traces: () => [],
  seconds: () => 0,
};

/** Runs an optimizer that yields these, as a user's module in JavaScript might. */
async function run(
  yields: unknown[],
  apply: (setup: Setup) => Promise<void> = async () => {},
): Promise<{ told: ApplyResult[]; reported: string[] }> {
  const told: ApplyResult[] = [];
  const reported: string[] = [];
  async function* setups(): AsyncGenerator<Setup, void, ApplyResult> {
    for (const value of yields) told.push(yield value as Setup);
  }
  await runOptimizer({ name: 'test', setups }, view, apply, (error) => reported.push(String(error)));
  return { told, reported };
}

describe('an optimizer', () => {
  it('is told how each of its setups went, and goes on after one that failed', async () => {
    const applied: Setup[] = [];
    const { told } = await run([[['a', 'b']], [['c', 'd']], []], async (setup) => {
      applied.push(setup);
      if (applied.length === 2) throw new Error('no luck');
    });
    assert.deepEqual(told, [{ ok: true }, { ok: false, error: 'no luck' }, { ok: true }]);
    assert.deepEqual(applied, [[['a', 'b']], [['c', 'd']], []]);
  });

  it('that yields what is no setup is told so, and nothing of it is applied', async () => {
    const { told, reported } = await run([[['a', 'a'], ['B!']], 'nonsense', undefined, [[]]], async () =>
      assert.fail('applied'),
    );
    assert.ok(told.every((result) => !result.ok && /which is not a Fusion Setup such as/.test(result.error)));
    assert.match(reported[0] ?? '', /\[\["a","a"\],\["B!"\]\].*'a' is named twice/);
    assert.equal(reported.length, 4);
  });

  it('that throws is reported', async () => {
    const reported: string[] = [];
    const broken = {
      name: 'broken',
      setups: (): AsyncGenerator<Setup, void, ApplyResult> => {
        throw new Error('at once');
      },
    };
    await runOptimizer(
      broken,
      view,
      async () => {},
      (error) => reported.push(String(error)),
    );
    assert.deepEqual(reported, ['Error: at once']);
  });
});
