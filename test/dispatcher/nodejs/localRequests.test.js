'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { startServer, task } = require('./harness');
const { ECHO, resultOf, TRACE, SPAN } = require('./localCalls');

test('a local call brings the event that a remote one would', async (t) => {
  const { value } = await resultOf(
    t,
    `const url = 'http://127.0.0.1:8000/b/a%20b/..//c%2Fd?x=1&y=a+b&x=%C5%BE';
     const r = await session.post(url, { json: { n: 1 }, headers: { 'x-CUSTOM-header': ' v ' } });
     return r.json();`,
    { b: ECHO },
  );
  const { Traceparent, ...headers } = value.headers;
  assert.match(Traceparent, new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
  assert.ok(!Traceparent.includes(SPAN));
  assert.deepEqual(headers, {
    Host: '127.0.0.1:8123',
    Connection: 'keep-alive',
    Accept: '*/*',
    'Accept-Language': '*',
    'Sec-Fetch-Mode': 'cors',
    'User-Agent': 'node',
    'Accept-Encoding': 'gzip, deflate',
    'X-Custom-Header': 'v',
    'Content-Length': '7',
    'Content-Type': 'application/json',
    'Task-Name': 'b',
    'Fusionizer-Server-Address': '127.0.0.1',
  });
  assert.deepEqual([value.method, value.path, value.body, value.size], ['POST', '/c/d', '{"n":1}', 7]);
  assert.deepEqual(value.fields, { x: 'ž', y: 'a b' });
  assert.deepEqual(value.trigger, { kind: 'http', name: 'default-http' });
  assert.equal(value['content-type'], 'application/json');
});

test('headers and body are as in a remote call, for every kind of request', async (t) => {
  // The server hands on what it got, as the real one would.
  const server = await startServer(t, (request, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ method: request.method, body: request.text, headers: request.headers }));
  });
  const { value } = await resultOf(
    t,
    `const requests = [
       ['get', undefined], ['head', {}], ['delete', {}], ['options', {}],
       ['put', { body: 'žluť' }], ['patch', {}], ['post', {}],
       ['post', { body: new URLSearchParams({ a: '1' }) }],
       ['post', { body: Buffer.from([1, 2]) }], ['post', { body: new Uint8Array([65]) }],
       ['post', {
         body: '{}',
         headers: { 'content-type': 'application/json', accept: 'text/x', 'user-agent': 'mine' },
       }],
       ['post', { json: [1], headers: new Headers({ 'content-type': 'application/vnd+json' }) }],
       ['post', { body: new Blob(['blob'], { type: 'text/blob' }) }],
       ['get', { headers: [['x-a', '1'], ['X-A', '2'], ['Connection', 'close']] }],
     ];
     const results = [];
     for (const [method, options] of requests) {
       for (const name of ['b', 'remote']) {
         const r = await session[method](process.env.FUSIONIZER_URL + '/' + name + '/x', options);
         results.push(method === 'head' ? r.status : await r.json());
       }
     }
     return results;`,
    {
      b: task(`exports.handler = (context, event) =>
        context.callback({ method: event.method, body: event.body.toString(), headers: event.headers });`),
    },
    { FUSIONIZER_URL: server.url },
  );
  const known = new Set([
    'task-name',
    'fusionizer-server-address',
    'fusionizer-event',
    'fusionizer-caller',
    'traceparent',
    'connection',
  ]);
  const plain = ({ headers, ...rest }) => ({
    ...rest,
    headers: Object.fromEntries(
      Object.entries(headers)
        .map(([name, v]) => [name.toLowerCase(), v])
        .filter(([name]) => !known.has(name))
        .sort(),
    ),
  });
  assert.equal(value.length, 28);
  for (let i = 0; i < value.length; i += 2) {
    if (typeof value[i] === 'number') assert.equal(value[i], value[i + 1]);
    else assert.deepEqual(plain(value[i]), plain(value[i + 1]));
  }
});

test("an answer is a Response with the handler's headers and the trace", async (t) => {
  const { value } = await resultOf(
    t,
    `const r = await session.post('http://127.0.0.1:8123/b#part');
     const copy = r.clone();
     const reader = r.clone().body.getReader();
     const first = Buffer.from((await reader.read()).value).toString();
     return { status: r.status, ok: r.ok, statusText: r.statusText, url: r.url, redirected: r.redirected,
       headers: [...r.headers].filter(([name]) => name !== 'date'), has: r.headers.has('X-OUT'),
       text: await r.text(), used: r.bodyUsed, again: await r.text().catch((error) => error.name),
       bytes: [...await copy.bytes()], first,
       blob: (await (await session.post('http://127.0.0.1:8123/b')).blob()).size };`,
    {
      b: task(`exports.handler = (context) =>
        context.callback(new context.Response('é', { 'X-Out': 'é', 'X-No': 1 }, 'text/html', 404));`),
    },
  );
  assert.deepEqual(value, {
    status: 404,
    ok: false,
    statusText: 'Not Found',
    url: 'http://127.0.0.1:8123/b',
    redirected: false,
    headers: [
      ['connection', 'keep-alive'],
      ['content-length', '2'],
      ['content-type', 'text/html'],
      ['fusionizer-trace-id', TRACE],
      ['keep-alive', 'timeout=75'],
      ['server', 'nuclio'],
      ['x-out', 'Ã©'],
    ],
    has: true,
    text: 'é',
    used: true,
    again: 'TypeError',
    bytes: [195, 169],
    first: 'é',
    blob: 2,
  });
});

test('only invocations of Tasks in this function are local', async (t) => {
  const server = await startServer(t, (request, response) => response.end(`server ${request.method} ${request.url}`));
  const { value } = await resultOf(
    t,
    `const url = process.env.FUSIONIZER_URL;
     const get = async (method, url) => (await session.fetch(url, { method })).text();
     return [await get('POST', url + '/b'), await get('GET', url + '/b'), await get('GET', url + '/b/'),
       await get('PUT', url + '/b/x'), await get('DELETE', url + '/b'),
       await get('GET', url + '/-/tasks/b/invoke'), await get('GET', url + '/-/tasks/b/invoke/x/y'),
       await get('GET', url + '/-/tasks/b'), await get('POST', url + '/B'), await get('POST', url + '/c?q=1'),
       await get('POST', 'http://127.0.0.1:8000/b'), await get('GET', 'http://127.0.0.1:8000/b')];`,
    { b: task("exports.handler = (context, event) => context.callback('local ' + event.method + ' ' + event.path);") },
    { FUSIONIZER_URL: server.url },
  );
  assert.deepEqual(value, [
    'local POST /',
    'server GET /b',
    'local GET /',
    'local PUT /x',
    'server DELETE /b',
    'local GET /',
    'local GET /x/y',
    'server GET /-/tasks/b',
    'server POST /B',
    'server POST /c?q=1',
    'local POST /',
    'server GET /b',
  ]);
});

test('abort and time-out end the wait for a local callee', async (t) => {
  const { value } = await resultOf(
    t,
    `const names = [];
     const note = (promise) => promise.then(() => names.push('answered'), (error) => names.push(error.name));
     await note(session.post('http://127.0.0.1:8123/b', { signal: AbortSignal.abort() }));
     const control = new AbortController();
     const waiting = note(session.fetch('http://127.0.0.1:8123/b', { method: 'POST', signal: control.signal }));
     control.abort();
     await waiting;
     await note(session.post('http://127.0.0.1:8123/b', { timeout: 5 }));
     return names;`,
    { b: task("exports.handler = (context) => { setTimeout(() => context.callback('late'), 50); };") },
  );
  assert.deepEqual(value, ['AbortError', 'AbortError', 'TimeoutError']);
});

test('wrong requests are refused as by fetch', async (t) => {
  const { value } = await resultOf(
    t,
    `const url = 'http://127.0.0.1:8123/b';
     const name = (promise) => promise.then(() => 'none', (error) => error.name);
     return [await name(session.get(url, { body: 'x' })), await name(session.fetch('no url')),
       await name(session.post('/b')), await name(session.fetch(url, { method: 'A B' })),
       await name(session.post(url, { headers: { 'a b': '1' } })),
       await name(session.post(url, { headers: { a: 'ž' } })), await name(session.post(url, { json: 1n }))];`,
    { b: ECHO },
  );
  assert.deepEqual(value, Array(7).fill('TypeError'));
});

test('fetch takes a Request, a URL object, and a form', async (t) => {
  const { value } = await resultOf(
    t,
    `const url = 'http://127.0.0.1:8123/b';
     const form = new FormData();
     form.set('field', 'value');
     const request = new Request(url, { method: 'POST', body: 'of request', headers: { 'x-a': '1' } });
     const one = await (await session.fetch(request)).json();
     const two = await (await session.fetch(new URL(url + '/x'), { method: 'put', body: form })).json();
     const three = await (await session.get(url + '/x?a=1', { params: { b: [1, 2], c: null, d: 'ž' } })).json();
     return {
       one: [one.body, one.headers['X-A'], one.content_type],
       two: [two.method, two.body.includes('name="field"'), two.content_type],
       three: three.fields,
     };`,
    { b: ECHO },
  );
  assert.deepEqual(value.one, ['of request', '1', 'text/plain;charset=UTF-8']);
  assert.deepEqual(value.two.slice(0, 2), ['PUT', true]);
  assert.match(value.two[2], /^multipart\/form-data; boundary=/);
  assert.deepEqual(value.three, { a: '1', b: '2', d: 'ž' });
});

test('redirects of a callee are followed, to a local Task as well', async (t) => {
  const { value } = await resultOf(
    t,
    `const url = 'http://127.0.0.1:8123/b';
     const show = async (r) => [r.status, r.redirected, r.url, (await r.text())];
     return [await show(await session.post(url, { body: '302 /c/x' })),
       await show(await session.post(url, { body: '307 http://127.0.0.1:8000/c' })),
       await show(await session.post(url, { body: '302 /c/x', redirect: 'manual' })),
       await session.post(url, { body: '303 /b/', redirect: 'error' }).catch((error) => error.message),
       await session.post(url, { body: '307 /b' }).catch((error) => error.cause.message)];`,
    {
      b: task(`exports.handler = (context, event) => {
        const [status, location] = event.body.toString().split(' ');
        context.callback(new context.Response('', { Location: location }, 'text/plain', Number(status)));
      };`),
      c: task(
        "exports.handler = (context, event) => context.callback(event.method + ' ' + event.path + ' ' + event.body);",
      ),
    },
  );
  assert.deepEqual(value, [
    [200, true, 'http://127.0.0.1:8123/c/x', 'GET /x '],
    [200, true, 'http://127.0.0.1:8000/c', 'POST / 307 http://127.0.0.1:8000/c'],
    [302, false, 'http://127.0.0.1:8123/b', ''],
    'fetch failed',
    'redirect count exceeded',
  ]);
});

test('an encoded answer is decoded', async (t) => {
  const { value } = await resultOf(t, "return (await session.post('http://127.0.0.1:8123/b')).json();", {
    b: task(`const zlib = require('node:zlib');
      exports.handler = (context) => context.callback(new context.Response(
        zlib.gzipSync('{"a":1}').toString('base64'),
        { 'Content-Encoding': 'gzip' }, 'application/json', 200, 'base64'));`),
  });
  assert.deepEqual(value, { a: 1 });
});
