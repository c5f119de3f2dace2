'use strict';

// The function's token, and what else is a caller's own, go to the server's address and nowhere else.
const assert = require('node:assert/strict');
const { test } = require('node:test');
const { startServer, startWorker, task } = require('./harness');

/** Runs code in a handler that has `base` (the server) and `evil` (somebody else's) and their ports. */
async function run(t, code, redirects = {}) {
  const redirect = (request, response) => {
    const location = redirects[request.url]?.({ base: server.url, evil: evil.url, evilPort: evil.port });
    if (location === undefined) response.end('ok');
    else response.writeHead(307, { Location: location }).end();
  };
  const server = await startServer(t, redirect);
  const evil = await startServer(t, redirect);
  const names = `const base = '${server.url}', evil = '${evil.url}', port = ${server.port}, evilPort = ${evil.port};`;
  const source = `exports.handler = async (context, event, session) => { ${names} ${code} context.callback('done'); };`;
  const worker = await startWorker(
    t,
    { a: task(source) },
    { FUSIONIZER_URL: server.url, FUSIONIZER_TOKEN: 'secret-token' },
  );
  const answer = await worker.invoke({ headers: { 'Task-Name': 'a' } });
  assert.equal(answer.text, 'done');
  return { server, evil };
}

function assertNothingLeaked(requests, count) {
  assert.equal(requests.length, count);
  for (const { headers } of requests) {
    assert.doesNotMatch(JSON.stringify(headers), /secret-token|own-header|own-cookie/);
    for (const name of ['authorization', 'cookie', 'fusionizer-event', 'fusionizer-caller'])
      assert.equal(headers[name], undefined, name);
  }
}

test('other hosts and ports never get the token', async (t) => {
  const { server, evil } = await run(
    t,
    `await session.get(evil + '/x');
     await session.post(evil + '/-/tasks/a/invoke');
     await session.get(evil + '/-/traces');`,
  );
  assertNothingLeaked(evil.requests, 3);
  assert.equal(server.requests.length, 0);
});

test("URLs that look like the server's do not get the token", async (t) => {
  const { server, evil } = await run(
    t,
    `for (const url of [
       \`http://localhost:\${evilPort}/\${base}/b\`,
       \`http://127.0.0.1:\${evilPort}?@127.0.0.1:\${port}/b\`,
       \`http://127.0.0.1:\${evilPort}#@127.0.0.1:\${port}/b\`,
       \`http://127.0.0.1:\${evilPort}\\\\@127.0.0.1:\${port}/b\`,
     ]) await session.get(url);
     // fetch takes no URL with a user in it: nothing is sent at all.
     await session.get(\`http://127.0.0.1:\${port}@127.0.0.1:\${evilPort}/b\`)
       .then(() => { throw new Error('sent'); }, (error) => { if (!/credentials/.test(error.message)) throw error; });
     // On the server they are a caller's own, in place of the token.
     await session.get(\`http://user:pass@127.0.0.1:\${port}/b/\`);`,
  );
  assertNothingLeaked(evil.requests, 4);
  assert.deepEqual(
    server.requests.map(({ headers }) => headers.authorization),
    ['Basic dXNlcjpwYXNz'],
  );
});

test("another name of this machine is the server's address, and the request goes to the one that is known", async (t) => {
  const { server } = await run(t, "await session.get('http://localhost:' + port + '/b/x');");
  assert.deepEqual(
    server.requests.map(({ headers }) => headers.authorization),
    ['Bearer secret-token'],
  );
});

test('redirects within the server do not carry the token', async (t) => {
  const { server } = await run(t, "await session.get(base + '/b/from'); await session.get(base + '/-/from');", {
    '/b/from': () => '/b/to',
    '/-/from': () => '/-/to',
  });
  const sent = server.requests.map(({ url, headers }) => [url, headers.authorization]);
  assert.deepEqual(sent, [
    ['/b/from', 'Bearer secret-token'],
    ['/b/to', undefined],
    ['/-/from', 'Bearer secret-token'],
    ['/-/to', undefined],
  ]);
});

test('redirects to another host or port carry nothing of the caller', async (t) => {
  const headers = "{ headers: { authorization: 'own-header', cookie: 'own-cookie' }, body: 'x' }";
  const { evil } = await run(
    t,
    `for (const path of ['/b/port', '/b/host', '/-/port']) await session.post(base + path, ${headers});`,
    {
      '/b/port': ({ evil }) => `${evil}/x`,
      '/b/host': ({ evilPort }) => `http://localhost:${evilPort}/x`,
      '/-/port': ({ evil }) => `${evil}/x`,
    },
  );
  assertNothingLeaked(evil.requests, 3);
});

test('redirects from another host to the server do not carry the token', async (t) => {
  const { server } = await run(t, "await session.get(evil + '/away');", {
    '/away': ({ base }) => `${base}/-/tasks/b/invoke`,
  });
  assert.equal(server.requests.length, 1);
  // An ordinary client names the event, which is nothing that others know.
  const { 'fusionizer-event': event, ...headers } = server.requests[0].headers;
  assert.match(event, /^[0-9a-f]{16}$/);
  assertNothingLeaked([{ headers }], 1);
});
