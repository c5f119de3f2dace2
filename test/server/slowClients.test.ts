import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Operation } from '../../src/shared/api.ts';
import { RawConnection } from '../support/rawHttp.ts';
import { multipart, zip } from '../support/server.ts';
import { saying } from '../support/tasks.ts';
import { AttackedServer } from '../support/unharmed.ts';
import { until } from '../support/until.ts';

/** In milliseconds. */
const PATIENCE = 400;
const HOST = 'Host: 127.0.0.1';

/** Writes a byte now and then until the connection ends. */
function dribble({ socket, closed }: RawConnection, byte: string): void {
  const timer = setInterval(() => socket.write(byte), PATIENCE / 20);
  void closed.then(() => clearInterval(timer));
}

// Each test has a server of its own, and mostly waits for its clock.
describe('a client that sends slowly', { concurrency: 4 }, () => {
  const form = multipart(Buffer.alloc(10)).headers['Content-Type'];
  const bodies: [what: string, head: string, body: string][] = [
    [
      'an upload',
      `PUT /evil HTTP/1.1\r\n${HOST}\r\nContent-Type: ${form}\r\nContent-Length: 100000\r\n\r\n`,
      multipart(Buffer.alloc(10)).body.toString('latin1', 0, 160),
    ],
    [
      'an upload that has not begun',
      `PUT /evil HTTP/1.1\r\n${HOST}\r\nContent-Type: ${form}\r\nTransfer-Encoding: chunked\r\n\r\n`,
      '',
    ],
    ['an invocation', `POST /bystander HTTP/1.1\r\n${HOST}\r\nContent-Length: 100000\r\n\r\n`, 'x'],
    ['JSON', `PUT /-/setup HTTP/1.1\r\n${HOST}\r\nContent-Length: 100000\r\n\r\n`, '['],
    ['a body that nobody reads', `DELETE /nobody/ HTTP/1.1\r\n${HOST}\r\nContent-Length: 100000\r\n\r\n`, 'x'],
  ];
  for (const [what, head, body] of bodies) {
    it(`${what}, a byte now and then, is answered 408 and leaves nothing behind`, async (t) => {
      const attacked = await AttackedServer.start(t, { patience: PATIENCE });
      const connection = await RawConnection.open(attacked.server.url);
      connection.socket.write(head + body);
      dribble(connection, head.includes('chunked') ? '1\r\nx\r\n' : 'x');
      await connection.closed;
      const { status, body: text } = connection.answer;
      // Where the request was answered at once, only its connection is left to end.
      if (head.includes('/nobody/')) assert.equal(status, 404);
      else
        assert.deepEqual(
          [status, /ended because its body made no progress for 0\.4 s: send it again/.test(text)],
          [408, true],
          text,
        );
      await attacked.assertUnharmed(what);
    });
  }

  it('headers is answered 408, and one that sends nothing at all too', async (t) => {
    const attacked = await AttackedServer.start(t, { patience: PATIENCE });
    const dribbling = await RawConnection.open(attacked.server.url);
    dribbling.socket.write(`GET /-/health HTTP/1.1\r\n${HOST}\r\n`);
    dribble(dribbling, 'X-A: b\r\n');
    const silent = await RawConnection.open(attacked.server.url);
    await Promise.all([dribbling.closed, silent.closed]);
    for (const { answer } of [dribbling, silent])
      assert.deepEqual([answer.status, /headers did not come in time/.test(answer.body)], [408, true], answer.body);
    await attacked.assertUnharmed('headers');
  });

  it('can be cancelled while its upload comes', async (t) => {
    const attacked = await AttackedServer.start(t);
    const id = '0f0f0f0f-0000-4000-8000-00000000000a';
    const connection = await RawConnection.open(attacked.server.url);
    const { body } = multipart(Buffer.alloc(10));
    connection.socket.write(
      `PUT /evil HTTP/1.1\r\n${HOST}\r\nFusionizer-Operation: ${id}\r\nContent-Type: ${form}\r\nContent-Length: ` +
        `100000\r\n\r\n${body.toString('latin1', 0, 160)}`,
    );
    const operation = async (): Promise<Operation> =>
      (await attacked.server.request(`/-/operations/${id}`)).json<Operation>();
    await until('the upload to begin', async () =>
      (await attacked.server.request(`/-/operations/${id}`)).text.includes('"upload"'),
    );
    const taken = connection.take();
    assert.equal((await attacked.server.request(`/-/operations/${id}`, { method: 'DELETE' })).status, 200);
    const answer = await taken;
    assert.deepEqual([answer.status, /was cancelled/.test(answer.body)], [409, true], answer.body);
    assert.equal((await operation()).state, 'cancelled');
    await attacked.assertUnharmed('a cancelled upload');
  });

  it('but goes on sending is waited for, however long it takes', async (t) => {
    const attacked = await AttackedServer.start(t, { patience: PATIENCE });
    const { body } = multipart(
      await zip({ ...saying('slow'), 'ballast.bin': Buffer.alloc(40_000).map((_, index) => (index * index) % 251) }),
    );
    const connection = await RawConnection.open(attacked.server.url);
    connection.socket.write(
      `PUT /slow HTTP/1.1\r\n${HOST}\r\nContent-Type: ${form}\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    const piece = Math.ceil(body.length / 12);
    const began = performance.now();
    for (let at = 0; at < body.length; at += piece) {
      connection.socket.write(body.subarray(at, at + piece));
      // The pace of a slow client: there is no condition to wait for.
      await delay(PATIENCE / 5);
    }
    assert.ok(performance.now() - began > PATIENCE * 2);
    assert.equal((await connection.take()).status, 200);
    assert.equal((await attacked.server.post('slow')).text, 'slow');
  });

  it('and leaves in the middle of an upload leaves nothing behind', async (t) => {
    const attacked = await AttackedServer.start(t);
    const connection = await RawConnection.open(attacked.server.url);
    connection.socket.write(bodies[0]?.slice(1).join('') ?? '');
    await until('the uploaded file in the folder for temporary files', async () =>
      (await readdir(path.join(attacked.server.state, 'tmp'))).some((name) => name.endsWith('.zip')),
    );
    connection.socket.destroy();
    await attacked.assertUnharmed('left');
  });
});

describe('very many connections', () => {
  it('that stay idle keep nobody else out, and are ended', async (t) => {
    const attacked = await AttackedServer.start(t, { patience: 2_000 });
    const idle = await Promise.all(Array.from({ length: 500 }, () => RawConnection.open(attacked.server.url)));
    assert.equal((await attacked.server.post('bystander')).text, 'still here');
    await Promise.all(idle.map(({ closed }) => closed));
    await attacked.assertUnharmed('idle');
  });
});
