import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FunctionReports } from '../../../src/engine/observe/functionReports.ts';
import { Hub } from '../../../src/engine/observe/hub.ts';
import { Logs } from '../../../src/engine/observe/logs.ts';
import { Ring } from '../../../src/engine/observe/ring.ts';
import { Traces } from '../../../src/engine/observe/traces.ts';
import type { LogRecord } from '../../../src/shared/api.ts';

const record = (task: string | null, message = 'said'): LogRecord => ({
  time: 0,
  level: 'info',
  message,
  with: {},
  task,
  function: null,
  trace: null,
  stream: 'log',
});

describe('a ring', () => {
  it('keeps the newest items that fit by number and size, in order, and knows the newest that it dropped', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), fc.integer({ min: 1, max: 8 }), fc.nat(50), (sizes, capacity, most) => {
        const ring = new Ring<number>(capacity, { most, sizeOf: (item) => item });
        let kept: number[] = [];
        let dropped: number | undefined;
        for (const size of sizes) {
          ring.push(size);
          kept.push(size);
          const total = (): number => kept.reduce((sum, item) => sum + item, 0);
          while (kept.length > capacity || (total() > most && kept.length > 1)) [dropped, ...kept] = kept as [number];
          assert.deepEqual([ring.toArray(), ring.size, ring.evicted], [kept, total(), dropped]);
        }
      }),
    );
  });
});

describe('what the server keeps is bounded by its size', () => {
  it('changes of a large setup', () => {
    const hub = new Hub();
    const first = hub.lastId;
    const groups = Array.from({ length: 5000 }, (_, index) => [`task-number-${index}`]);
    for (let change = 0; change < 300; change += 1) {
      hub.publish('setup', {
        revision: change,
        desired: groups,
        actual: [],
        origin: 'manual',
        waiting: groups.flat(),
        apart: [],
        functions: [],
        error: null,
      });
    }
    assert.equal(hub.since(first), undefined);
    const boot = first.slice(0, first.indexOf('-'));
    const kept = hub.since(`${boot}-299`) ?? [];
    assert.equal(kept.length, 1);
    const size = [...Array(300).keys()].filter((n) => hub.since(`${boot}-${n}`) !== undefined).length;
    assert.ok(size > 10 && size < 50, `${size} changes are kept`);
  });

  it('the records of a Task, and of all Tasks', () => {
    const logs = new Logs((said) => said);
    const message = 'x'.repeat(16_000);
    const kept = (task: string): number =>
      logs.find({ task }).reduce((sum, { message: text }) => sum + text.length, 0) / 1024 ** 2;
    for (let count = 0; count < 3000; count += 1) logs.push(record('loud', message), ['loud']);
    assert.ok(kept('loud') > 7 && kept('loud') < 8);
    logs.push(record('calm'), ['calm']);
    const others = Array.from({ length: 40 }, (_, index) => `other${index}`);
    for (const other of others) for (let count = 0; count < 100; count += 1) logs.push(record(other, message), [other]);
    const all = ['loud', ...others].reduce((sum, task) => sum + kept(task), 0);
    assert.ok(all > 16 && all < 33, `${all} MiB are kept`);
    assert.equal(logs.find({ task: 'calm' }).length, 1, 'the Tasks that log most lose most');
  });
});

describe('what a client missed', () => {
  const names = new Set(['task', 'log']);

  it('comes without the oldest records if these are too many', () => {
    const hub = new Hub();
    const first = hub.lastId;
    for (let count = 0; count < 10; count += 1)
      hub.record('log', { tasks: [], record: record(null, 'x'.repeat(1000)) });
    hub.publish('task', { name: 'a', task: null });
    hub.publish('operation', {} as never);
    const told = hub.since(first, { names, most: 5000 })?.map(({ n }) => n);
    assert.deepEqual(told, [7, 8, 9, 10, 11]);
  });

  it('is the whole state if the changes are too many', () => {
    const hub = new Hub();
    const first = hub.lastId;
    for (let count = 0; count < 300; count += 1) hub.publish('task', { name: 'a', task: null });
    assert.equal(hub.since(first, { names, most: 5000 }), undefined);
  });
});

describe('a function', () => {
  it('logs under the names of its own group only', () => {
    const logs = new Logs((said) => said);
    const reports = new FunctionReports(
      logs,
      new Traces(),
      () => undefined,
      () => undefined,
      () => '',
    );
    for (const task of ['a', 'b', null, 'victim', 'invented-1', '__proto__']) reports.log(record(task), ['a', 'b']);
    const found = (task: string): (string | null)[] => logs.find({ task }).map((one) => one.task);
    assert.deepEqual(found('a'), ['a', null, null, null, null]);
    assert.deepEqual(found('b'), ['b', null, null, null, null]);
    for (const task of ['victim', 'invented-1', '__proto__']) assert.deepEqual(found(task), []);
  });
});
