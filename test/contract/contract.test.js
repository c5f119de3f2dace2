// The Node.js Dispatcher against the contract. Each file of vectors has a reader here; contract.test.ts and
// ../dispatcher/python/test_contract.py read the same files.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

const require = createRequire(import.meta.url);
const { Worker, DISPATCHER } = require('../dispatcher/nodejs/harness.js');
const part = (name) => require(path.join(DISPATCHER, 'fusionizer_dispatcher', `${name}.js`));
const { normalisePath, queryFields, canonicalHeader, receivedHeaders } = part('nuclio_http');
const { Routes } = part('routes');
const { parseTraceparent } = part('trace_context');
const { logsHeader } = part('logs');
const { statusText } = part('local_call');
const { makeRequest } = part('request');
const { isPlain } = part('wire');

const here = import.meta.dirname;
const vectors = (kind) => JSON.parse(readFileSync(path.join(here, `${kind}.json`), 'utf8'));
const task = (name) => ({
  files: { 'main.js': readFileSync(path.join(here, 'tasks', 'nodejs', `${name}.js`), 'utf8') },
});
const SERVER = 'http://127.0.0.1:8123';
const TRACE = '0af7651916cd43dd8448eb211c80319c';
/** What the client sends by itself, and what the server sets: compared only where a vector names it. */
const own = vectors('../support/ownHeaders');
const BY_ITSELF = [...own.request, 'Content-Type'];
const BY_SERVER = own.answer;

const without = (object, names, expected) =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name) || Object.hasOwn(expected, name)));
/** Objects of vectors have no other prototype than those that are compared with them. */
const plain = (object) => Object.fromEntries(Object.entries(object));

const READERS = {
  routes({ server, own, elsewhere, cases }) {
    const asked = [];
    const remote = {
      send: async ({ target }) => {
        asked.push(target);
        return { status: elsewhere.some((name) => target === `/-/tasks/${name}`) ? 200 : 404 };
      },
    };
    const routes = new Routes(new URL(server), own, remote);
    return cases.map(({ name, given: [method, url], expect }) => [
      name,
      async () => {
        const route = routes.find(url);
        const isServers = route.kind === 'server' || (route.kind === 'alias' && (await routes.exists(route.task)));
        const invokes = route.task !== null && (method === 'POST' || !route.exact);
        if (!isServers) assert.deepEqual({ goes: 'foreign' }, expect);
        else if (!invokes) assert.deepEqual({ goes: 'control' }, expect);
        else {
          const { authorization = null, ...rest } = expect;
          const { task, path } = route;
          assert.deepEqual(
            { goes: own.includes(task) ? 'local' : 'remote', task, path, fields: route.fields ?? {} },
            rest,
          );
          assert.equal(route.authorization, authorization);
        }
      },
    ]);
  },
  paths: ({ cases }) =>
    cases.map(({ name, given, expect }) => [name, () => assert.equal(normalisePath(given), expect)]),
  queries: ({ cases }) =>
    cases.map(({ name, given, expect }) => [name, () => assert.deepEqual(queryFields(given), expect)]),
  'request-headers': ({ token, cases }, relay) =>
    cases.map(({ name, given, expect }) => [
      name,
      async () => {
        const canonical = Object.fromEntries(
          Object.entries(given).map(([key, value]) => [canonicalHeader(key), value.trim()]),
        );
        assert.deepEqual(
          plain(receivedHeaders(canonical, token)),
          without(expect, ['Task-Name', 'Fusionizer-Server-Address'], {}),
        );
        // With a token, such a call goes over the server.
        if (canonical.Authorization !== undefined) return;
        const { json } = await relay({ method: 'GET', path: '/probe/x', headers: given });
        assert.deepEqual(without(json.headers, BY_ITSELF, expect), expect);
      },
    ]),
  'plain-requests': ({ cases }) =>
    cases
      .filter(({ only }) => only !== 'python')
      .map(({ name, given: { method, headers, path: rest = '/' }, plain: expected }) => [
        name,
        () => {
          let request;
          try {
            request = makeRequest(method, { headers });
          } catch (error) {
            // What HTTP cannot carry is refused before, as fetch does it.
            assert.deepEqual([error.name, expected], ['TypeError', false]);
            return;
          }
          assert.equal(isPlain(method, `/probe${rest}`, request.headers, request.contentType), expected);
        },
      ]),
  'response-headers': ({ cases }, relay) =>
    cases.map(({ name, given, expect }) => [
      name,
      async () => {
        const { headers } = await relay({ method: 'POST', path: '/probe/headers', body: JSON.stringify(given) });
        const wanted = plain(expect);
        if (wanted['fusionizer-trace-id'] !== undefined) wanted['fusionizer-trace-id'] = TRACE;
        assert.deepEqual(without(headers, BY_SERVER, wanted), wanted);
        assert.notEqual(headers.date, 'yesterday');
      },
    ]),
  'log-levels': ({ trigger, records, cases }) =>
    cases.map(({ name, given, ...expect }) => [
      name,
      () => {
        const header = logsHeader(recordsOf(given, records), given.level, trigger);
        if ('header' in expect) assert.equal(header, expect.header);
        else if ('bytes' in expect) assert.equal(header.length, expect.bytes);
        else
          assert.deepEqual(
            JSON.parse(header).map(({ level }) => level),
            expect.levels,
          );
      },
    ]),
  'trace-headers': ({ cases }) =>
    cases.map(({ name, given, expect }) => [
      name,
      () => assert.deepEqual(parseTraceparent(given), expect && { trace: expect[0], span: expect[1] }),
    ]),
  'call-function': ({ cases }, relay) =>
    cases.map(({ name, given, expect }) => [
      name,
      async () => {
        const answer = await relay({ event: given });
        assert.equal(answer.status, 200);
        checkCall(answer.json, expect);
      },
    ]),
  bodies: ({ cases }, relay) =>
    cases.map(({ name, given }) => [
      name,
      async () => {
        const bytes = 'bytes' in given ? Buffer.from(given.bytes, 'latin1') : Buffer.from(given.body);
        const headers = given.content_type === undefined ? {} : { 'Content-Type': given.content_type };
        const { json } = await relay({ method: 'POST', path: '/probe', headers, body: bytes });
        assert.deepEqual([json.content_type, json.bytes], [given.content_type ?? '', bytes.toString('base64')]);
      },
    ]),
  answers: ({ cases }, relay, worker) =>
    cases
      .filter(({ nodejs }) => nodejs !== undefined)
      .map(({ name, nodejs, expect }) => [
        name,
        async () => {
          checkAnswer(await relay({ method: 'POST', path: '/probe/answer', body: nodejs }), expect);
          const direct = await worker().invoke(
            { method: 'POST', path: '/answer', headers: { 'Task-Name': 'probe' } },
            nodejs,
          );
          assert.equal(direct.status, expect.status);
          if ('content_type' in expect) assert.equal(direct.contentType, expect.content_type);
        },
      ]),
  'status-texts': ({ cases }, relay) =>
    cases.map(({ name, given, expect }) => [
      name,
      async () => {
        assert.equal(statusText(given), expect);
        if (given === 404)
          assert.equal((await relay({ method: 'POST', path: '/probe/answer', body: '[404, ""]' })).reason, expect);
      },
    ]),
};

/** The records of a case: its own, one with a long message, or those of the file. */
function recordsOf({ records, long, message = '' }, shared) {
  if (long !== undefined) return [{ level: 'info', time: 1, message: message + 'x'.repeat(long), with: {} }];
  return records ?? shared;
}

function checkCall(got, { headers, body, ...rest }) {
  for (const [key, value] of Object.entries(rest)) assert.deepEqual(got[key], value, key);
  if (headers !== undefined) {
    const named = BY_ITSELF.filter((name) => name !== 'Content-Type');
    assert.deepEqual(without(got.headers, named, headers), headers);
  }
  const text = Buffer.from(got.bytes, 'base64').toString();
  if (typeof body === 'string') assert.equal(text, body);
  else if (body !== undefined) assert.deepEqual(JSON.parse(text), body);
}

function checkAnswer(got, { status, content_type, headers = {}, body, json }) {
  assert.equal(got.status, status);
  if (content_type !== undefined) assert.equal(got.headers['content-type'], content_type);
  for (const [name, value] of Object.entries(headers)) assert.equal(got.headers[name], value, name);
  if (body !== undefined) assert.equal(got.text, body);
  if (json !== undefined) assert.deepEqual(JSON.parse(got.text), json);
}

describe('the Node.js Dispatcher keeps the contract', () => {
  /** @type {Worker} */
  let worker;
  before(async () => {
    worker = new Worker(
      { probe: task('probe'), relay: task('relay') },
      { FUSIONIZER_URL: SERVER, FUSIONIZER_TOKEN: 'secret-token' },
    );
    await worker.ready();
  });
  after(() => worker.close());

  const relay = async (call) => {
    const body = call.body === undefined ? call : { ...call, body: Buffer.from(call.body).toString('base64') };
    const headers = { 'Task-Name': 'relay', Traceparent: `00-${TRACE}-b7ad6b7169203331-01` };
    const answer = await worker.invoke({ method: 'POST', headers }, JSON.stringify(body));
    assert.equal(answer.status, 200, answer.text);
    const relayed = JSON.parse(answer.text);
    if (relayed.body === undefined) return relayed;
    const text = Buffer.from(relayed.body, 'base64').toString();
    return {
      ...relayed,
      text,
      json: relayed.headers['content-type'] === 'application/json' && text !== '' ? JSON.parse(text) : undefined,
    };
  };

  for (const [kind, read] of Object.entries(READERS)) {
    describe(kind, () => {
      for (const [name, run] of read(vectors(kind), relay, () => worker)) it(name, run);
    });
  }

  it('every file of vectors is read', () => {
    const kinds = readdirSync(here).filter((name) => name.endsWith('.json'));
    // recorded.json is read by conformance.test.js.
    assert.deepEqual(kinds.sort(), [...Object.keys(READERS), 'recorded'].map((kind) => `${kind}.json`).sort());
    assert.match(readFileSync(path.join(here, '../dispatcher/nodejs/conformance.test.js'), 'utf8'), /recorded\.json/);
  });
});
