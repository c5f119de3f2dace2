import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Change, ChangeQueue } from '../../src/engine/changeQueue.ts';

const never = new AbortController().signal;

function change(names: string[], run: (signal: AbortSignal) => Promise<void>, supersedes = false): Change<void> {
  return { touches: () => new Set(names), supersedes: () => supersedes, run };
}

describe('the change queue', () => {
  it('never runs two changes of one Task at once, keeps their order, and runs all', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.subarray(['a', 'b', 'c', 'd'], { minLength: 1 }), { maxLength: 8 }),
        async (scheduler, changes) => {
          const queue = new ChangeQueue();
          const running = new Set<string>();
          const order = new Map<string, number[]>();
          const all = changes.map((names, index) =>
            queue.submit(
              change(names, async () => {
                for (const name of names) {
                  assert.ok(!running.has(name));
                  running.add(name);
                  order.set(name, [...(order.get(name) ?? []), index]);
                }
                await scheduler.schedule(Promise.resolve());
                for (const name of names) running.delete(name);
              }),
              never,
            ),
          );
          await scheduler.waitFor(Promise.all(all));
          for (const indexes of order.values())
            assert.deepEqual(
              indexes,
              [...indexes].sort((a, b) => a - b),
            );
          assert.ok(queue.idle);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('runs changes of different Tasks in parallel', async () => {
    const queue = new ChangeQueue();
    let meet: () => void = () => {};
    const met = new Promise<void>((resolve) => {
      meet = resolve;
    });
    await Promise.all([
      queue.submit(
        change(['a'], () => met),
        never,
      ),
      queue.submit(
        change(['b'], async () => meet()),
        never,
      ),
    ]);
  });

  it('tells a superseded change so, and waits for its end before its successor starts', async () => {
    const queue = new ChangeQueue();
    const events: string[] = [];
    const first = queue.submit(
      change(['a'], async (signal) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        events.push('cleaned up');
        throw new Error('aborted');
      }),
      never,
    );
    const second = queue.submit(
      change(['a'], async () => void events.push('second'), true),
      never,
    );
    await assert.rejects(first, /A newer request for the same Tasks superseded this one/);
    await second;
    assert.deepEqual(events, ['cleaned up', 'second']);
  });

  it('cancels a waiting change at once', async () => {
    const queue = new ChangeQueue();
    let end: () => void = () => {};
    const first = queue.submit(
      change(
        ['a'],
        () =>
          new Promise((resolve) => {
            end = resolve;
          }),
      ),
      never,
    );
    const controller = new AbortController();
    const second = queue.submit(
      change(['a'], async () => assert.fail('must not run')),
      controller.signal,
    );
    controller.abort(new Error('cancelled'));
    await assert.rejects(second, /cancelled/);
    end();
    await first;
  });
});
