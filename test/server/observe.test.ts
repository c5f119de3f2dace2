import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { FusionizerClient } from '../../src/client/fusionizerClient.ts';
import { warningHeader } from '../../src/server/api/warningHeader.ts';
import type { CallRecord, Health } from '../../src/shared/api.ts';
import { TestServer } from '../support/server.ts';
import { nodeTask, saying } from '../support/tasks.ts';

const TALKS = nodeTask(`exports.handler = (context, event) => {
  context.logger.info(event.body.toString());
  console.log('printed');
  context.callback('');
};`);

describe('logs', () => {
  it('of all Tasks and the server are read and followed together, with a print of a function once', async (t) => {
    const server = await TestServer.start(t);
    const client = new FusionizerClient(server.url);
    await server.deploy('one', TALKS);
    await server.deploy('two', saying('x'));
    await client.putSetup([['one', 'two']]);
    server.server.logs.push(
      {
        time: Date.now(),
        level: 'warn',
        message: 'own',
        with: {},
        task: null,
        function: null,
        trace: null,
        stream: 'log',
      },
      [],
    );
    const { trace } = await client.invoke('one', { body: 'first' });
    const messages = async (options = {}): Promise<string[]> =>
      (await client.logs(undefined, options)).map(({ message }) => message);
    assert.deepEqual((await messages()).slice(-3).sort(), ['first', 'own', 'printed']);
    assert.deepEqual(await messages({ level: 'warn' }), ['own']);
    assert.deepEqual(await messages({ trace: trace.slice(0, 9) }), ['first']);
    assert.deepEqual((await messages({ lines: 1 })).length, 1);
    assert.deepEqual(await messages({ lines: 0 }), []);
    assert.deepEqual(await messages({ since: Date.now() + 60_000 }), []);
    const stop = new AbortController();
    const followed: string[] = [];
    for await (const { message } of client.followLogs(undefined, {
      trace: trace.slice(0, 9),
      lines: 1,
      signal: stop.signal,
    })) {
      followed.push(message);
      const sameTrace = { traceparent: `00-${trace}-00f067aa0ba902b7-01` };
      if (message === 'first') await client.invoke('two', { headers: sameTrace });
      if (message === 'first') await client.invoke('one', { headers: sameTrace, body: 'second' });
      else stop.abort();
    }
    assert.deepEqual(followed, ['first', 'second']);
  });

  it('begin with the newest that are asked for when they are followed', async (t) => {
    const server = await TestServer.start(t);
    const client = new FusionizerClient(server.url);
    await server.deploy(
      'one',
      nodeTask(`exports.handler = (context, event) => {
  context.logger.info(event.body.toString());
  context.callback('');
};`),
    );
    for (const body of ['1', '2', '3']) await client.invoke('one', { body });
    const stop = new AbortController();
    const followed: string[] = [];
    for await (const { message } of client.followLogs('one', { lines: 2, signal: stop.signal })) {
      followed.push(message);
      if (message === '3') await client.invoke('one', { body: '4' });
      if (message === '4') stop.abort();
    }
    assert.deepEqual(followed, ['2', '3', '4']);
  });

  it('refuses what is no time and no number of lines', async (t) => {
    const server = await TestServer.start(t);
    for (const query of ['since=soon', 'lines=-1', 'lines=x', 'level=loud'])
      assert.equal((await server.request(`/-/logs?${query}`)).status, 400, query);
  });
});

describe('traces', () => {
  it('are in the order of their start, and found by the first characters of an id', async (t) => {
    const server = await TestServer.start(t);
    const client = new FusionizerClient(server.url);
    const call = (trace: string, callee: string, start: number, duration: number): CallRecord => ({
      trace,
      span: callee,
      parent: null,
      caller: 'a',
      callee,
      local: true,
      start,
      duration,
      status: 200,
    });
    const batch = [
      call('abc1', 'late', 30, 1),
      call('abc2', 'inner', 10, 1),
      call('abc2', 'outer', 10, 5),
      call('b', 'x', 1, 1),
    ];
    await server.request('/-/traces', { method: 'POST', body: JSON.stringify(batch) });
    const callees = async (trace?: string): Promise<string[]> =>
      (await client.traces({ trace })).map(({ callee }) => callee);
    assert.deepEqual(await callees(), ['x', 'outer', 'inner', 'late']);
    assert.deepEqual(await callees('abc'), ['outer', 'inner', 'late']);
    assert.deepEqual(await callees('abc2'), ['outer', 'inner']);
    assert.deepEqual(await callees('c'), []);
  });
});

describe('the server itself', () => {
  it('tells which folder it serves and where its state is', async (t) => {
    const none = await TestServer.start(t);
    assert.equal((await none.request('/-/health')).json<Health>().folder, null);
    const server = await TestServer.start(t, { folder: '.' });
    const health = (await server.request('/-/health')).json<Health>();
    assert.deepEqual([health.folder, health.state], [path.resolve('.'), server.state]);
  });

  it('leads a person who opens its address to the documentation, with the token where it needs one', async (t) => {
    const open = await TestServer.start(t);
    const there = await open.request('/');
    assert.deepEqual([there.status, there.headers.location], [303, '/-/docs']);
    assert.equal((await open.request('/', { method: 'HEAD' })).status, 303);
    assert.equal((await open.request('/', { method: 'POST' })).status, 405);
    const closed = await TestServer.start(t, { auth: 'always' });
    assert.equal((await closed.request('/')).status, 401);
    const token = (await readFile(path.join(closed.state, 'token'), 'utf8')).trim();
    const exchanged = await closed.request(`/?token=${token}`);
    assert.deepEqual([exchanged.status, exchanged.headers.location], [303, '/']);
  });
});

describe('the warnings of a deploy as a header', () => {
  const all = (header: string): string[] => header.split(', ').map(decodeURIComponent);

  it('are whole where they are few', () => {
    assert.deepEqual(all(warningHeader(['one, two', 'три'], 'it')), ['one, two', 'три']);
  });

  it('stay short, and count what is left out', () => {
    const many = Array.from({ length: 300 }, (_, index) => `warning ${index} ${'ж'.repeat(50)}`);
    const header = warningHeader(many, 'GET /-/tasks/x');
    assert.ok(header.length < 2200, String(header.length));
    assert.match(all(header).at(-1) ?? '', /^29\d more: GET \/-\/tasks\/x has them$/);
    assert.match(all(warningHeader(['x'.repeat(100_000)], 'it'))[0] ?? '', /^x{200}…$/);
    assert.deepEqual(all(warningHeader(['ж'.repeat(100_000)], 'it')).length, 1);
  });

  it('may have half a character in them', () => {
    assert.deepEqual(all(warningHeader([`a\ud83d`, `${'x'.repeat(199)}😀`], 'it'))[0], 'a\ufffd');
  });
});
