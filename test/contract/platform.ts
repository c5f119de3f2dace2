import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { FunctionResponse, InFlightEvent, PlatformFunction } from '../../src/platform/platform.ts';
import type { Files } from '../support/server.ts';
import { functionYaml, saying } from '../support/tasks.ts';
import { until } from '../support/until.ts';
import { Harness, type MakePlatform } from './harness.ts';

let spans = 0;

function event(fn: PlatformFunction): { inFlight: InFlightEvent; ids: { trace: string; span: string } } {
  spans += 1;
  const span = spans.toString(16).padStart(16, '0');
  const link = { task: fn.group[0] ?? '', depth: 1, above: undefined };
  const inFlight: InFlightEvent = { fn, parent: undefined, link, waiting: 0, client: undefined };
  return { inFlight, ids: { trace: span.padStart(32, '0'), span } };
}

function invoke(fn: PlatformFunction, task: string, body = ''): Promise<FunctionResponse> {
  const { inFlight, ids } = event(fn);
  // The Dispatcher finds the Task by the server's own header.
  const headers = ['Task-Name', task];
  const request = { task, method: 'POST', target: '/', headers, body: Buffer.from(body), parent: undefined };
  return fn.invoke({ ...request, ...ids }, inFlight);
}

async function answerOf(fn: PlatformFunction, task: string): Promise<string> {
  const { status, body } = await invoke(fn, task);
  assert.equal(status, 200, String(body));
  return String(body);
}

const code = (main: string, spec = ''): Files => ({ 'function.yaml': functionYaml('nodejs', spec), 'main.js': main });

/** Makes `<flag>.begun`, and answers when the file `flag` is there. */
const waiting = (flag: string): string => `const fs = require('node:fs');
exports.handler = (context) => {
  fs.writeFileSync(${JSON.stringify(`${flag}.begun`)}, '');
  const timer = setInterval(() => {
    if (!fs.existsSync(${JSON.stringify(flag)})) return;
    clearInterval(timer);
    context.callback('waited');
  }, 5);
};
`;

/** Shows what a handler sees of a trigger's event. */
const SEEING = `exports.handler = (context, { trigger, method, path, headers, content_type, body, timestamp }) =>
  context.callback(JSON.stringify({
    kind: trigger.kind, name: trigger.name, method, path, x: headers['x-own'], type: content_type,
    body: body.toString(), time: Number(timestamp),
  }));
`;

/** The rules of `platform.ts`, for any platform: one suite for the embedded, the fake and every later one. */
export function platformContract(suite: string, make: MakePlatform): void {
  describe(suite, () => {
    it('deploys a function that answers for each of its Tasks, and reports its stage', async (t) => {
      const harness = await Harness.start(t, make);
      const stages: string[] = [];
      const fn = await harness.deploy(
        { a: saying('I am a'), b: saying('I am b') },
        { stage: (stage) => stages.push(stage) },
      );
      assert.deepEqual([await answerOf(fn, 'a'), await answerOf(fn, 'b')], ['I am a', 'I am b']);
      assert.deepEqual([[...fn.group].sort(), fn.state, fn.crash], [['a', 'b'], 'ready', undefined]);
      assert.equal(stages.at(-1), 'start');
      assert.notDeepEqual(await harness.running(), []);
    });

    it('runs two functions at once, of the same Task too', async (t) => {
      const harness = await Harness.start(t, make);
      const [one, two] = await Promise.all([
        harness.deploy({ a: saying('one') }),
        harness.deploy({ a: { ...saying('two'), 'other.txt': 'x' } }),
      ]);
      assert.notEqual(one.name, two.name);
      assert.deepEqual([await answerOf(one, 'a'), await answerOf(two, 'a')].sort(), ['one', 'two']);
      const [first, second] = [await answerOf(one, 'a'), await answerOf(two, 'a')];
      await one.retire();
      assert.notEqual(first, second);
      assert.equal(await answerOf(two, 'a'), second);
    });

    it('refuses what it cannot run before it builds, and leaves nothing', async (t) => {
      const harness = await Harness.start(t, make);
      const trigger = { kind: 'no-such-trigger' };
      assert.throws(
        () =>
          harness.platform.check({ spec: { triggers: { odd: trigger } } }, { family: 'nodejs', version: undefined }),
        (error: { code?: unknown; message: string }) => error.code === 'task' && error.message.includes("'odd'"),
      );
      assert.deepEqual(await harness.running(), []);
    });

    it('leaves nothing of a function that cannot start, and says why', async (t) => {
      const harness = await Harness.start(t, make);
      const broken = code("exports.initContext = () => { throw new Error('no luck'); };\nexports.handler = () => {};");
      await assert.rejects(
        harness.deploy({ good: saying('good'), bad: broken }),
        (error: { code?: unknown; message: string }) => error.code === 'task' && error.message.includes('no luck'),
      );
      assert.deepEqual(await harness.running(), []);
      assert.deepEqual(await harness.platform.leftovers(), []);
    });

    it('ends a deploy that is cancelled with the reason of its signal, and leaves nothing', async (t) => {
      const harness = await Harness.start(t, make);
      const slow = code(
        'exports.initContext = () => new Promise(() => { setInterval(() => {}, 1000); });\nexports.handler = () => {};',
      );
      const controller = new AbortController();
      const reason = new Error('cancelled on purpose');
      const deploy = harness.deploy(
        { slow },
        { signal: controller.signal, stage: () => setImmediate(() => controller.abort(reason)) },
      );
      await assert.rejects(deploy, (error) => error === reason || (error as Error).cause === reason);
      assert.deepEqual(await harness.running(), []);
    });

    it('answers a handler that fails with 500, and serves on', async (t) => {
      const harness = await Harness.start(t, make);
      const failing = code(
        "exports.handler = (c, e) => { if (e.body.toString() === 'fail') throw new Error('no'); c.callback('x'); };",
      );
      const fn = await harness.deploy({ a: failing });
      assert.equal((await invoke(fn, 'a', 'fail')).status, 500);
      assert.equal(await answerOf(fn, 'a'), 'x');
    });

    it('answers the event that ends its worker with 500, and serves on', async (t) => {
      const harness = await Harness.start(t, make);
      const crashing = code(
        "exports.handler = (c, e) => { if (e.body.toString() === 'exit') process.exit(3); c.callback('x'); };",
      );
      const fn = await harness.deploy({ a: crashing });
      assert.equal((await invoke(fn, 'a', 'exit')).status, 500);
      assert.equal(await answerOf(fn, 'a'), 'x');
      const load = fn.load();
      if (load) assert.equal(load.restarts, 1);
    });

    it('reports a crash loop, and its end', async (t) => {
      const harness = await Harness.start(t, make);
      const crashing = code(
        "exports.handler = (c, e) => { if (e.body.toString() === 'exit') process.exit(3); c.callback('x'); };",
      );
      const fn = await harness.deploy({ a: crashing });
      for (let count = 0; count < 3; count += 1) assert.equal((await invoke(fn, 'a', 'exit')).status, 500);
      await until('the crash loop', () => fn.state === 'crash-loop');
      assert.ok(fn.crash);
      assert.equal(await answerOf(fn, 'a'), 'x');
      await until('the end of the crash loop', () => fn.state === 'ready');
      assert.equal(fn.crash, undefined);
      assert.deepEqual(harness.changed, [fn, fn]);
    });

    it('retires a function when its running and waiting events have ended', async (t) => {
      const harness = await Harness.start(t, make);
      const flag = path.join(harness.dir, 'flag');
      const fn = await harness.deploy({ a: code(waiting(flag)) });
      const events = [invoke(fn, 'a'), invoke(fn, 'a')];
      await until('the event to run', () => existsSync(`${flag}.begun`));
      let gone = false;
      const retired = fn.retire().then(() => {
        gone = true;
      });
      assert.equal(gone, false);
      await writeFile(flag, '');
      for (const answer of await Promise.all(events)) assert.equal(String(answer.body), 'waited');
      await retired;
      assert.deepEqual(await harness.running(), []);
    });

    it('ends all functions when it closes: events that still run fail', async (t) => {
      const harness = await Harness.start(t, make);
      const flag = path.join(harness.dir, 'never');
      const fn = await harness.deploy({ a: code(waiting(flag)) });
      await harness.deploy({ b: saying('b') });
      const running = invoke(fn, 'a');
      await until('the event to run', () => existsSync(`${flag}.begun`));
      await harness.platform.close({ keep: false });
      assert.equal((await running).status, 500);
      assert.deepEqual(await harness.running(), []);
    });

    it('is adopted by the next run of the server, or ends with this one', async (t) => {
      const harness = await Harness.start(t, make);
      const fn = await harness.deploy({ a: saying('still here') });
      const { name, group, saved } = fn;
      await harness.platform.close({ keep: true });
      const next = await harness.next();
      t.after(() => next.close({ keep: false }));
      const adopted = await next.adopt({ name, group, saved });
      assert.equal(adopted === undefined, saved === undefined);
      if (adopted === undefined) assert.deepEqual(await harness.running(), []);
      else {
        assert.equal(await answerOf(adopted, 'a'), 'still here');
        assert.deepEqual(JSON.parse(JSON.stringify(adopted.saved)), saved);
        assert.deepEqual(await next.leftovers(), []);
      }
      assert.equal(await next.adopt({ name: 'never-deployed', group, saved }), undefined);
    });

    it('lists functions of an earlier run that were not adopted, and removes them', async (t) => {
      const harness = await Harness.start(t, make);
      const fn = await harness.deploy({ a: saying('a') });
      assert.deepEqual(await harness.platform.leftovers(), []);
      await assert.rejects(harness.platform.remove(fn.name), { code: 'platform' });
      assert.equal(await answerOf(fn, 'a'), 'a');
      await harness.platform.close({ keep: true });
      const next = await harness.next();
      t.after(() => next.close({ keep: false }));
      assert.deepEqual(await next.leftovers(), fn.saved === undefined ? [] : [fn.name]);
      await next.remove(fn.name);
      assert.deepEqual(await next.leftovers(), []);
      assert.deepEqual(await harness.running(), []);
    });

    it('delivers the event of a trigger unchanged, if the server runs the triggers', async (t) => {
      const harness = await Harness.start(t, make);
      const spec = '  triggers: {tick: {kind: cron, attributes: {interval: 1h}}}\n';
      const fn = await harness.deploy({ a: code(SEEING, spec), b: saying('b') });
      if (!fn.deliver) return t.diagnostic('this platform runs triggers itself');
      const { inFlight, ids } = event(fn);
      const sent = {
        method: 'PUT',
        path: '/x y',
        headers: { 'x-own': 'one', 'Task-Name': 'a' },
        body: Buffer.from('body'),
      };
      const trigger = { kind: 'cron', name: 'a-tick' };
      const answer = await fn.deliver(
        { task: 'a', trigger, ...sent, contentType: 'text/x', timestamp: 7, ...ids },
        inFlight,
      );
      const shown = { kind: 'cron', name: 'tick', method: 'PUT', path: '/x y', x: 'one', type: 'text/x', body: 'body' };
      assert.deepEqual(JSON.parse(String(answer.body)), { ...shown, time: 7000 });
    });

    it('shows its load, if it can know it', async (t) => {
      const harness = await Harness.start(t, make);
      const flag = path.join(harness.dir, 'flag');
      const fn = await harness.deploy({ a: code(waiting(flag), '  triggers: {web: {kind: http, numWorkers: 2}}\n') });
      if (!fn.load()) return t.diagnostic('this platform cannot know it');
      assert.deepEqual(fn.load(), { workers: 2, restarts: 0, waiting: 0, busySince: undefined });
      const events = [1, 2, 3].map(() => invoke(fn, 'a'));
      await until('one event to wait', () => fn.load()?.waiting === 1);
      await writeFile(flag, '');
      await Promise.all(events);
      assert.equal(fn.load()?.waiting, 0);
    });

    it('answers 503 when no worker is free in time', async (t) => {
      const harness = await Harness.start(t, make);
      const flag = path.join(harness.dir, 'flag');
      const trigger = '  triggers: {web: {kind: http, workerAvailabilityTimeoutMilliseconds: 20}}\n';
      const fn = await harness.deploy({ a: code(waiting(flag), trigger) });
      const running = invoke(fn, 'a');
      assert.equal((await invoke(fn, 'a')).status, 503);
      await writeFile(flag, '');
      assert.equal((await running).status, 200);
    });

    it('passes what handlers log and print on, with the function', async (t) => {
      const harness = await Harness.start(t, make);
      const talking = code(
        "exports.handler = (c) => { c.logger.warn('logged'); console.log('printed'); c.callback('x'); };",
      );
      const fn = await harness.deploy({ a: talking });
      await answerOf(fn, 'a');
      const find = (text: string) => harness.records.find(({ record }) => record.message === text);
      const [logged, printed] = await until('both records', () => {
        const found = [find('logged'), find('printed')] as const;
        return found[0] && found[1] && ([found[0], found[1]] as const);
      });
      const { level, task, stream } = logged.record;
      assert.deepEqual([level, task, stream, logged.record.function], ['warn', 'a', 'log', fn.name]);
      assert.deepEqual(
        [printed.record.stream, printed.record.function, [...printed.group]],
        ['stdout', fn.name, ['a']],
      );
    });

    it('has the body size of the http trigger, or the default of Nuclio', async (t) => {
      const harness = await Harness.start(t, make);
      const sized = '  triggers: {web: {kind: http, attributes: {maxRequestBodySize: 1000}}}\n';
      const [small, standard] = await Promise.all([
        harness.deploy({ small: saying('x', 'nodejs', sized) }),
        harness.deploy({ standard: saying('x') }),
      ]);
      assert.deepEqual([small.maxBody, standard.maxBody], [1000, 4 * 1024 ** 2]);
      assert.equal(small.allowsOrigin('http://other.example'), false);
    });
  });
}
