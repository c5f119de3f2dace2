import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { temporaryFolder } from '../support/folder.ts';
import { RawConnection } from '../support/rawHttp.ts';
import { TestServer } from '../support/server.ts';
import { nodeTask } from '../support/tasks.ts';
import { until } from '../support/until.ts';

const HOST = 'Host: 127.0.0.1';
const WAITING = `POST /waiting HTTP/1.1\r\n${HOST}\r\nContent-Length: 0\r\n\r\n`;

/** What a client sends behind a request whose answer it does not have yet, and the answers that come. */
const CASES: [what: string, bytes: string, answers: RegExp[]][] = [
  ['bytes that are not HTTP', '\x01\x02\r\n\r\n', [/200 OK.*waited/s, /400 Bad Request.*is not HTTP\/1\.1/s]],
  [
    'a malformed header',
    `GET /-/health HTTP/1.1\r\n${HOST}\r\nX A: b\r\n\r\n`,
    [/200 OK.*waited/s, /400 Bad Request.*a header has a character/s],
  ],
  [
    'a malformed request, and more bytes',
    `GET /ü HTTP/1.1\r\n${HOST}\r\n\r\n${WAITING}`,
    [/200 OK.*waited/s, /400 Bad Request.*percent-encode/s],
  ],
  [
    'headers that are too large',
    `GET /-/health HTTP/1.1\r\n${HOST}\r\nX-A: ${'x'.repeat(17_000)}\r\n\r\n`,
    [/200 OK.*waited/s, /431 Request Header Fields Too Large/s],
  ],
  [
    'a malformed body',
    `POST /waiting HTTP/1.1\r\n${HOST}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
    [/200 OK.*waited/s, /400 Bad Request.*each chunk follows its size/s],
  ],
  [
    'a first line with a space too many',
    `GET /a b HTTP/1.1\r\n${HOST}\r\n\r\n`,
    [/200 OK.*waited/s, /400 Bad Request.*percent-encode spaces/s],
  ],
  [
    'an expectation that no server knows',
    `GET /-/health HTTP/1.1\r\n${HOST}\r\nExpect: zz\r\n\r\n`,
    [/200 OK.*waited/s, /200 OK.*"status":"ok"/s],
  ],
  [
    'two requests, of which the last is malformed',
    `GET /-/health HTTP/1.1\r\n${HOST}\r\n\r\nnonsense\r\n\r\n`,
    [/200 OK.*waited/s, /200 OK.*"status":"ok"/s, /400 Bad Request/],
  ],
  [
    'CONNECT',
    `CONNECT evil.example:443 HTTP/1.1\r\n${HOST}\r\n\r\n`,
    [/200 OK.*waited/s, /405 Method Not Allowed.*not a proxy/s],
  ],
];

describe('a client that sends its next request before it has an answer', () => {
  for (const [what, bytes, answers] of CASES) {
    it(`gets the answers in order: ${what}`, async (t) => {
      const dir = await temporaryFolder(t);
      const [began, release] = ['began', 'release'].map((name) => path.join(dir, name));
      const server = await TestServer.start(t);
      await server.deploy(
        'waiting',
        nodeTask(`const fs = require('node:fs');
exports.handler = (context) => {
  fs.writeFileSync(${JSON.stringify(began)}, '');
  const timer = setInterval(() => {
    if (!fs.existsSync(${JSON.stringify(release)})) return;
    clearInterval(timer);
    context.callback('waited');
  }, 5);
};`),
      );
      const connection = await RawConnection.open(server.url);
      connection.socket.write(Buffer.from(WAITING + bytes, 'utf8'));
      await until('the event', () => existsSync(began ?? ''));
      assert.equal(connection.text, '');
      await writeFile(release ?? '', '');
      await connection.closed;
      const whole = connection.text.split(/(?=HTTP\/1\.1 \d\d\d )/);
      assert.equal(whole.length, answers.length, connection.text);
      for (const [index, answer] of answers.entries()) assert.match(whole[index] ?? '', answer);
    });
  }
});
