import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type PayloadSource, type RecentCall, RecentCalls } from '../../../src/extension/invoke/recentCalls.ts';
import { MemoryState } from '../../support/memoryState.ts';

const call = (source: PayloadSource, at: number): RecentCall => ({
  source,
  method: 'POST',
  path: '/',
  status: 200,
  duration: 1,
  at,
});
const text = (length: number): PayloadSource => ({ kind: 'text', text: 'x'.repeat(length) });

describe('recent calls', () => {
  it('of a payload document that was deleted are not those of another one in its place', async () => {
    const recent = new RecentCalls(new MemoryState());
    const [a, b] = ['/a.json', '/b.json'].map((path): PayloadSource => ({ kind: 'document', path }));
    assert.ok(a && b);
    await recent.add('taska', { ...call(a, 1), request: '1' });
    await recent.add('taska', { ...call(b, 2), request: '1' });
    await recent.forget('/a.json');
    const requests = recent.of('taska').map(({ request }) => request);
    assert.deepEqual(requests, ['1', ''], 'it can still be repeated, which says that it is gone');
  });

  it('are one for each payload, newest first', async () => {
    const recent = new RecentCalls(new MemoryState());
    await recent.add('taska', call({ kind: 'document', path: '/a.json' }, 1));
    await recent.add('taska', call({ kind: 'empty' }, 2));
    await recent.add('taska', call({ kind: 'document', path: '/a.json' }, 3));
    assert.deepEqual(
      recent.of('taska').map(({ source, at }) => [source.kind, at]),
      [
        ['document', 3],
        ['empty', 2],
      ],
    );
    assert.deepEqual(recent.of('taskb'), []);
  });

  it('have those without an answer, which can be repeated', async () => {
    const recent = new RecentCalls(new MemoryState());
    await recent.add('taska', { ...call({ kind: 'empty' }, 1), status: null });
    assert.deepEqual(recent.of('taska')[0]?.status, null);
    assert.equal(recent.lastTask, 'taska');
  });

  it('tell which Task was invoked last', async () => {
    const recent = new RecentCalls(new MemoryState());
    assert.equal(recent.lastTask, undefined);
    await recent.add('taska', call({ kind: 'empty' }, 1));
    await recent.add('taskb', call({ kind: 'empty' }, 2));
    assert.deepEqual(recent.tasks, ['taskb', 'taska']);
    await recent.add('taska', call({ kind: 'empty' }, 3));
    assert.equal(recent.lastTask, 'taska');
  });

  it('are bounded, whatever is invoked', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 1, max: 200_000 })), { maxLength: 80 }),
        async (sent) => {
          const store = new MemoryState();
          const recent = new RecentCalls(store);
          for (const [at, [task, length]] of sent.entries())
            await recent.add(`task${task}`, call(text(length), at + 1));
          assert.ok(recent.tasks.length <= 50);
          for (const task of recent.tasks) {
            const calls = recent.of(task);
            assert.ok(calls.length <= 10);
            assert.ok(JSON.stringify(calls).length < 110_000);
          }
        },
      ),
      { numRuns: 20 },
    );
  });
});
