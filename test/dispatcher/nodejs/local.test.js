'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { startWorker, task } = require('./harness');
const { A, resultOf, SERVER, TRACE } = require('./localCalls');

test('errors of a callee are its 500, as if it were remote', async (t) => {
  const { value } = await resultOf(
    t,
    `const results = [];
     for (const what of ['sync', 'async', 'never', 'bigint']) {
       const r = await session.post('http://127.0.0.1:8123/b', { body: what });
       results.push([r.status, r.headers.get('content-type'), (await r.text()).split('\\n')[0]]);
     }
     return results;`,
    {
      b: task(`exports.handler = async (context, event) => {
        const what = event.body.toString();
        if (what === 'never') return new Promise(() => {});
        if (what === 'bigint') return context.callback(1n);
        if (what === 'async') await null;
        throw new Error(what);
      };`),
    },
  );
  assert.deepEqual(value.slice(0, 2), [
    [500, 'text/plain', 'Error in handler: Error: sync'],
    [500, 'text/plain', 'Error in handler: Error: async'],
  ]);
  assert.match(value[2][2], /'b' ended without calling context\.callback/);
  assert.match(value[3][2], /BigInt/);
});

test('a caller whose callee and itself never call back is answered too', async (t) => {
  const worker = await startWorker(
    t,
    {
      a: task(
        "exports.handler = async (context, event, session) => { await session.post('http://127.0.0.1:8123/b'); };",
      ),
      b: task('exports.handler = () => {};'),
    },
    SERVER,
  );
  assert.match((await worker.invoke({ headers: A })).text, /'a' ended without/);
});

test('concurrent local calls of one Task do not mix up', async (t) => {
  const { value } = await resultOf(
    t,
    `const post = (ms) => session.post('http://127.0.0.1:8123/b', { json: ms });
     const answers = await Promise.all([30, 10, 20, 0].map(post));
     return Promise.all(answers.map((r) => r.json()));`,
    {
      b: task(`exports.handler = async (context, event) => {
        const ms = JSON.parse(event.body);
        await new Promise((resolve) => setTimeout(resolve, ms));
        context.callback({ ms });
      };`),
    },
  );
  assert.deepEqual(value, [{ ms: 30 }, { ms: 10 }, { ms: 20 }, { ms: 0 }]);
});

test("a callee cannot change its caller's data, nor the caller the callee's", async (t) => {
  const { value } = await resultOf(
    t,
    `const body = Buffer.from('mine');
     const sent = session.post('http://127.0.0.1:8123/b', { body });
     body.fill('x');
     const r = await sent;
     const again = await session.post('http://127.0.0.1:8123/b', { body: 'mine' });
     return [await r.text(), body.toString(), await again.text()];`,
    {
      b: task(`const kept = Buffer.from('answer');
        exports.handler = async (context, event) => {
          await null;
          const seen = event.body.toString();
          event.body.fill('y');
          event.headers.Host = 'changed'; event.trigger.name = 'changed'; event.fields.x = 1;
          context.callback(seen + ' ' + event.body);
          kept.fill('z');
        };`),
    },
  );
  assert.deepEqual(value, ['mine yyyy', 'xxxx', 'mine yyyy']);
});

test('a Buffer given to the callback is answered as it was then', async (t) => {
  const { value } = await resultOf(t, "return (await session.post('http://127.0.0.1:8123/b')).text();", {
    b: task("exports.handler = (context) => { const b = Buffer.from('before'); context.callback(b); b.fill('x'); };"),
  });
  assert.equal(value, 'before');
});

test('Tasks have their own userData, init and context', async (t) => {
  const source = (name) =>
    `exports.initContext = (context) => { context.userData.name = '${name}'; context.db = 'db of ${name}'; };`;
  const { value } = await resultOf(t, "return (await session.post('http://127.0.0.1:8123/b')).json();", {
    b: task(`${source('b')} exports.handler = (context) => context.callback([context.userData.name, context.db, 0]);`),
    c: task(`${source('c')} exports.handler = () => {};`),
  });
  assert.deepEqual(value, ['b', 'db of b', 0]);
});

test('a third parameter is needed for a session; others are as in Nuclio', async (t) => {
  const { value } = await resultOf(t, "return (await session.post('http://127.0.0.1:8123/b')).json();", {
    b: task('exports.handler = (context, event, ...rest) => context.callback(rest.length);'),
  });
  assert.equal(value, 0);
});

test('calls that nest deeply do not exhaust the stack', async (t) => {
  const worker = await startWorker(
    t,
    {
      a: task(`exports.handler = async (context, event, session) => {
        const left = Number(event.body.toString());
        if (left === 0) return context.callback('bottom');
        context.callback(await (await session.post('http://127.0.0.1:8123/a', { body: String(left - 1) })).text());
      };`),
    },
    { ...SERVER, FUSIONIZER_MAX_DEPTH: '5001' },
  );
  assert.equal((await worker.invoke({}, '5000')).text, 'bottom');
});

test('X-Nuclio-Log-Level of a local call is answered with its logs', async (t) => {
  const { value, worker } = await resultOf(
    t,
    `const logs = async (level, body) => {
       const r = await session.post('http://127.0.0.1:8123/b', { body, headers: { 'x-nuclio-log-level': level } });
       return JSON.parse(r.headers.get('x-nuclio-logs'));
     };
     return [await logs('warn', '1'), await logs('none', '1'), await logs('debug', '5000')];`,
    {
      b: task(`exports.handler = (context, event) => {
        context.logger.debug('d');
        context.logger.warnWith('w'.repeat(Number(event.body)), { extra: 1 });
        context.callback('x');
      };`),
    },
  );
  assert.deepEqual(
    value[0].map(({ time, ...log }) => log),
    [{ level: 'warn', name: 'default-http', message: 'w', extra: 1 }],
  );
  assert.deepEqual(
    value[1].map((log) => log.level),
    ['debug', 'warn'],
  );
  assert.equal(value[2], null);
  assert.equal(worker.logs.length, 6);
  assert.deepEqual([...new Set(worker.logs.map((log) => `${log.task} ${log.trace}`))], [`b ${TRACE}`]);
});

test('context.platform.call_function calls a Task of this function locally', async (t) => {
  const { value, worker } = await resultOf(
    t,
    `const { callFunction } = context.platform;
     const sent = { body: { n: 1 }, path: '/x?q=1', headers: { 'x-a': '1' } };
     const json = await context.platform.call_function('b', sent);
     const bytes = await callFunction('b', { method: 'PUT', body: 'text' });
     const none = await callFunction('b');
     const wrong = await Promise.all([null, 'text', 5].map((event) => callFunction('b', event).catch(String)));
     return { json, bytes: [bytes.body.toString(), bytes.content_type], none: none.body.toString(), wrong };`,
    {
      b: task(`exports.handler = (context, event) => {
        const { method, path, content_type, fields } = event;
        if (content_type === 'application/json') {
          const target = event.headers['X-Nuclio-Target'];
          return context.callback({ method, path, fields, target, sent: JSON.parse(event.body) });
        }
        context.callback(new context.Response(method + ' ' + content_type, { 'X-Out': '1' }, 'text/x', 201));
      };`),
    },
  );
  assert.deepEqual(value.json.body, { method: 'POST', path: '/x', fields: { q: '1' }, target: 'b', sent: { n: 1 } });
  assert.deepEqual(
    [value.json.status_code, value.json.content_type, value.json.headers['fusionizer-trace-id']],
    [200, 'application/json', TRACE],
  );
  assert.deepEqual(value.bytes, ['PUT text/plain', 'text/x']);
  assert.equal(value.none, 'GET text/plain');
  for (const text of value.wrong)
    assert.match(text, /^TypeError: The event of call_function is .*, not an object: write/);
  worker.input.end();
  await worker.until(() => worker.exit);
  assert.deepEqual(
    worker.traces.flat().map(({ caller, callee, local, status }) => [caller, callee, local, status]),
    [
      ['a', 'b', true, 200],
      ['a', 'b', true, 201],
      ['a', 'b', true, 201],
    ],
  );
});

test('a local callee runs at once, up to its first await', async (t) => {
  const { value } = await resultOf(
    t,
    `const order = [];
     globalThis.note = (what) => order.push(what);
     const answer = session.post('http://127.0.0.1:8123/b');
     note('caller goes on');
     await answer;
     return order;`,
    {
      b: task(`exports.handler = async (context) => {
        note('callee begins');
        await null;
        note('callee goes on');
        context.callback('x');
      };`),
    },
  );
  assert.deepEqual(value, ['callee begins', 'caller goes on', 'callee goes on']);
});
