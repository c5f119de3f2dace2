'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const { Worker } = require('./harness');

const FIXTURES = path.resolve(__dirname, '../../fixtures/conformance');
const { cases } = JSON.parse(fs.readFileSync(path.resolve(__dirname, '../../contract/recorded.json'), 'utf8'));
const PROBE = fs.readFileSync(path.join(FIXTURES, 'nodejs/main.js'), 'utf8');

/** Calls the probe with what it was told, and answers with all that came back. */
const CALLER = `exports.handler = async (context, event, session) => {
  const { method, path, headers, body } = JSON.parse(event.body.toString());
  const response = await session.fetch('http://127.0.0.1:8000/probe' + path, {
    method, headers, body: body === null ? undefined : Buffer.from(body, 'base64'),
  });
  const answer = {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer()).toString('base64'),
  };
  context.callback(answer);
};`;

describe('answers recorded from a real Nuclio', () => {
  /** @type {Worker} */
  let worker;
  before(async () => {
    worker = new Worker(
      { probe: { files: { 'main.js': PROBE } }, caller: { files: { 'main.js': CALLER } } },
      { GREETING: 'hi', FUSIONIZER_URL: 'http://127.0.0.1:8123' },
    );
    await worker.ready();
  });
  after(() => worker.close());

  for (const recorded of cases.nodejs) {
    const { request } = recorded;
    // The server answers health requests itself.
    if (recorded.name !== 'health') {
      test(`${recorded.name}, invoked directly`, async () => {
        const logged = worker.logs.length;
        const contentType = request.headers['Content-Type'] ?? '';
        const headers = { ...request.headers, 'Task-Name': 'probe' };
        const answer = await worker.invoke(
          { method: request.method, path: request.path, headers, content_type: contentType },
          Buffer.from(request.body_base64 ?? '', 'base64'),
        );
        // The server leaves out the body for HEAD.
        const body = request.method === 'HEAD' ? Buffer.alloc(0) : answer.body;
        const level = request.headers['X-Nuclio-Log-Level'];
        const levels = ['debug', 'info', 'warn', 'error'];
        const logs = worker.logs
          .slice(logged)
          .filter((log) => levels.indexOf(log.level) >= levels.indexOf(level))
          .map((log) => ({ level: log.level, message: log.message, ...log.with }));
        compare(recorded, {
          status: answer.status,
          contentType: answer.contentType,
          headers: answer.headers,
          body,
          logs,
        });
      });
    }

    test(`${recorded.name}, by a local call`, async () => {
      const told = {
        method: request.method,
        path: request.path,
        headers: request.headers,
        body: request.body_base64 ?? null,
      };
      const answer = JSON.parse(
        (await worker.invoke({ method: 'POST', headers: { 'Task-Name': 'caller' } }, JSON.stringify(told))).text,
      );
      const { headers } = answer;
      const logs = JSON.parse(headers['x-nuclio-logs'] ?? '[]').map(({ time, name, ...log }) => {
        assert.equal(name, 'default-http');
        assert.equal(typeof time, 'number');
        return log;
      });
      const body = Buffer.from(answer.body, 'base64');
      if (request.method !== 'HEAD') assert.equal(headers['content-length'], String(body.length));
      compare(recorded, { status: answer.status, contentType: headers['content-type'] ?? null, headers, body, logs });
    });
  }
});

function compare({ compare: how, response }, actual) {
  assert.equal(actual.status, response.status);
  if (how === 'status') return;
  assert.equal(actual.contentType, response.content_type);
  const headers = Object.fromEntries(
    Object.entries(actual.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  for (const [name, value] of Object.entries(response.headers ?? {})) assert.equal(headers[name], value);
  const text = actual.body.toString('utf8');
  if (how === 'prefix') assert.ok(text.startsWith(response.body_prefix), text);
  else if (how === 'json') {
    const json = JSON.parse(text);
    for (const [key, value] of Object.entries(response.body_json)) assert.deepEqual(json[key], value, key);
  } else assert.equal(text, response.body);
  if (how === 'logs') assert.deepEqual(actual.logs, response.logs);
}
