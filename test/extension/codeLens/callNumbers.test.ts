import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CallNumbers, type Numbers } from '../../../src/extension/codeLens/callNumbers.ts';

const of = (calls: number): Numbers => ({ calls, localCalls: 0, remoteCalls: 0, p50: 1 });
/** Lets promises that wait for nothing go on. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('numbers above handlers', () => {
  it('are read when they are shown, and again after invocations; only others are told', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1e6 });
    let calls = 1;
    const reads: string[] = [];
    let changes = 0;
    const numbers = new CallNumbers(
      async (task) => {
        reads.push(task);
        return of(calls);
      },
      () => {
        changes += 1;
      },
    );
    numbers.note();
    t.mock.timers.tick(10_000);
    assert.deepEqual(reads, [], 'nothing is shown yet');
    assert.equal((await numbers.show('a'))?.calls, 1);
    numbers.note();
    t.mock.timers.tick(10_000);
    await settle();
    assert.equal(changes, 0, 'they are the same');
    calls = 2;
    numbers.note();
    t.mock.timers.tick(10_000);
    await settle();
    assert.equal(changes, 1);
    const before = reads.length;
    numbers.note();
    t.mock.timers.tick(10_000);
    await settle();
    assert.equal(reads.length, before, 'the editor has not asked for them again');
    numbers.dispose();
  });

  it('are missing without a server, and for a Task that is gone', async () => {
    const without = new CallNumbers(
      () => undefined,
      () => assert.fail('nothing changes'),
    );
    assert.equal(await without.show('a'), undefined);
    const gone = new CallNumbers(
      () => Promise.reject(new Error('No such Task')),
      () => assert.fail('nothing changes'),
    );
    assert.equal(await gone.show('a'), undefined);
  });
});
