import assert from 'node:assert/strict';
import http from 'node:http';
import { describe, it } from 'node:test';
import { type Answer, TestServer } from '../support/server.ts';
import { saying } from '../support/tasks.ts';

describe('a control request', () => {
  it('with a method that its address does not have is answered 405 and told the others; OPTIONS tells them too', async (t) => {
    const server = await TestServer.start(t);
    const refused = await server.request('/-/setup', { method: 'DELETE', headers: { Accept: 'application/json' } });
    assert.equal(refused.status, 405);
    assert.equal(refused.json<{ code: string }>().code, 'method');
    assert.equal(refused.headers.allow, 'GET, HEAD, OPTIONS, PATCH, PUT');
    assert.equal((await server.request('/taska', { method: 'PATCH' })).status, 405);
    const options = await server.request('/taska', { method: 'OPTIONS' });
    assert.deepEqual([options.status, options.headers.allow], [204, 'DELETE, GET, HEAD, OPTIONS, POST, PUT']);
    assert.equal((await server.request('/-/nothing', { method: 'PATCH' })).status, 404);
  });

  it('with HEAD ends, also where GET has no end: the connection can be used on', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('taska', saying('a'));
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    t.after(() => agent.destroy());
    for (const [target, type] of [
      ['/-/events', /^text\/event-stream/],
      ['/-/tasks/taska/logs?follow=true', /^application\/x-ndjson/],
      ['/-/health', /^application\/json/],
    ] as const) {
      const answer = await server.request(target, { method: 'HEAD', agent });
      assert.equal(answer.status, 200);
      assert.match(String(answer.headers['content-type']), type);
    }
    assert.equal((await server.request('/-/tasks/none/logs?follow=true', { method: 'HEAD', agent })).status, 404);
  });

  it('whose body cannot be read is refused with why', async (t) => {
    const server = await TestServer.start(t);
    const put = (body: string, headers: Record<string, string> = {}): Promise<Answer> =>
      server.request('/-/schedule', { method: 'PUT', body, headers });
    for (const [answer, status, text] of [
      [await put(''), 400, /^The request has no body/],
      [await put('{'), 400, /^The request's body is not valid JSON/],
      [await put('null'), 400, /^The request is malformed/],
      [await put('{}', { 'Content-Type': 'application/json; charset=none' }), 415, /unsupported charset "NONE"/],
      [await put('{}', { 'Content-Encoding': 'none' }), 415, /unsupported content encoding "none"/],
      [await put('{}', { 'Content-Encoding': 'gzip' }), 400, /^The request's body cannot be read/],
      [await put(`{"clock": "${'x'.repeat(1024 ** 2)}"}`), 413, /^The request's body is too large: at most 1 MiB/],
      [await put('{"entries": {"1.5": []}}'), 400, /^The request is malformed: entries/],
      [await put('{"apply": 1e400}'), 400, /^The request is malformed: apply/],
      [await put('{"clock": "run", "clocks": 1}'), 400, /clocks/],
    ] as const) {
      assert.equal(answer.status, status, answer.text);
      assert.match(answer.text, text);
    }
    assert.equal((await put('{"clock": "run"}', { 'Content-Type': 'text/plain' })).status, 200);
  });

  it('whose parameters do not fit is refused with which', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('taska', saying('a'));
    for (const [target, options, text] of [
      ['/-/tasks/taska/logs?level=loud', {}, /^The request is malformed: level/],
      ['/-/tasks/taska/logs?level=info&level=warn', {}, /^The request is malformed: level/],
      ['/-/traces?task=a&task=b', {}, /^The request is malformed: task/],
      [
        '/-/setup',
        { method: 'PUT', body: '[]', headers: { 'If-Match': 'W/"1"' } },
        /^The request is malformed: If-Match: send the ETag/,
      ],
      [
        '/taska',
        { method: 'DELETE', headers: { 'Fusionizer-Operation': 'mine' } },
        /^The request is malformed: Fusionizer-Operation: it has to be a UUID/,
      ],
      [
        '/taska',
        { method: 'PUT', headers: { 'Fusionizer-Source': '%FF' } },
        /^The request is malformed: Fusionizer-Source: it is not a percent-encoded path/,
      ],
      [
        '/taska',
        { method: 'PUT', headers: { 'Fusionizer-Force': 'yes' } },
        /^The request is malformed: Fusionizer-Force/,
      ],
      ['/-/tasks/%E0%A4%A', {}, /^The request's path cannot be read/],
    ] as const) {
      const answer = await server.request(target, options);
      assert.equal(answer.status, 400, `${target}: ${answer.text}`);
      assert.match(answer.text, text);
    }
  });
});
