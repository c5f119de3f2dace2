import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { TraceHistory } from '../../src/engine/observe/traceHistory.ts';
import { openTraceStore } from '../../src/engine/observe/traceStore/openTraceStore.ts';
import { Traces } from '../../src/engine/observe/traces.ts';
import { Replay } from '../../src/engine/replay.ts';
import { TestEngine } from '../fakes/engine.ts';
import { nodeTask, saying } from '../support/tasks.ts';

/** An engine that records as the server does. */
async function recordingEngine(t: { after(fn: () => Promise<void>): void }): Promise<TestEngine> {
  const engine = await TestEngine.start(t);
  const { fusionizer, serverLog: log } = engine;
  const store = await openTraceStore({}, engine.dir, { fusionizer, secrets: [], log });
  engine.traces.recordTo(store);
  t.after(async () => store?.close());
  return engine;
}

/** Sends a request to a Task; `done` lets it end. */
function send(engine: TestEngine, task: string, text: string): { trace: string; done: Promise<void> } {
  const running = engine.fusionizer.route(task) ?? assert.fail();
  const body = Buffer.from(text);
  const request = { method: 'POST', target: '/' };
  const event = engine.runningEvents.begin(task, running, undefined, undefined, undefined, request);
  const { trace, span } = event;
  const headers = [...engine.runningEvents.headersOf(event), 'Content-Type', 'text/plain'];
  const done = running.fn.invoke({ task, ...request, headers, body, trace, span, parent: undefined }, event);
  return { trace, done: done.then((answer) => engine.runningEvents.end(event, answer, { headers, body })) };
}

async function invoke(engine: TestEngine, task: string, text: string): Promise<string> {
  const { trace, done } = send(engine, task, text);
  await done;
  return trace;
}

const files = async (engine: TestEngine): Promise<string> => {
  await engine.traces.store?.flush();
  const dir = path.join(engine.dir, 'traces');
  return (await Promise.all((await readdir(dir)).map((name) => readFile(path.join(dir, name), 'utf8')))).join('');
};

const env = (password: string): string => `  env: [{name: DB_PASSWORD, value: ${password}}]\n`;

describe('recording', () => {
  it('notes the setup in force: two setups with one id mean the same', async (t) => {
    const engine = await recordingEngine(t);
    for (const name of ['a', 'b', 'c']) await engine.deploy(name, saying(name));
    const setups: (string | undefined)[] = [];
    for (const setup of [[], [['a', 'b']], [['b', 'a'], ['c']], []]) {
      await engine.put(setup);
      const trace = await invoke(engine, 'a', '');
      setups.push(engine.traces.find({ trace })[0]?.setup);
    }
    const [apart, fused, ...others] = setups;
    assert.deepEqual(others, [fused, apart]);
    assert.notEqual(apart, fused);
  });

  it('masks the secrets of all functions, also of one that was replaced while its event ran', async (t) => {
    const engine = await recordingEngine(t);
    const waits = `exports.handler = (c, e) => {
  if (e.body.toString() === 'wait') setTimeout(() => c.callback('old-password'), 50); else c.callback('now-password');
};`;
    await engine.deploy('a', nodeTask(waits, env('old-password')));
    await engine.deploy('b', saying('x', 'nodejs', env('other-password')));
    const { done } = send(engine, 'a', 'wait');
    await engine.deploy('a', nodeTask(waits, env('now-password')));
    await done;
    await invoke(engine, 'a', 'other-password');
    const content = await files(engine);
    for (const secret of ['old', 'now', 'other']) assert.equal(content.includes(`${secret}-password`), false, secret);
    assert.equal(content.split('"b":"***"').length, 4);
  });

  it('gives what a replay needs: it goes to the version that serves now', async (t) => {
    const engine = await recordingEngine(t);
    const echo = (mark: string): string => `exports.handler = (c, e) => c.callback('${mark} ' + e.body);`;
    await engine.deploy('a', nodeTask(echo('first')));
    const trace = await invoke(engine, 'a', 'text');
    await engine.deploy('a', nodeTask(echo('second')));
    const history = new TraceHistory(engine.traces);
    const replay = new Replay(engine.fusionizer, engine.runningEvents, history);
    const { before, after, differences } = await replay.send(trace, {}, undefined);
    assert.deepEqual([before?.body, after.body], ['first text', 'second text']);
    assert.deepEqual(
      differences.map(({ what }) => what),
      ['body'],
    );
    await engine.fusionizer.delete('a');
    await assert.rejects(replay.send(trace, {}, undefined), { code: 'not-found' });
    assert.equal(engine.runningEvents.count, 0);
  });

  it('orders and pages records by when they came, in memory and on disk, each of them once', async (t) => {
    const engine = await recordingEngine(t);
    await engine.deploy('a', saying('a'));
    const sent: string[] = [];
    for (let count = 0; count < 25; count += 1) sent.push(await invoke(engine, 'a', ''));
    // As after a restart: nothing is in memory, and older records are on disk.
    const { fusionizer, serverLog: log } = engine;

    await engine.traces.store?.close();
    const traces = new Traces();
    traces.recordTo(await openTraceStore({}, engine.dir, { fusionizer, secrets: [], log }));
    for (let count = 0; count < 5; count += 1) {
      const [record] = engine.traces.find({ trace: sent[count] });
      const trace = String(count).repeat(32);
      traces.push({ ...(record ?? assert.fail()), trace });
      sent.push(trace);
    }
    const history = new TraceHistory(traces);
    const seen: string[] = [];
    let cursor: number | undefined;
    do {
      const page = await history.find({}, { limit: 7, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.records.map(({ trace }) => trace));
      cursor = page.cursor;
    } while (cursor !== undefined);
    assert.deepEqual(seen.sort(), sent.sort());
    await traces.store?.close();
  });
});
