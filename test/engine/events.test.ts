import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Metrics } from '../../src/engine/observe/metrics.ts';
import { startCron } from '../../src/triggers/cron/cronEvents.ts';
import { TestEngine } from '../fakes/engine.ts';
import { saying } from '../support/tasks.ts';
import { until } from '../support/until.ts';

const cron = (main: string, interval = '20ms') => ({
  ...saying('', 'nodejs', `  triggers: {tick: {kind: cron, attributes: {interval: ${interval}, event: {body: hi}}}}\n`),
  'main.js': main,
});
const ANSWERING = "exports.handler = (c, e) => c.callback(e.trigger.kind + ' ' + e.trigger.name + ' ' + e.body);";

describe("the hub's events", () => {
  it('tell each Task that a change touched, the setup, and the operation', async (t) => {
    const engine = await TestEngine.start(t);
    await engine.deploy('a', saying('a'));
    await engine.deploy('b', saying('b'));
    engine.events.length = 0;
    await engine.put([['a', 'b']]);
    const tasks = engine.events.flatMap(({ name, data }) => (name === 'task' && 'task' in data ? [data] : []));
    assert.deepEqual(tasks.map(({ name, task }) => [name, task?.group]).sort(), [
      ['a', ['a', 'b']],
      ['b', ['a', 'b']],
    ]);
    const setup = engine.events.findLast(({ name }) => name === 'setup');
    assert.deepEqual(setup?.data, engine.fusionizer.setupView());
    assert.ok(engine.events.some(({ name, data }) => name === 'operation' && 'state' in data && data.state === 'done'));
    engine.events.length = 0;
    await engine.fusionizer.delete('a');
    assert.ok(engine.events.some(({ name, data }) => name === 'task' && 'task' in data && data.task === null));
  });

  it('tell a crash loop, and its end', async (t) => {
    const engine = await TestEngine.start(t);
    const flaky = "let left = 3; exports.handler = (c) => { if (left-- > 0) process.exit(1); c.callback('up'); };";
    await engine.deploy('a', { ...saying(''), 'main.js': flaky });
    engine.events.length = 0;
    for (let count = 0; count < 4; count += 1) await engine.invoke('a');
    const states = engine.events.flatMap(({ data }) => ('task' in data && data.task ? [data.task.state] : []));
    assert.deepEqual(states, ['crash-loop', 'ready']);
  });

  it('tell nothing of a function that does not serve yet', async (t) => {
    const engine = await TestEngine.start(t);
    await engine.deploy('a', saying('a'));
    const old = engine.platform.functions[0] ?? assert.fail();
    await engine.deploy('a', saying('a2'));
    await engine.settled();
    engine.events.length = 0;
    engine.fusionizer.reports.stateChanged(old);
    assert.deepEqual(engine.events, []);
  });
});

describe('the load of a function', () => {
  it('is in views and metrics', async (t) => {
    const engine = await TestEngine.start(t);
    await engine.deploy('a', saying('a', 'nodejs', '  triggers: {web: {kind: http, numWorkers: 3}}\n'));
    const fn = engine.platform.functions[0] ?? assert.fail();
    fn.busySince = Date.parse('2026-01-01T00:00:00.000Z');
    assert.equal(engine.fusionizer.setupView().functions[0]?.workers, 3);
    assert.equal(engine.fusionizer.taskView('a').busySince, '2026-01-01T00:00:00.000Z');
    const text = await new Metrics(engine).text();
    assert.match(text, new RegExp(`^fusionizer_workers\\{function="${fn.name}"\\} 3$`, 'm'));
    assert.match(text, new RegExp(`^fusionizer_waiting_events\\{function="${fn.name}"\\} 0$`, 'm'));
  });

  it('is null, and no sample, where the platform cannot know it', async (t) => {
    const engine = await TestEngine.start(t, { hidesLoad: true });
    await engine.deploy('a', saying('a'));
    assert.equal(engine.fusionizer.setupView().functions[0]?.workers, null);
    assert.equal(engine.fusionizer.taskView('a').busySince, null);
    assert.doesNotMatch(await new Metrics(engine).text(), /^fusionizer_(workers|worker_restarts|waiting_events)\{/m);
  });
});

describe('events of triggers', () => {
  it('are outer invocations, with the name that the Task gave its trigger', async (t) => {
    const engine = await TestEngine.start(t);
    await engine.deploy('a', cron(ANSWERING, '1h'));
    await engine.deploy('b', saying('b'));
    await engine.put([['a', 'b']]);
    const delivery = await engine.delivery.deliver({
      task: 'a',
      trigger: { kind: 'cron', name: 'tick' },
      method: '',
      path: '',
      headers: {},
      contentType: '',
      timestamp: 0,
      body: Buffer.from('hi'),
    });
    assert.equal(String(delivery?.answer?.body), 'cron tick hi');
    assert.equal(delivery?.function, engine.fn('a').name);
    const [record] = engine.traces.find({ task: 'a' });
    assert.deepEqual(
      [record?.trace, record?.caller, record?.local, record?.status, record?.group],
      [delivery?.trace, null, false, 200, ['a', 'b']],
    );
    assert.equal(engine.runningEvents.count, 0);
  });

  it('of cron reach the function that serves, across all changes, until the Task is deleted', async (t) => {
    const engine = await TestEngine.start(t);
    const stop = startCron(engine.delivery, (...record) => engine.serverLog.writeOf(...record));
    t.after(stop);
    await engine.deploy('a', cron(ANSWERING));
    await engine.deploy('b', saying('b'));
    const groups = (): string[] => engine.traces.find({ task: 'a' }).map(({ group }) => group.join('+'));
    await until('a tick', () => groups().includes('a'));
    await engine.put([['a', 'b']]);
    await until('a tick in the group', () => groups().includes('a+b'));
    await engine.deploy('a', { ...cron(ANSWERING), 'other.txt': '' });
    const count = groups().length;
    await until('a tick of the new version', () => groups().length > count);
    assert.ok(engine.traces.find({ task: 'a' }).every(({ status }) => status === 200));
    await engine.fusionizer.delete('a');
    assert.deepEqual(
      engine.delivery.tasks().map(({ name }) => name),
      ['b'],
    );
  });

  it('of cron that fail are logged with Task, function and trace', async (t) => {
    const engine = await TestEngine.start(t);
    t.after(startCron(engine.delivery, (...record) => engine.serverLog.writeOf(...record)));
    await engine.deploy('a', cron("exports.handler = (c) => c.callback([418, 'short and stout']);"));
    const record = await until('the log record', () => engine.records.find(({ level }) => level === 'error'));
    const [first] = engine.traces.find({ task: 'a' });
    assert.deepEqual(
      [record.message, record.task, record.function, record.trace],
      [
        "An event of the cron trigger 'tick' failed: status 418: short and stout",
        'a',
        engine.fn('a').name,
        first?.trace,
      ],
    );
  });

  it('of cron that find no worker are logged with what helps', async (t) => {
    const engine = await TestEngine.start(t);
    t.after(startCron(engine.delivery, (...record) => engine.serverLog.writeOf(...record)));
    const web = 'web: {kind: http, workerAvailabilityTimeoutMilliseconds: 5}';
    const tick = 'tick: {kind: cron, attributes: {interval: 20ms}}';
    const main = "exports.handler = (c, e) => { if (e.trigger.kind === 'cron') c.callback('x'); };";
    await engine.deploy('a', { ...saying('', 'nodejs', `  triggers: {${web}, ${tick}}\n`), 'main.js': main });
    const hanging = engine.invoke('a');
    const record = await until('the log record', () => engine.records.find(({ level }) => level === 'error'));
    assert.match(record.message, /'tick' failed: status 503, as when no worker is free.*a larger numWorkers/);
    await engine.fusionizer.close();
    await hanging;
  });

  it('of cron are not sent for a deploy that fails', async (t) => {
    const engine = await TestEngine.start(t);
    t.after(startCron(engine.delivery, (...record) => engine.serverLog.writeOf(...record)));
    await engine.deploy('a', cron(ANSWERING, '1h'));
    await assert.rejects(engine.deploy('a', cron("throw new Error('no');")), /no/);
    await engine.deploy('b', cron(ANSWERING));
    await until('ticks of another Task', () => engine.traces.find({ task: 'b' }).length > 3);
    assert.deepEqual(engine.traces.find({ task: 'a' }), []);
  });

  it('are left to a platform that runs triggers itself', async (t) => {
    const engine = await TestEngine.start(t, { runsTriggers: true });
    await engine.deploy('a', cron(ANSWERING));
    assert.deepEqual(engine.delivery.tasks(), []);
    const event = { task: 'a', trigger: { kind: 'cron', name: 'tick' }, method: '', path: '', headers: {} };
    const rest = { contentType: '', timestamp: 0, body: Buffer.alloc(0) };
    assert.equal(await engine.delivery.deliver({ ...event, ...rest }), undefined);
  });

  it('fail with the error of the platform, which is no answer', async (t) => {
    const engine = await TestEngine.start(t);
    await engine.deploy('a', cron(ANSWERING, '1h'));
    const fn = engine.fn('a');
    fn.deliver = () => Promise.reject(new Error('out of reach'));
    const event = { task: 'a', trigger: { kind: 'cron', name: 'tick' }, method: '', path: '', headers: {} };
    const delivery = await engine.delivery.deliver({ ...event, contentType: '', timestamp: 0, body: Buffer.alloc(0) });
    assert.deepEqual([delivery?.answer, delivery?.error], [undefined, 'out of reach']);
    assert.equal(engine.traces.find({ task: 'a' })[0]?.status, 0);
  });
});
