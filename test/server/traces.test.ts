import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { ClientError } from '../../src/client/errors.ts';
import { FusionizerClient } from '../../src/client/fusionizerClient.ts';
import type { CallRecord } from '../../src/shared/api.ts';
import { TestServer, zip } from '../support/server.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import { calling, nodeTask, saying } from '../support/tasks.ts';
import { until } from '../support/until.ts';

/** Answers with what it got, and how often it was called. */
const COUNTS = nodeTask(`let count = 0;
exports.handler = (context, event) => {
  count += 1;
  const body = { method: event.method, path: event.path, text: event.body.toString(), own: event.headers['X-Own'], count };
  context.callback(new context.Response(body, { 'X-Answer': 'yes' }, 'application/json', 201));
};`);

const isCode =
  (code: string, pattern: RegExp) =>
  (error: unknown): boolean =>
    error instanceof ClientError && error.code === code && pattern.test(error.message);

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

/** Everything in the files of the traces, byte by byte. */
async function recorded(state: string): Promise<string> {
  const dir = path.join(state, 'traces');
  const files = await Promise.all((await readdir(dir)).map((name) => readFile(path.join(dir, name), 'latin1')));
  return files.join('');
}

describe('a trace', () => {
  it('has its spans with requests and answers, of outer invocations and of remote calls, also after a restart', async (t) => {
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
      isCode('malformed', /it is a call inside a function.*replay the invocation that led to it/),
    );
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
    await assert.rejects(client.trace('aaa'), isCode('malformed', /Several traces.*aaa1 and aaa2: write more/));
    await assert.rejects(client.trace('bbb'), isCode('not-found', /No trace is recorded whose id begins with 'bbb'/));
    await assert.rejects(client.trace('f'.repeat(32)), isCode('not-found', /No trace/));
    await assert.rejects(client.replay('aaa1'), isCode('malformed', /was not recorded/));
  });
});

describe('the list of traces', () => {
  it('is filtered by status, duration and time, and read in pages, across restarts of the server', async (t) => {
    const server = await TestServer.start(t);
    let client = new FusionizerClient(server.url);
    await server.deploy(
      'status',
      nodeTask(`exports.handler = (context, event) => {
  setTimeout(() => context.callback(new context.Response('', {}, 'text/plain', Number(event.fields.status))), Number(event.fields.wait ?? 0));
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
    await assert.rejects(client.replay(trace), isCode('malformed', /was not recorded.*--record none/));
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

describe('a replay', () => {
  it('sends the request again, as it was or edited, and compares the answers', async (t) => {
    const server = await TestServer.start(t);
    const client = new FusionizerClient(server.url);
    await server.deploy('counts', COUNTS);
    const headers = { 'X-Own': 'mine', Authorization: 'Basic dXNlcjpwYXNz' };
    const { trace } = await client.invoke('counts', { method: 'PUT', path: '/a/b?c=1', headers, body: 'hello' });
    const again = await client.replay(trace);
    const { body, ...answer } = again.after;
    assert.deepEqual(JSON.parse(body), { method: 'PUT', path: '/a/b', text: 'hello', own: 'mine', count: 2 });
    assert.deepEqual([answer.status, again.before?.status, again.same], [201, 201, false]);
    assert.deepEqual(again.differences, [{ what: 'body.count', before: '1', after: '2' }]);
    assert.deepEqual(again.notes, ['The header Authorization is secret and not recorded: it was left out']);
    const [span] = (await client.trace(again.trace)).spans;
    assert.deepEqual([span?.replayOf, span?.caller, again.replayOf.trace], [trace, null, trace]);
    const edited = await client.replay(again.trace, {
      method: 'POST',
      path: '/new',
      headers: { 'X-Own': 'yours' },
      body: { n: 2 },
    });
    assert.deepEqual(JSON.parse(edited.after.body), {
      method: 'POST',
      path: '/new',
      text: '{"n":2}',
      own: 'yours',
      count: 3,
    });
    const plain = await server.request(`/-/traces/${trace}/replay`, { method: 'POST' });
    assert.equal(plain.status, 200);
  });

  it('is the same where the handler answers the same, and can begin at a remote call', async (t) => {
    const server = await TestServer.start(t);
    const client = new FusionizerClient(server.url);
    await server.deploy('first', calling('first', 'second'));
    await server.deploy('second', saying('fixed'));
    const { trace } = await client.invoke('first', { body: '{"n": 1}' });
    await until('the record of the call', async () => (await client.traces({ trace })).length === 2);
    const { same, differences, notes } = await client.replay(trace);
    assert.deepEqual([same, differences, notes], [true, [], []]);
    const span = (await client.trace(trace)).spans.find(({ callee }) => callee === 'second')?.span;
    const remote = await client.replay(trace, { span });
    assert.deepEqual([remote.after.body, remote.same], ['fixed', true]);
    await client.delete('second');
    await assert.rejects(client.replay(trace, { span }), isCode('not-found', /No Task 'second'/));
    await assert.rejects(client.replay(trace, { span: 'none' }), isCode('not-found', /has no span 'none'/));
  });

  it('refuses a request that is not whole, and what no request can be', async (t) => {
    const server = await TestServer.start(t);
    const client = new FusionizerClient(server.url);
    await server.deploy('counts', COUNTS);
    const { trace } = await client.invoke('counts', { body: 'x'.repeat(70_000) });
    assert.equal((await client.trace(trace)).spans[0]?.exchange?.request.truncated, true);
    await assert.rejects(client.replay(trace), isCode('malformed', /the first 64.0 KiB are recorded: give a body/));
    assert.equal((await client.replay(trace, { body: 'short' })).after.status, 201);
    const post = (body: string): Promise<{ status: number }> =>
      server.request(`/-/traces/${trace}/replay`, { method: 'POST', body });
    for (const edits of [
      { method: 'post' },
      { path: 'x' },
      { headers: { 'a b': '' } },
      { headers: { a: 'x\n' } },
      { x: 1 },
    ])
      assert.equal((await post(JSON.stringify(edits))).status, 400, JSON.stringify(edits));
  });
});

describe('recorded traces', () => {
  it('have no secret of the server or of a Task in any file', async (t) => {
    const server = await TestServer.start(t, { auth: 'always' });
    const token = (await readFile(path.join(server.state, 'token'), 'utf8')).trim();
    const client = new FusionizerClient(server.url, { token });

    const env = "  env:\n    - {name: DB_PASSWORD, value: 'pw-of-the-database'}\n";
    const leaks = `exports.handler = async (context, event, session) => {
  const host = event.headers['Fusionizer-Server-Address'];
  if (event.path !== '/inner') await session.post('http://' + host + ':8000/leaks/inner', { data: process.env.DB_PASSWORD });
  context.callback(new context.Response(process.env.DB_PASSWORD + ' ' + event.body, { 'Set-Cookie': 'id=cookie-of-the-answer' }, 'text/plain', 200));
};`;
    await client.deploy('leaks', await zip(nodeTask(leaks, env)));
    const headers = {
      Authorization: 'Basic basic-of-the-client',
      Cookie: `x=cookie-of-the-client`,
      'X-Api-Key': 'key-of-the-client',
    };
    const path_ = `/?access_token=query-of-the-client&n=${token}`;
    const withToken = await server.request(`/leaks${path_}`, {
      method: 'POST',
      headers: { ...headers, Authorization: `Bearer ${token}` },
      body: `the token is ${token}`,
    });
    assert.equal(withToken.status, 200);
    await until('the records', async () => (await client.traces()).length >= 2);
    await client.traces({ limit: 1 });
    const content = await recorded(server.state);
    assert.ok(content.includes('the token is ***'));
    for (const secret of [
      token,
      'pw-of-the-database',
      'cookie-of-the-answer',
      'cookie-of-the-client',
      'key-of-the-client',
      'query-of-the-client',
      Buffer.from(token).toString('base64').slice(0, 40),
    ])
      assert.equal(content.includes(secret), false, secret);
    assert.equal(/Bearer /.test(content), false);
  });

  it('survive kill -9 under load: at most the newest batch is missing', async (t) => {
    const first = await TestServer.start(t);
    const { state } = first;
    await first.server.close();
    const killed = await ServerProcess.start(t, 30_000, state);
    await killed.deploy('counts', COUNTS);
    const client = new FusionizerClient(killed.url);
    const answered: string[] = [];
    let isOver = false;
    const load = Array.from({ length: 4 }, async () => {
      while (!isOver) {
        const answer = await client.invoke('counts', { body: 'hello' }).catch(() => undefined);
        if (answer) answered.push(answer.trace);
      }
    });
    await until('some invocations', () => answered.length > 200);
    const onDisk = [...answered];
    // Reads what is on the disk, so that all before is written.
    await client.traces({ limit: 1 });
    await until('more invocations', () => answered.length > onDisk.length + 200);
    await killed.kill();
    isOver = true;
    await Promise.all(load);
    await first.restart();
    const again = new FusionizerClient(first.url);
    const found = new Set((await again.traces()).map(({ trace }) => trace));
    assert.deepEqual(
      onDisk.filter((trace) => !found.has(trace)),
      [],
    );
    const [trace = ''] = onDisk;
    assert.equal((await again.replay(trace)).before?.status, 201);
  });

  it('take no more than their limit, and the oldest go first', async (t) => {
    const limit = 256 * 1024;
    const server = await TestServer.start(t, { recordLimit: limit });
    const client = new FusionizerClient(server.url);
    await server.deploy('counts', COUNTS);
    const traces: string[] = [];
    for (let round = 0; round < 20; round += 1) {
      traces.push((await client.invoke('counts', { body: 'x'.repeat(10_000), path: `/${round}` })).trace);
      for (let more = 0; more < 3; more += 1) await client.invoke('counts', { body: 'x'.repeat(10_000) });
      await client.traces({ limit: 1 });
      assert.ok((await recorded(server.state)).length <= limit);
    }
    const exchanges = await Promise.all(traces.map(async (trace) => (await client.trace(trace)).spans[0]?.exchange));
    assert.equal(exchanges[0], undefined);
    assert.equal(exchanges.at(-1)?.request.size, 10_000);
  });
});
