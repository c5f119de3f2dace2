import assert from 'node:assert/strict';
import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { FusionizerClient } from '../../src/client/fusionizerClient.ts';
import type { CallRecord } from '../../src/shared/api.ts';
import { TestServer } from '../support/server.ts';
import { calling, nodeTask, saying } from '../support/tasks.ts';
import { COUNTS, isCode } from '../support/traces.ts';
import { until } from '../support/until.ts';

const call = (trace: string, span: string, parent: string | null, start: number): CallRecord => ({
  trace,
  span,
  parent,
  caller: 'a',
  callee: 'b',
  local: true,
  start,
  duration: 1,
  status: 200,
});

describe('a trace', () => {
  it('has its spans, with requests and answers but for local calls, also after a restart', async (t) => {
    const server = await TestServer.start(t);
    let client = new FusionizerClient(server.url);
    await server.deploy('first', calling('first', 'counts'));
    await server.deploy('counts', COUNTS);
    const { trace } = await client.invoke('first', { body: '{"n": 1}' });
    await until('the record of the call', async () => (await client.traces({ trace })).length === 2);
    for (let run = 0; run < 2; run += 1) {
      const { spans, ...rest } = await client.trace(trace);
      assert.deepEqual(rest, { trace });
      const [outer, remote] = spans;
      assert.equal(spans.length, 2);
      assert.deepEqual([outer?.callee, outer?.bytesIn, outer?.mode, outer?.worker], ['first', 8, 'sync', '0']);
      assert.equal(outer?.exchange?.request.body, '{"n": 1}');
      assert.match(outer?.exchange?.answer?.body ?? '', /^first\(/);
      assert.deepEqual([remote?.caller, remote?.callee, remote?.local], ['first', 'counts', false]);
      const { request, answer } = remote?.exchange ?? {};
      assert.deepEqual([request?.method, request?.path, JSON.parse(request?.body ?? '')], ['POST', '/', { n: 1 }]);
      assert.deepEqual([answer?.status, answer?.headers['X-Answer']], [201, 'yes']);
      assert.equal(remote?.bytesOut, answer?.size);
      assert.match(outer?.setup ?? '', /^[0-9a-f]{8}$/);
      assert.equal(outer?.setup, remote?.setup);
      assert.equal((await client.trace(trace.slice(0, 31))).spans.length, 2);
      await server.restart();
      client = new FusionizerClient(server.url);
    }
    await client.putSetup([['first', 'counts']]);
    const fused = await client.invoke('first', { body: '{"n": 1}' });
    await until('the record of the local call', async () => (await client.traces({ trace: fused.trace })).length === 2);
    const [outer, local] = (await client.trace(fused.trace)).spans;
    assert.deepEqual([local?.local, local?.exchange], [true, undefined]);
    assert.notEqual(outer?.setup, (await client.trace(trace)).spans[0]?.setup);
    await assert.rejects(
      client.replay(fused.trace, { span: local?.span }),
      isCode('not-found', /it is a call inside a function.*replay the invocation that led to it/),
    );
  });

  it('says how long its spans waited for a worker, from outside and from a Task', async (t) => {
    const server = await TestServer.start(t);
    const client = new FusionizerClient(server.url);
    await server.deploy('first', calling('first', 'busy'));
    await server.deploy(
      'busy',
      nodeTask("exports.handler = (context) => { setTimeout(() => context.callback('done'), 200); };"),
    );
    assert.equal((await client.invoke('busy')).status, 200);
    const [occupies, , called] = await Promise.all(
      ['busy', 'busy', 'first'].map((task) => client.invoke(task, { body: '{}' })),
    );
    const found = await client.traces({ task: 'busy' });
    assert.equal(found.find(({ trace }) => trace === occupies?.trace)?.waited, undefined);
    await until('the record of the call', async () => {
      const records = await client.traces({ task: 'busy' });
      const waits = records.filter(({ waited = 0, duration }) => waited > 50 && waited < duration);
      return waits.length === 2 && waits.some(({ trace, caller }) => trace === called?.trace && caller === 'first');
    });
  });

  it('is shown as it came: without its root, in a circle, with clocks that differ; or not at all', async (t) => {
    const server = await TestServer.start(t);
    const client = new FusionizerClient(server.url);
    const batch = [
      call('aaa1', 'orphan', 'nobody', 5),
      call('aaa2', 'x', 'y', 5),
      call('aaa2', 'y', 'x', 6),
      call('aaa3', 'parent', null, 1_000_000),
      call('aaa3', 'early', 'parent', 5),
    ];
    const headers = { 'Content-Type': 'application/json' };
    await server.request('/-/traces', { method: 'POST', headers, body: JSON.stringify(batch) });
    const spans = async (id: string): Promise<string[]> => (await client.trace(id)).spans.map(({ span }) => span);
    assert.deepEqual(await spans('aaa1'), ['orphan']);
    assert.deepEqual(await spans('aaa2'), ['x', 'y']);
    assert.deepEqual(await spans('aaa3'), ['early', 'parent']);
    await assert.rejects(client.trace('aaa'), isCode('not-found', /Several traces.*aaa1 and aaa2: write more/));
    await assert.rejects(client.trace('bbb'), isCode('not-found', /No trace is recorded whose id begins with 'bbb'/));
    await assert.rejects(client.trace('f'.repeat(32)), isCode('not-found', /No trace/));
    await assert.rejects(client.replay('aaa1'), isCode('not-found', /was not recorded/));
  });
});

describe('the list of traces', () => {
  it('is filtered by status, duration and time, and read in pages, across restarts of the server', async (t) => {
    const server = await TestServer.start(t);
    let client = new FusionizerClient(server.url);
    await server.deploy(
      'status',
      nodeTask(`exports.handler = (context, event) => {
  const { status, wait = 0 } = event.fields;
  setTimeout(() => context.callback(new context.Response('', {}, 'text/plain', Number(status))), Number(wait));
};`),
    );
    const traces: string[] = [];
    for (const query of ['status=200', 'status=404', 'status=503&wait=300'])
      traces.push((await client.invoke('status', { path: `/?${query}` })).trace);
    const statuses = async (options: Parameters<typeof client.traces>[0]): Promise<number[]> =>
      (await client.traces(options)).map(({ status }) => status);
    assert.deepEqual(await statuses({ status: '404' }), [404]);
    assert.deepEqual(await statuses({ status: '5xx' }), [503]);
    assert.deepEqual(await statuses({ status: 'error', outer: true }), [404, 503]);
    assert.deepEqual(await statuses({ min: 300 }), [503]);
    assert.deepEqual(await statuses({ since: Date.now() + 60_000 }), []);
    assert.deepEqual(await statuses({ limit: 2 }), [404, 503]);
    await server.restart();
    client = new FusionizerClient(server.url);
    traces.push((await client.invoke('status', { path: '/?status=201' })).trace);
    assert.deepEqual(await statuses({}), [200, 404, 503, 201]);
    const pages: number[][] = [];
    let cursor: string | undefined;
    do {
      const page = await client.tracePage({ limit: 3, cursor });
      pages.push(page.records.map(({ status }) => status));
      cursor = page.cursor;
    } while (cursor !== undefined);
    assert.deepEqual(pages, [[404, 503, 201], [200]]);
    for (const query of [
      'status=4',
      'status=x',
      'min=-1',
      'since=soon',
      'limit=0',
      'limit=10001',
      'cursor=x',
      'outer=1',
    ])
      assert.equal((await server.request(`/-/traces?${query}`)).status, 400, query);
  });

  it('is that of this run in memory where nothing is recorded, and no file is written', async (t) => {
    const server = await TestServer.start(t, { record: 'none' });
    const client = new FusionizerClient(server.url);
    await server.deploy('a', saying('x'));
    const { trace } = await client.invoke('a');
    assert.equal((await client.traces()).length, 1);
    assert.equal((await client.trace(trace)).spans[0]?.exchange, undefined);
    await assert.rejects(client.replay(trace), isCode('not-found', /was not recorded.*--record none/));
    assert.equal((await readdir(server.state)).includes('traces'), false);
  });

  it('goes on without a disk: one warning, and invocations are answered', async (t) => {
    const server = await TestServer.start(t);
    await server.server.close();
    await server.deploy('a', saying('x')).catch(() => undefined);

    await rm(path.join(server.state, 'traces'), { recursive: true, force: true });
    await writeFile(path.join(server.state, 'traces'), 'in the way');
    await server.restart();
    const client = new FusionizerClient(server.url);
    await server.deploy('a', saying('x'));
    assert.equal((await client.invoke('a')).status, 200);
    assert.equal((await client.traces()).length, 1);
    const warnings = (await client.logs(undefined, { level: 'warn' })).map(({ message }) => message);
    assert.equal(warnings.filter((message) => message.startsWith('Traces are not recorded: ')).length, 1);
  });
});
