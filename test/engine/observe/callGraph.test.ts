import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { CallGraph } from '../../../src/engine/observe/callGraph.ts';
import { Durations } from '../../../src/engine/observe/durations.ts';
import type { TraceRecord } from '../../../src/shared/api.ts';

const NOW = Date.UTC(2026, 0, 1);
const call = (caller: string | null, callee: string, more: Partial<TraceRecord> = {}): TraceRecord => ({
  trace: 't',
  span: 's',
  parent: null,
  caller,
  callee,
  local: false,
  start: NOW,
  duration: 1,
  status: 200,
  cold: false,
  group: [callee],
  setup: 'one',
  mode: 'sync',
  ...more,
});
const graphOf = (records: readonly TraceRecord[], earlier: readonly TraceRecord[] = [], now = () => NOW): CallGraph => {
  const graph = new CallGraph(async () => earlier, now);
  for (const record of records) graph.add(record);
  return graph;
};

describe('durations', () => {
  it('have quantiles within 5 %, however many they are, and added ones as if counted together', () => {
    const duration = fc.double({ min: 0.001, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(duration, { minLength: 1 }),
        fc.array(duration),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (some, others, share) => {
          const [one, other] = [new Durations(), new Durations()];
          for (const value of some) one.add(value);
          for (const value of others) other.add(value);
          one.addAll(other);
          const sorted = [...some, ...others].sort((a, b) => a - b);
          const right = sorted[Math.max(1, Math.ceil(sorted.length * share)) - 1] ?? 0;
          const found = one.quantile(share);
          assert.ok(found <= right * 1.05 && found >= right / 1.05, `${found} for ${right}`);
        },
      ),
    );
  });

  it('are 0 where there are none, and a microsecond where they are none', () => {
    const durations = new Durations();
    assert.equal(durations.quantile(0.5), 0);
    durations.add(0);
    assert.equal(durations.quantile(0.5), 0.001);
  });
});

describe('the graph of calls', () => {
  it('counts by caller, callee and kind', async () => {
    const { calls, setup, setups } = await graphOf([
      call(null, 'a', { duration: 10 }),
      call('a', 'b', { duration: 4, status: 500 }),
      call('a', 'b', { duration: 4, status: 0 }),
      call('a', 'b', { duration: 0.02, local: true, group: ['a', 'b'] }),
      call('a', 'b', { mode: 'async' }),
    ]).view('two', {});
    assert.equal(setup, 'two');
    assert.deepEqual(setups, [{ id: 'one', calls: 5, first: NOW, last: NOW }]);
    for (const { p50, p95 } of calls) assert.equal(p50, p95);
    const shown = calls.map(({ caller, callee, local, mode, group, count, failed, p50 }) =>
      [caller, callee, local, mode, group.join('+'), count, failed, Number(p50.toPrecision(1))].join(' '),
    );
    assert.deepEqual(shown, [
      ' a false sync a 1 0 10',
      'a b true sync a+b 1 0 0.02',
      'a b false sync b 2 2 4',
      'a b false async b 1 0 1',
    ]);
  });

  it('looks back as far as asked for, exact to 10 s', async () => {
    const graph = graphOf([0, 5, 70, 1000, 5000].map((ago) => call(null, 'a', { start: NOW - ago * 1000 })));
    const counts = [];
    for (const window of [10, 120, 3600, undefined]) counts.push((await graph.view('one', { window })).calls[0]?.count);
    assert.deepEqual(counts, [2, 3, 4, 5]);
  });

  it('knows setups apart and together, with the newest group', async () => {
    const graph = graphOf([
      call('a', 'b', { start: NOW - 1, setup: 'two', group: ['b', 'c'] }),
      call('a', 'b', { start: NOW - 9 }),
    ]);
    const of = async (setup?: string) =>
      (await graph.view('two', { setup })).calls.map((one) => [one.count, one.group]);
    assert.deepEqual(await of('one'), [[1, ['b']]]);
    assert.deepEqual(await of('two'), [[1, ['b', 'c']]]);
    assert.deepEqual(await of(), [[2, ['b', 'c']]]);
    assert.deepEqual(await of('none'), []);
    assert.deepEqual(
      (await graph.view('two', {})).setups.map(({ id }) => id),
      ['one', 'two'],
    );
  });

  it('adds those of earlier runs once, when somebody first looks', async () => {
    let reads = 0;
    const graph = new CallGraph(
      async () => {
        reads += 1;
        return [call(null, 'a', { start: NOW - 1e9 })];
      },
      () => NOW,
    );
    graph.add(call(null, 'a'));
    assert.equal(reads, 0);
    const [one, other] = await Promise.all([graph.view('one', {}), graph.view('one', {})]);
    assert.deepEqual([one.calls[0]?.count, other.calls[0]?.count, reads], [2, 2, 1]);
    assert.equal((await graph.view('one', { window: 3600 })).calls[0]?.count, 1);
  });

  it('stays bounded: old slots go, then windows get shorter, and the whole counts stay right', async () => {
    let now = NOW;
    const graph = graphOf([], [], () => now);
    // 200 pairs of Tasks that call each other all the time, for an hour.
    for (let slot = 0; slot < 360; slot += 1) {
      now += 10_000;
      for (let task = 0; task < 200; task += 1) graph.add(call('a', `task${task}`, { start: now }));
    }
    const count = async (window?: number) => (await graph.view('one', { window })).calls[0]?.count ?? 0;
    assert.equal(await count(), 360);
    assert.equal(await count(60), 7);
    assert.ok((await count(3600)) >= 50, 'windows are too short');
    assert.ok((await count(3600)) <= 100, 'more slots than there is room for');
  });

  it('drops the oldest pairs and setups where there are too many', async () => {
    const graph = graphOf(
      Array.from({ length: 5001 }, (_, n) => call(null, `task${n}`, { setup: `setup${Math.floor(n / 10)}` })),
    );
    const { calls, setups } = await graph.view('one', {});
    assert.equal(calls.length, 5000);
    assert.ok(!calls.some(({ callee }) => callee === 'task0'));
    assert.equal(setups.length, 100);
    assert.ok(setups.some(({ id }) => id === 'setup500'));
  });
});
