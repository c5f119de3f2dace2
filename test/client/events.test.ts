import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import type { ServerEvent } from '../../src/client/events.ts';
import { FusionizerClient } from '../../src/client/fusionizerClient.ts';
import { packTask } from '../../src/task/pack.ts';
import { temporaryFolder } from '../support/folder.ts';
import { TestServer } from '../support/server.ts';
import { saying } from '../support/tasks.ts';

/** Answers each connection with the next of `answers`. */
async function scripted(
  test: TestContext,
  answers: ((request: IncomingMessage, response: ServerResponse) => void)[],
): Promise<FusionizerClient> {
  const server = createServer((request, response) => {
    const answer = answers.shift();
    if (answer) answer(request, response);
    else response.writeHead(404).end('no more');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return new FusionizerClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

const STREAM = { 'Content-Type': 'text/event-stream' };
const deleted = (id: string, name: string): string =>
  `id: ${id}\nevent: task\ndata: ${JSON.stringify({ name, task: null })}\n\n`;

async function take(events: AsyncIterable<ServerEvent>, number: number): Promise<ServerEvent[]> {
  const taken: ServerEvent[] = [];
  for await (const event of events) if (taken.push(event) === number) break;
  return taken;
}

const briefly = (events: ServerEvent[]): string[] =>
  events.map((event) => (event.name === 'task' ? event.data.name : event.name));

describe('events', () => {
  it('are typed, and begin with the connection', async (test) => {
    const server = await TestServer.start(test);
    const client = new FusionizerClient(server.url);
    const stop = new AbortController();
    const seen: string[] = [];
    const { zip } = await packTask(await temporaryFolder(test, saying('hello')));
    let deploying: Promise<unknown> | undefined;
    for await (const event of client.events({ signal: stop.signal })) {
      if (event.name === 'connected') deploying = client.deploy('hello', zip);
      if (event.name === 'operation') seen.push(event.data.stages.at(-1)?.stage ?? '');
      if (event.name === 'task') {
        assert.equal(event.data.task?.name, 'hello');
        stop.abort();
      }
    }
    await deploying;
    assert.deepEqual([...new Set(seen)].slice(0, 4), ['upload', 'queued', 'build', 'start']);
  });

  it('resume where they were after a lost connection', async (test) => {
    let resumedFrom: string | string[] | undefined;
    const client = await scripted(test, [
      (_request, response) => response.writeHead(200, STREAM).end(deleted('boot-1', 'one') + deleted('boot-2', 'two')),
      (_request, response) => response.destroy(),
      (request, response) => {
        resumedFrom = request.headers['last-event-id'];
        response.writeHead(200, STREAM).write(deleted('boot-3', 'three'));
      },
    ]);
    const events = await take(client.events({ retry: 1 }), 7);
    assert.deepEqual(briefly(events), [
      'connected',
      'one',
      'two',
      'disconnected',
      'disconnected',
      'connected',
      'three',
    ]);
    assert.equal(resumedFrom, 'boot-2');
  });

  it('request that the state is read again when some were missed', async (test) => {
    const client = await scripted(test, [
      (_request, response) => response.writeHead(200, STREAM).end(deleted('old-1', 'one')),
      (_request, response) => response.writeHead(200, STREAM).end('event: reset\ndata: {}\n\n'),
      (request, response) => {
        assert.equal(request.headers['last-event-id'], undefined);
        response.writeHead(200, STREAM).write(deleted('new-1', 'two'));
      },
    ]);
    const events = await take(client.events({ retry: 1 }), 9);
    assert.deepEqual(briefly(events), [
      'connected',
      'one',
      'disconnected',
      'connected',
      'reset',
      'disconnected',
      'connected',
      'reset',
      'two',
    ]);
  });

  it('leave out unknown ones, and may have characters that are split between chunks', async (test) => {
    const client = await scripted(test, [
      (_request, response) => {
        const bytes = Buffer.from(`event: news\ndata: x\n\nid: a-1\nevent: reset\ndata: ü\n\n`);
        response.writeHead(200, STREAM).write(bytes.subarray(0, bytes.length - 3));
        setImmediate(() => response.write(bytes.subarray(bytes.length - 3)));
      },
    ]);
    assert.deepEqual(briefly(await take(client.events(), 2)), ['connected', 'reset']);
  });

  it('end with an error when the server refuses the request', async (test) => {
    const client = await scripted(test, []);
    await assert.rejects(take(client.events(), 1), { name: 'ClientError', status: 404, message: 'no more' });
  });
});
