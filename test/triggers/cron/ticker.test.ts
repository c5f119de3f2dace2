import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Task } from '../../../src/task/task.ts';
import { parseFunctionYaml, parseRuntime } from '../../../src/task/yaml/functionYaml.ts';
import { Ticker } from '../../../src/triggers/cron/ticker.ts';

const NOON = Date.UTC(2025, 0, 1, 12);

/** A version of a Task with these triggers. */
function version(name: string, triggers: string): Task {
  const config = parseFunctionYaml(`spec:\n  triggers: ${triggers}\n`, 'function.yaml');
  const runtime = parseRuntime('python', 'function.yaml');
  return {
    name,
    version: 1,
    dir: '',
    hash: '',
    source: null,
    deployedAt: '',
    config,
    handler: '',
    runtimeName: 'python',
    runtime,
  };
}

const every = (interval: string): string => `{tick: {kind: cron, attributes: {interval: ${interval}}}}`;

/** A ticker in a time of its own, millisecond by millisecond. `fired` has the times of ticks, from 0. */
function bench(t: TestContext, tasks: Task[]) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: NOON });
  let time = 0;
  const events: (() => void)[] = [];
  const state = { tasks, fired: [] as string[], reports: [] as string[], hold: false };
  const ticker = new Ticker({
    tasks: () => state.tasks,
    fire: (task, trigger) => {
      state.fired.push(`${task}.${trigger.key}@${time}`);
      return state.hold ? new Promise((resolve) => events.push(resolve)) : Promise.resolve();
    },
    report: (_task, message) => state.reports.push(message),
    now: () => time,
  });
  return {
    state,
    ticker,
    /** Ends the events that are held. */
    release: () => {
      for (const resolve of events.splice(0)) resolve();
    },
    async pass(milliseconds: number) {
      for (let passed = 0; passed < milliseconds; passed += 1) {
        time += 1;
        t.mock.timers.tick(1);
        await Promise.resolve();
      }
    },
    /** The machine sleeps: clocks go on, timers do not. */
    sleep(milliseconds: number) {
      time += milliseconds;
      t.mock.timers.setTime(NOON + time);
    },
  };
}

describe('the clocks of cron triggers', () => {
  it('tick each interval, the first time one interval after the start', async (t) => {
    const { state, ticker, pass } = bench(t, [version('a', every('200ms')), version('b', every('310ms'))]);
    ticker.start();
    await pass(700);
    assert.deepEqual(state.fired, ['a.tick@200', 'b.tick@310', 'a.tick@400', 'a.tick@600', 'b.tick@620']);
  });

  it('keep their phase through any number of switches at any time', async (t) => {
    const { state, ticker, pass } = bench(t, [version('a', every('200ms'))]);
    ticker.start();
    for (let round = 0; round < 40; round += 1) {
      await pass(37);
      state.tasks = [version('a', every('200ms')), version(`other${round}`, '{}')];
      ticker.refresh();
    }
    assert.deepEqual(
      state.fired,
      [200, 400, 600, 800, 1000, 1200, 1400].map((time) => `a.tick@${time}`),
    );
  });

  it('start anew for a changed trigger, and stop for one that is gone', async (t) => {
    const { state, ticker, pass } = bench(t, [version('a', every('200ms'))]);
    ticker.start();
    await pass(250);
    state.tasks = [version('a', every('300ms'))];
    ticker.refresh();
    await pass(350);
    state.tasks = [];
    ticker.refresh();
    await pass(1000);
    assert.deepEqual(state.fired, ['a.tick@200', 'a.tick@550']);
  });

  it('do not tick before the start, nor after the stop', async (t) => {
    const { state, ticker, pass } = bench(t, [version('a', every('200ms'))]);
    ticker.refresh();
    await pass(500);
    const stop = ticker.start();
    await pass(300);
    stop();
    ticker.refresh();
    await pass(500);
    assert.deepEqual(state.fired, ['a.tick@700']);
  });

  it('leave ticks out while the last event runs, say so once for each such event, and keep their phase', async (t) => {
    const { state, ticker, pass, release } = bench(t, [version('a', every('200ms'))]);
    ticker.start();
    state.hold = true;
    await pass(900);
    release();
    state.hold = false;
    await pass(300);
    assert.deepEqual(state.fired, ['a.tick@200', 'a.tick@1000', 'a.tick@1200']);
    assert.deepEqual(state.reports, [
      "A tick of the cron trigger 'tick' is left out, and those that follow, until its last event has ended",
    ]);
  });

  it('tick once after the machine slept, not once for each tick that was missed, and keep their phase', async (t) => {
    const { state, ticker, pass, sleep } = bench(t, [version('a', every('200ms'))]);
    ticker.start();
    await pass(250);
    sleep(10_000);
    await pass(350);
    assert.deepEqual(state.fired, ['a.tick@200', 'a.tick@10251', 'a.tick@10400', 'a.tick@10600']);
    assert.match(state.reports.join(), /ticks 98\d\d ms late; the ticks since then are left out/);
  });

  it('follow a schedule in UTC', async (t) => {
    const { state, ticker, pass } = bench(t, [
      version('a', '{tick: {kind: cron, attributes: {schedule: "*/2 * * * * *"}}}'),
    ]);
    await pass(500);
    ticker.start();
    await pass(5000);
    assert.deepEqual(state.fired, ['a.tick@2000', 'a.tick@4000']);
  });

  it('of one Task are many, each by itself', async (t) => {
    const triggers =
      '{one: {kind: cron, attributes: {interval: 100ms}}, two: {kind: cron, attributes: {interval: 160ms}}, web: ' +
      '{kind: http}}';
    const { state, ticker, pass } = bench(t, [version('a', triggers)]);
    ticker.start();
    await pass(330);
    assert.deepEqual(state.fired, ['a.one@100', 'a.two@160', 'a.one@200', 'a.one@300', 'a.two@320']);
  });

  it('report a trigger that cannot tick, and go on with the others', async (t) => {
    const { state, ticker, pass } = bench(t, [version('a', every('soon')), version('b', every('200ms'))]);
    ticker.start();
    await pass(200);
    assert.deepEqual(state.fired, ['b.tick@200']);
    assert.match(state.reports.join(), /cron trigger 'tick': attributes.interval 'soon' is not a duration/);
  });
});
