import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sendRaw } from '../support/rawHttp.ts';
import { AttackedServer } from '../support/unharmed.ts';

type Case = [what: string, bytes: (port: string) => string, status: number, text: RegExp];

const get = (target: string, ...headers: string[]): string =>
  [`GET ${target} HTTP/1.1`, ...headers, '', ''].join('\r\n');
const post = (target: string, ...rest: string[]): string =>
  [`POST ${target} HTTP/1.1`, 'Host: 127.0.0.1', ...rest].join('\r\n');
const H = 'Host: 127.0.0.1';

const TARGETS: Case[] = [
  [
    'another host in the target',
    () => get('http://evil.example/-/health', H),
    400,
    /'http:\/\/evil\.example\/-\/health' is not a path of this server/,
  ],
  [
    'another host, this one by name',
    () => get('http://evil.example/bystander/', 'Host: localhost'),
    400,
    /not a path of this server/,
  ],
  ['a user in the target', () => get('http://127.0.0.1@evil.example/-/health', H), 400, /not a path of this server/],
  ['another scheme', () => get('https://127.0.0.1/-/health', H), 400, /not a path of this server/],
  ['a target without a host', () => get('http://', H), 400, /not a path of this server/],
  ['a host that is no host', () => get('http://[', H), 400, /not a path of this server/],
  ['a port that is no port', () => get('http://a:999999/', H), 400, /not a path of this server/],
  ['a path that is no URL', () => get('/\\[', H), 422, /No Task '\\\[' could be found/],
  ['two slashes', () => get('//', H), 404, /No Task '' could be found/],
  ['no path', () => `OPTIONS * HTTP/1.1\r\n${H}\r\n\r\n`, 400, /target '\*' is not a path/],
  ["a proxy's form of an address of ours", () => get('http://127.0.0.1/-/health', H), 200, /"status":"ok"/],
  ["a proxy's form without a path", () => get('http://127.0.0.1', H), 303, /\/-\/docs/],
  ['CONNECT', () => 'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n', 405, /not a proxy/],
  [
    'TRACE',
    () => `TRACE /-/health HTTP/1.1\r\n${H}\r\nX-Secret: s\r\n\r\n`,
    405,
    /^\/-\/health does not support TRACE, only GET, HEAD, OPTIONS/,
  ],
  [
    'a WebSocket',
    () =>
      get(
        '/-/health',
        H,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Key: x',
        'Sec-WebSocket-Version: 13',
      ),
    200,
    /"status":"ok"/,
  ],
  ['HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, /is not HTTP\/1\.1/],
];

/** On `/{task}` an unknown Task is 422, as in the original Fusionizer. */
const isOriginals = (path: string): boolean => /^\/[^/]+$/.test(path);

const PATHS: Case[] = (
  [
    ['/-/tasks/../setup', /There is no GET/],
    ['/-/tasks/bystander/../../setup', /There is no GET/],
    ['/-//setup', /There is no GET/],
    ['/-/./setup', /There is no GET/],
    ['/-/SETUP', /There is no GET/],
    ['/-/tasks/%2e%2e/logs', /No Task '\.\.' could be found/],
    ['/-/tasks/..%2fsetup', /No Task '\.\.\/setup' could be found/],
    ['//-/setup', /No Task '' could be found/],
    ['/%2d/setup', /No Task '%2d' could be found/],
    ['/bystander%2f..%2f-%2fsetup', /No Task 'bystander%2f/],
    ['/../-/setup', /No Task '\.\.' could be found/],
    ['/./bystander', /No Task '\.' could be found/],
    ['/%62ystander', /No Task '%62ystander' could be found/],
    ['/%62ystander/', /No Task '%62ystander' could be found/],
    ['/Bystander', /No Task 'Bystander' could be found/],
    ['/__proto__', /No Task '__proto__' could be found/],
    ['/constructor/', /No Task 'constructor' could be found/],
    ['/bystander;x', /No Task 'bystander;x' could be found/],
    ['/bystander%00', /No Task 'bystander%00' could be found/],
    ['/-/operations/..%2f..%2fsetup', /No operation '\.\.\/\.\.\/setup'/],
    ['/-/tasks/../invoke', /No Task '\.\.' could be found/],
    ['/-/tasks/__proto__/invoke/x', /No Task '__proto__' could be found/],
  ] as [string, RegExp][]
).map(([path, text]) => [path, () => get(path, H), isOriginals(path) ? 422 : 404, text]);

const HOSTS: Case[] = [
  ...(
    [
      '127.0.0.1.evil.example',
      'localhost.evil.example',
      'evil.example:80@127.0.0.1',
      '127.0.0.1@evil.example',
      'user@127.0.0.1',
      '0x7f.1',
      '0x7f000001',
      '2130706433',
      '0177.0.0.1',
      '127.1',
      'localhost..',
      'localhost:80:80',
      '127.0.0.1:80:80',
      '[::1',
      '::1]',
      '127.0.0.1/evil',
      '127.0.0.1, evil.example',
      'xn--lclhst-3yag',
      '.',
    ] as string[]
  ).map(
    (host): Case => [
      `Host: ${host}`,
      () => get('/-/health', `Host: ${host}`),
      403,
      /is not a name of this server: use its IP address or localhost/,
    ],
  ),
  ...['LOCALHOST', 'LocalHost:1', '[::1]', '[::1]:8000', '10.1.2.3:65535'].map(
    (host): Case => [`Host: ${host}`, () => get('/-/health', `Host: ${host}`), 200, /"ok"/],
  ),
  ['no Host', () => get('/-/health'), 403, /no Host header/],
  ['no Host, HTTP/1.0', () => 'GET /-/health HTTP/1.0\r\n\r\n', 403, /no Host header/],
  ['an empty Host', () => get('/-/health', 'Host: '), 403, /no Host header/],
  ['two Hosts, the good one first', () => get('/-/health', H, 'Host: evil.example'), 400, /more than one Host header/],
  [
    'two Hosts, the good one last',
    () => get('/bystander/', 'host: evil.example', 'HOST: 127.0.0.1'),
    400,
    /more than one Host header/,
  ],
];

const SMUGGLING: Case[] = [
  [
    'two lengths',
    () => post('/bystander', 'Content-Length: 3', 'Content-Length: 4', '', 'abcd'),
    400,
    /is not HTTP\/1\.1/,
  ],
  [
    'a length and chunks',
    () => post('/bystander', 'Content-Length: 5', 'Transfer-Encoding: chunked', '', '0', '', ''),
    400,
    /Content-Length/,
  ],
  [
    'chunks that are not the last coding',
    () => post('/bystander', 'Transfer-Encoding: chunked, identity', '', '0', '', ''),
    400,
    /is not HTTP\/1\.1/,
  ],
  [
    'a coding that is no coding',
    () => post('/bystander', 'Transfer-Encoding: xchunked', '', '0', '', ''),
    400,
    /is not HTTP\/1\.1/,
  ],
  ['a negative length', () => post('/bystander', 'Content-Length: -1', '', ''), 400, /is not HTTP\/1\.1/],
  [
    'a length that overflows',
    () => post('/bystander', 'Content-Length: 99999999999999999999', '', ''),
    400,
    /is not HTTP\/1\.1/,
  ],
  [
    'a chunk size that is none',
    () => post('/bystander', 'Transfer-Encoding: chunked', '', 'zz', '', ''),
    400,
    /is not HTTP\/1\.1/,
  ],
  ['a space before the colon', () => get('/-/health', 'Host : 127.0.0.1'), 400, /is not HTTP\/1\.1/],
  ['a header on two lines', () => get('/-/health', H, 'X-A: b', ' c'), 400, /is not HTTP\/1\.1/],
  ['line feeds alone', () => 'GET /-/health HTTP/1.1\nHost: 127.0.0.1\n\n', 400, /is not HTTP\/1\.1/],
  [
    'UTF-8 in a path',
    () => get('/bystander/\xc3\xbc', H),
    400,
    /percent-encode their UTF-8, for example \xc3\xbc as %C3%BC/,
  ],
  ['UTF-8 in a query', () => get('/bystander/?a=\xe2\x82\xac', H), 400, /percent-encode their UTF-8/],
  ['a space in an address', () => get('/bystander/a b', H), 400, /is not HTTP\/1\.1/],
  ['a method that nobody knows', () => get('/', H).replace('GET', 'FETCH'), 400, /begin with a method such as GET/],
  ['a control character in a header', () => get('/-/health', H, 'X-A: a\x01b'), 400, /a header has a character/],
  ['a space in the name of a header', () => get('/-/health', H, 'X A: b'), 400, /a header has a character/],
  ['no HTTP at all', () => '\x16\x03\x01\x02\x00\x01\x00', 400, /is not HTTP\/1\.1/],
  ['headers of 64 KiB', () => get('/-/health', H, `X-Large: ${'x'.repeat(65_536)}`), 431, /larger than 16 KiB/],
  [
    '10,000 headers',
    () => get('/-/health', H, ...Array.from({ length: 10_000 }, (_, index) => `X-${index}: x`)),
    431,
    /larger than 16 KiB/,
  ],
  ['a path of 64 KiB', () => get(`/${'x'.repeat(65_536)}`, H), 431, /larger than 16 KiB/],
];

describe('a raw request', () => {
  for (const [group, cases] of [
    ['with an odd target', TARGETS],
    ['with path tricks', PATHS],
    ['with an odd Host', HOSTS],
    ['that two servers would read differently', SMUGGLING],
  ] as const) {
    it(`${group} gets a clear answer, and the server goes on`, async (t) => {
      const attacked = await AttackedServer.start(t);
      for (const [what, bytes, status, text] of cases) {
        const answer = await sendRaw(attacked.server.url, Buffer.from(bytes(attacked.server.url.port), 'latin1'));
        assert.deepEqual(
          [answer.status, text.test(answer.body)],
          [status, true],
          `${what}: ${answer.status} ${answer.body}`,
        );
        assert.ok(!answer.body.includes('X-Secret'), what);
      }
      await attacked.assertUnharmed(group);
    });
  }
});
