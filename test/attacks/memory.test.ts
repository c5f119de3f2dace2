import '../support/confined.ts';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { request } from '../support/server.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import { nodeTask } from '../support/tasks.ts';
import { until } from '../support/until.ts';

const MIB = 1024 ** 2;
/** In milliseconds. */
const PATIENCE = 1000;

/** Connections that send one request each, and never read. */
function neverRead(t: TestContext, url: URL, target: string, count: number): net.Socket[] {
  return Array.from({ length: count }, () => {
    const socket = net.connect(Number(url.port), url.hostname);
    t.after(() => socket.destroy());
    socket.on('error', () => undefined).pause();
    socket.write(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
    return socket;
  });
}

/** Invokes a Task and discards the answer, whose headers may have any size. */
async function post({ port, hostname }: URL, target: string): Promise<void> {
  const socket = net.connect(Number(port), hostname).resume();
  socket.write(`POST ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  await once(socket, 'close');
}

/** Resumes after an event, or with `reset` after one that is not known. @returns the id of the first one that comes */
async function lastEvent({ port, hostname }: URL, after: string): Promise<string> {
  const socket = net.connect(Number(port), hostname).setEncoding('utf8');
  socket.write(`GET /-/events HTTP/1.1\r\nHost: 127.0.0.1\r\nLast-Event-ID: ${after}\r\n\r\n`);
  let text = '';
  for await (const piece of socket) {
    text += piece;
    const [, id] = /^id: *(\S+)$/m.exec(text) ?? [];
    if (id === undefined) continue;
    socket.destroy();
    return id;
  }
  return after;
}

const TASK = nodeTask(`
const line = 'l'.repeat(3000);
let count = 0;
exports.handler = (context, event) => {
  const amount = Number(event.path.slice(2));
  if (event.path[1] === 'h') context.callback(new context.Response('', { 'X-Large': 'h'.repeat(amount) + count++ }));
  if (event.path[1] === 'b') context.callback('b'.repeat(amount));
  if (event.path[1] === 'l') {
    for (let index = 0; index < amount; index += 1) context.logger.info(line);
    context.callback('logged');
  }
};
`);

describe("the server's memory is given back", () => {
  for (const [what, attack] of [
    [
      'after answers with large headers',
      async (_t: TestContext, { url }: ServerProcess) => {
        for (let round = 0; round < 150; round += 1) await post(url, `/task/h${MIB}`);
      },
    ],
    [
      'while clients do not read their answers',
      async (t: TestContext, { url }: ServerProcess) => {
        neverRead(t, url, `/task/b${30 * MIB}`, 10);
        await until('the answers', async () => {
          const { text } = await request(url, '/-/traces?task=task');
          return (text.match(/"status":200/g) ?? []).length > 10;
        });
      },
    ],
    [
      'while followers of a log do not read it',
      async (t: TestContext, { url }: ServerProcess) => {
        for (let round = 0; round < 8; round += 1) await post(url, '/task/l300');
        neverRead(t, url, '/-/tasks/task/logs?follow', 100);
        for (let round = 0; round < 8; round += 1) await post(url, '/task/l300');
      },
    ],
    [
      'after many changes of a large setup, with a watcher that resumes',
      async (t: TestContext, { url }: ServerProcess) => {
        neverRead(t, url, '/-/events', 4);
        let last = 'unknown';
        for (let change = 0; change < 12; change += 1) {
          const groups = Array.from({ length: 2500 }, (_, index) => [`a${index}`, `b${(index + change) % 2500}`]);
          const body = JSON.stringify(groups);
          const headers = { 'Content-Type': 'application/json' };
          const answer = await request(url, '/-/setup', { method: change % 2 ? 'PUT' : 'PATCH', headers, body });
          assert.equal(answer.status, 200, answer.text.slice(0, 200));
          last = await lastEvent(url, last);
        }
      },
    ],
  ] as const) {
    it(what, async (t) => {
      const server = await ServerProcess.start(t, PATIENCE);
      await server.deploy('task', TASK);
      await post(server.url, '/task/h10');
      const before = await server.memory();
      await attack(t, server);
      const high = await server.memory();
      let now = 0;
      await until(
        'the memory',
        async () => {
          now = await server.memory();
          return now < before + 100 * MIB;
        },
        60_000,
      ).catch((error: unknown) => {
        throw new Error(`before ${before / MIB}, high ${high / MIB}, now ${now / MIB} MiB`, { cause: error });
      });
      assert.ok((await server.delay()) < 250);
    });
  }
});
