'use strict';

const assert = require('node:assert/strict');
const net = require('node:net');
const { test } = require('node:test');
const { startServer, startWorker, task } = require('./harness');

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const A = { 'Task-Name': 'a', Traceparent: `00-${TRACE}-${SPAN}-01` };

async function resultOf(t, code, env, others = {}) {
  const source = `exports.handler = async (context, event, session) =>
    context.callback({ value: await (async () => { ${code} })() });`;
  const worker = await startWorker(t, { a: task(source), ...others }, env);
  const answer = await worker.invoke({ headers: A });
  assert.equal(answer.status, 200, answer.text);
  return { value: JSON.parse(answer.text).value, worker };
}

/** Ends the worker, so that all its traces are there. */
async function tracesOf(worker) {
  worker.input.end();
  await worker.until(() => worker.exit);
  return worker.traces.flat();
}

test('a remote call carries the trace, the outer event, the caller and the token', async (t) => {
  const server = await startServer(t, (request, response) =>
    response.writeHead(201, { 'X-Out': '1' }).end(request.text),
  );
  const { value, worker } = await resultOf(
    t,
    `const r = await session.post(process.env.FUSIONIZER_URL + '/far', { json: { n: 1 } });
     return [r.status, r.headers.get('x-out'), await r.json()];`,
    { FUSIONIZER_URL: server.url, FUSIONIZER_TOKEN: 'secret' },
  );
  assert.deepEqual(value, [201, '1', { n: 1 }]);
  const [{ headers, method, url }] = server.requests;
  assert.deepEqual([method, url], ['POST', '/far']);
  const [, trace, span] = headers.traceparent.split('-');
  assert.equal(trace, TRACE);
  assert.notEqual(span, SPAN);
  assert.equal(headers['fusionizer-event'], SPAN);
  assert.equal(headers['fusionizer-caller'], 'a');
  assert.equal(headers.authorization, 'Bearer secret');
  const [record] = await tracesOf(worker);
  const { start, duration, ...rest } = record;
  assert.deepEqual(rest, { trace: TRACE, span, parent: SPAN, caller: 'a', callee: 'far', local: false, status: 201 });
  assert.ok(Math.abs(start - Date.now()) < 60_000 && duration > 0 && duration < 60_000);
});

test("a remote call of a local callee names the worker's event, and the callee's span is its parent", async (t) => {
  const server = await startServer(t, (_request, response) => response.end('far'));
  const { value, worker } = await resultOf(
    t,
    "return (await session.post(process.env.FUSIONIZER_URL + '/b')).text();",
    { FUSIONIZER_URL: server.url },
    {
      b: task(`exports.handler = async (context, event, session) => {
        const answer = await session.post(process.env.FUSIONIZER_URL + '/far');
        context.callback(await answer.text());
      };`),
    },
  );
  assert.equal(value, 'far');
  const [{ headers }] = server.requests;
  assert.equal(headers['fusionizer-event'], SPAN);
  assert.equal(headers['fusionizer-caller'], 'b');
  const records = await tracesOf(worker);
  const [far, local] = records;
  assert.deepEqual([local.caller, local.callee, local.local, local.parent], ['a', 'b', true, SPAN]);
  assert.deepEqual([far.caller, far.callee, far.local, far.parent], ['b', 'far', false, local.span]);
});

test('port 8000 stands for the server, when it knows the Task', async (t) => {
  const server = await startServer(t, (request, response) => {
    if (request.url === '/-/tasks/far') response.end('{}');
    else if (request.url.startsWith('/-/tasks/')) response.writeHead(404).end();
    else response.end(`server ${request.headers.host}`);
  });
  const { value } = await resultOf(
    t,
    `const far = () => session.post('http://127.0.0.1:8000/far').then((r) => r.text());
     const results = [await far(), await far()];
     globalThis.fetch = async (url) => new Response('outside ' + url);
     for (let i = 0; i < 2; i++) results.push(await session.post('http://127.0.0.1:8000/none').then((r) => r.text()));
     return results;`,
    { FUSIONIZER_URL: server.url },
  );
  const host = `server 127.0.0.1:${server.port}`;
  assert.deepEqual(value, [host, host, 'outside http://127.0.0.1:8000/none', 'outside http://127.0.0.1:8000/none']);
  assert.deepEqual(
    server.requests.map((request) => request.url),
    ['/-/tasks/far', '/far', '/far', '/-/tasks/none'],
  );
});

test('the token stays with the server: not for others, not after a redirect', async (t) => {
  const other = await startServer(t, (_request, response) => response.end('other'));
  const server = await startServer(t, (request, response) => {
    if (request.url === '/far') response.writeHead(302, { Location: `${other.url}/b` }).end();
    else if (request.url === '/near') response.writeHead(307, { Location: '/far/end' }).end();
    else response.end('end');
  });
  const { value } = await resultOf(
    t,
    `const url = process.env.FUSIONIZER_URL;
     const get = (url) => session.post(url, { body: 'x' }).then(async (r) => [await r.text(), r.redirected]);
     return [await get(url + '/far'), await get(url + '/near'), await get(process.env.OTHER + '/b')];`,
    { FUSIONIZER_URL: server.url, FUSIONIZER_TOKEN: 'secret', OTHER: other.url },
  );
  assert.deepEqual(
    value.map(([text]) => text),
    ['other', 'end', 'other'],
  );
  assert.equal(value[1][1], true);
  for (const { headers } of other.requests) {
    assert.deepEqual(
      [headers.authorization, headers['fusionizer-event'], headers.traceparent],
      [undefined, undefined, undefined],
    );
  }
  assert.deepEqual(
    server.requests.map((r) => [r.url, r.headers.authorization]),
    [
      ['/far', 'Bearer secret'],
      ['/near', 'Bearer secret'],
      ['/far/end', undefined],
    ],
  );
  assert.deepEqual([other.requests[0].method, server.requests[2].text], ['GET', 'x']);
});

test('other hosts are reached by the global fetch, with json and params', async (t) => {
  const other = await startServer(t, (request, response) =>
    response.end(`${request.url} ${request.headers['content-type']} ${request.text}`),
  );
  const { value } = await resultOf(
    t,
    `const r = await session.post(process.env.OTHER + '/x', { json: { n: 1 }, params: { q: 'a b' }, timeout: 5000 });
     return [await r.text(), r instanceof Response];`,
    { FUSIONIZER_URL: 'http://127.0.0.1:8123', OTHER: other.url },
  );
  assert.deepEqual(value, ['/x?q=a+b application/json {"n":1}', true]);
});

test('a connection that the server has closed is replaced once', async (t) => {
  let connections = 0;
  const server = net.createServer((socket) => {
    connections++;
    const mine = connections;
    let count = 0;
    socket.on('error', () => {});
    socket.on('data', () => {
      count++;
      // The first connection dies without a byte when it is used again.
      if (mine === 1 && count === 2) socket.destroy();
      else socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${mine}`);
    });
    t.after(() => socket.destroy());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { value } = await resultOf(
    t,
    `const post = async () => (await session.post(process.env.FUSIONIZER_URL + '/far', { json: 1 })).text();
     return [await post(), await post()];`,
    { FUSIONIZER_URL: `http://127.0.0.1:${server.address().port}` },
  );
  assert.deepEqual(value, ['1', '2']);
});

test('a server that cannot be reached is a failed fetch, with status 0 in the trace', async (t) => {
  const closed = await startServer(t, () => {});
  const { url } = closed;
  const broken = net.createServer((socket) => socket.destroy());
  await new Promise((resolve) => broken.listen(0, '127.0.0.1', resolve));
  t.after(() => broken.close());
  const { value, worker } = await resultOf(
    t,
    `return session.post(process.env.FUSIONIZER_URL + '/far')
       .catch((error) => [error.name, error.message, error.cause.code]);`,
    { FUSIONIZER_URL: `http://127.0.0.1:${broken.address().port}`, UNUSED: url },
  );
  assert.deepEqual(value, ['TypeError', 'fetch failed', 'ECONNRESET']);
  assert.deepEqual(
    (await tracesOf(worker)).map((record) => [record.callee, record.status]),
    [['far', 0]],
  );
});

test('abort and time-out end a remote call', async (t) => {
  const server = await startServer(t, () => {});
  const { value } = await resultOf(
    t,
    `const url = process.env.FUSIONIZER_URL + '/far';
     const control = new AbortController();
     const aborted = session.post(url, { signal: control.signal }).catch((error) => error.name);
     control.abort();
     return [await aborted, await session.post(url, { timeout: 20 }).catch((error) => error.name)];`,
    { FUSIONIZER_URL: server.url },
  );
  assert.deepEqual(value, ['AbortError', 'TimeoutError']);
});

test('call_function reaches a Task elsewhere through the server', async (t) => {
  const server = await startServer(t, (request, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(
      JSON.stringify({
        url: request.url,
        method: request.method,
        text: request.text,
        target: request.headers['x-nuclio-target'],
      }),
    );
  });
  const { value } = await resultOf(t, "return context.platform.call_function('far', { path: '/x', body: [1] });", {
    FUSIONIZER_URL: server.url,
  });
  assert.equal(value.status_code, 200);
  assert.deepEqual(value.body, { url: '/-/tasks/far/invoke/x', method: 'POST', text: '[1]', target: 'far' });
});

test('a stream of the control API is answered before it ends', async (t) => {
  const server = await startServer(t, (_request, response) => response.write('first'));
  const { value } = await resultOf(
    t,
    `const r = await session.get(process.env.FUSIONIZER_URL + '/-/events');
     const reader = r.body.getReader();
     const { value } = await reader.read();
     await reader.cancel();
     return Buffer.from(value).toString();`,
    { FUSIONIZER_URL: server.url },
  );
  assert.equal(value, 'first');
});

test('traces come in batches of 100, and the rest within about a second while no event comes', async (t) => {
  const { worker } = await resultOf(
    t,
    "for (let i = 0; i < 250; i++) await session.post('http://127.0.0.1:8123/b', { json: i });",
    { FUSIONIZER_URL: 'http://127.0.0.1:8123' },
    {
      b: task("exports.handler = (context) => context.callback('x');"),
    },
  );
  await worker.until(() => worker.traces.flat().length === 250);
  assert.ok(worker.traces.every((batch) => batch.length <= 100));
  assert.equal(new Set(worker.traces.flat().map((record) => record.span)).size, 250);
  await worker.invoke({ headers: { 'Task-Name': 'b' } });
  const { worker: idle } = await resultOf(
    t,
    "await session.post('http://127.0.0.1:8123/b');",
    { FUSIONIZER_URL: 'http://127.0.0.1:8123' },
    {
      b: task("exports.handler = (context) => context.callback('x');"),
    },
  );
  await idle.until(() => idle.traces.flat().length === 1);
});
