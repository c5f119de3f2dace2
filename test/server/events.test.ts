import assert from 'node:assert/strict';
import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { FusionizerClient } from '../../src/client/fusionizerClient.ts';
import { Hub } from '../../src/engine/observe/hub.ts';
import type { LogRecord } from '../../src/shared/api.ts';
import { TestServer } from '../support/server.ts';
import { functionYaml, saying } from '../support/tasks.ts';

const record = (message: string): LogRecord => ({
  time: 0,
  level: 'info',
  message,
  with: {},
  task: 'a',
  function: null,
  trace: null,
  stream: 'log',
});

/** An open `/-/events` of which nothing is read yet. */
async function open(
  t: TestContext,
  server: TestServer,
  headers: Record<string, string> = {},
): Promise<IncomingMessage> {
  const sent = http.get(new URL('/-/events', server.url), { headers });
  t.after(() => sent.destroy());
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response;
}

async function readToEnd(response: IncomingMessage): Promise<string> {
  let text = '';
  try {
    for await (const chunk of response) text += chunk;
  } catch (error) {
    // The server ended the connection in the middle of a message.
    assert.equal((error as NodeJS.ErrnoException).code, 'ECONNRESET');
  }
  return text;
}

describe('GET /-/events', () => {
  it('tells what Tasks log and print, with the Task, and the server itself', async (t) => {
    const server = await TestServer.start(t);
    const stop = new AbortController();
    const client = new FusionizerClient(server.url);
    const seen: string[] = [];
    const code =
      "console.log('loaded');\nexports.handler = (context) => { context.logger.warn('careful'); " +
      "context.callback('ok'); };";
    for await (const event of client.events({ names: ['log'], signal: stop.signal })) {
      if (event.name === 'connected') {
        void server
          .deploy('a', { 'function.yaml': functionYaml('nodejs'), 'main.js': code })
          .then(() => server.post('a'));
        server.server.logs.push({ ...record('of the server'), task: null }, []);
      }
      if (event.name === 'log')
        seen.push(`${event.data.tasks.join('+')} ${event.data.record.level} ${event.data.record.message}`);
      if (seen.length === 3) stop.abort();
    }
    assert.deepEqual(seen.sort(), [' info of the server', 'a info loaded', 'a warn careful']);
  });

  it('tells only the events that are asked for, and refuses names that there are not', async (t) => {
    const server = await TestServer.start(t);
    const refused = await server.request('/-/events?names=task,news');
    assert.equal(refused.status, 400);
    assert.match(refused.text, /events are task, setup, operation, schedule, invocation, log/);
    const stop = new AbortController();
    const names: string[] = [];
    let deploying: Promise<void> | undefined;
    for await (const event of new FusionizerClient(server.url).events({
      names: ['task', 'setup'],
      signal: stop.signal,
    })) {
      names.push(event.name);
      if (event.name === 'connected') deploying = server.deploy('a', saying('a'));
      if (event.name === 'setup') stop.abort();
    }
    await deploying;
    assert.deepEqual(names, ['connected', 'task', 'setup']);
  });

  it('drops a reader that is too slow, and nobody else', async (t) => {
    const server = await TestServer.start(t);
    const slow = await open(t, server);
    const fast = await open(t, server);
    const big = record('x'.repeat(256 * 1024));
    let fastBytes = 0;
    fast.on('data', (chunk: Buffer) => {
      fastBytes += chunk.length;
    });
    // Far more than the buffers of the two sockets take.
    for (let sent = 1; sent <= 64; sent += 1) {
      server.server.logs.push(big, ['a']);
      while (fastBytes < sent * 256 * 1024) await once(fast, 'data');
    }
    const text = await readToEnd(slow);
    assert.ok(text.length < 64 * 256 * 1024);
    assert.equal(fast.closed, false);
    // What was missed comes with the last id that was read whole.
    const [, id = ''] = [...text.matchAll(/^id: ?(\S+)$/gm)].at(-2) ?? [];
    const resumed = await open(t, server, { 'Last-Event-ID': id });
    let told = '';
    for await (const chunk of resumed) {
      told += chunk;
      if (/event: ?log/.test(told)) break;
    }
  });
});

describe('events that are kept', () => {
  it('are all changes after the one that was read, or none, whatever was logged meanwhile', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 30 }),
        fc.nat(),
        (bursts, pick) => {
          const hub = new Hub();
          const events = [{ id: hub.lastId, change: false }];
          for (const [index, burst] of bursts.entries()) {
            const change = index % 2 === 1;
            for (let count = 0; count < burst; count += 1) {
              if (change) hub.publish('task', { name: 'a', task: null });
              else hub.record('log', { tasks: [], record: record(String(count)) });
              events.push({ id: hub.lastId, change });
            }
          }
          const at = pick % events.length;
          const after = events.slice(at + 1);
          const told = hub.since(events[at]?.id ?? '')?.map(({ id }) => id);
          const changes = after.filter(({ change }) => change);
          if (changes.length > 2000) assert.equal(told, undefined);
          else {
            const records = events.filter(({ change }) => !change).slice(-1000);
            const expected = after.filter((event) => event.change || records.includes(event));
            assert.deepEqual(
              told,
              expected.map(({ id }) => id),
            );
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('are unknown after a restart, before the first and after the last', () => {
    const hub = new Hub();
    hub.publish('task', { name: 'a', task: null });
    const [boot] = hub.lastId.split('-');
    assert.deepEqual(hub.since(hub.lastId), []);
    assert.equal(hub.since(`${boot}-0`)?.length, 1);
    for (const id of ['', 'other-1', `${boot}-2`, `${boot}--1`, `${boot}-x`])
      assert.equal(hub.since(id), undefined, id);
  });
});
