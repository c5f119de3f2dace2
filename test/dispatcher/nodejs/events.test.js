'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { startWorker, task } = require('./harness');

test('the event has every key of Nuclio, and its body is a Buffer', async (t) => {
  const worker = await startWorker(t, {
    a: task(`exports.handler = (context, event) => context.callback({
      keys: Object.keys(event).sort(), buffer: Buffer.isBuffer(event.body), time: event.timestamp.toISOString(),
      types: [event.content_type, event['content-type']], trigger: event.trigger, context: Object.keys(context).sort(),
    });`),
  });
  const answer = JSON.parse(
    (await worker.invoke({ body_null: true, content_type: 'text/x', timestamp: 1732170000 })).text,
  );
  assert.deepEqual(answer.keys, [
    'body',
    'content-type',
    'content_type',
    'fields',
    'headers',
    'id',
    'method',
    'num_shards',
    'offset',
    'path',
    'shard_id',
    'size',
    'timestamp',
    'topic',
    'trigger',
    'type',
    'type_version',
    'url',
    'version',
  ]);
  assert.equal(answer.buffer, true);
  assert.equal(answer.time, '2024-11-21T06:20:00.000Z');
  assert.deepEqual(answer.types, ['text/x', 'text/x']);
  assert.deepEqual(answer.trigger, { kind: 'http', name: 'default-http' });
  assert.deepEqual(answer.context, ['Response', 'callback', 'logger', 'platform', 'userData']);
});

test("an event goes to the Task that its header names, to its trigger's Task, or to none", async (t) => {
  const source = (name) => `exports.handler = (context, event) => context.callback('${name} ' + event.trigger.name);`;
  const worker = await startWorker(t, {
    a: task(source('a'), { triggers: { 'a-tick': 'tick' } }),
    b: task(source('b')),
  });
  assert.equal((await worker.invoke({ headers: { 'Task-Name': 'b' } })).text, 'b default-http');
  assert.equal((await worker.invoke({ trigger: { kind: 'cron', name: 'a-tick' } })).text, 'a tick');
  const lost = await worker.invoke();
  assert.equal(lost.status, 400);
  assert.match(lost.text, /a, b/);
  const unknown = await worker.invoke({ headers: { 'Task-Name': 'c' } });
  assert.equal(unknown.status, 400);
  assert.match(unknown.text, /no Task 'c'.*a, b/);
});

const VALUES = [
  ['[1, "two"]', 500, 'text/plain', /1 is no HTTP status/],
  ['["one", 2]', 200, 'application/json', '["one",2]'],
  ['[1, 2, 3]', 200, 'application/json', '[1,2,3]'],
  ['[202, { x: 1 }]', 202, 'application/json', '{"x":1}'],
  ['[200]', 200, 'application/json', '[200]'],
  ['[204, ""]', 204, 'text/plain', ''],
  ['[200.5, ""]', 500, 'text/plain', /200\.5 is no HTTP status/],
  ['null', 200, 'application/json', 'null'],
  ['true', 200, 'application/json', 'true'],
  ['Buffer.from([0, 255])', 200, 'text/plain', Buffer.from([0, 255])],
  ['"žćč€"', 200, 'text/plain', 'žćč€'],
  ['new context.Response(Buffer.from("a"))', 200, 'application/json', '{"type":"Buffer","data":[97]}'],
  ['new context.Response("/wA=", {}, "image/png", 200, "base64")', 200, 'image/png', Buffer.from([255, 0])],
  ['new context.Response("x", {}, "", 200)', 200, 'text/plain; charset=utf-8', 'x'],
  ['new context.Response("x", {}, "text/plain", "201")', 500, 'text/plain', /201 is no HTTP status/],
  ['10n', 500, 'text/plain', /cannot be written as JSON: TypeError: Do not know how to serialize a BigInt/],
  [
    '(() => { const a = {}; a.a = a; return a; })()',
    500,
    'text/plain',
    /cannot be written as JSON: TypeError: Converting circular/,
  ],
];

test('values given to context.callback are answered as in Nuclio', async (t) => {
  const cases = VALUES.map(([source]) => `(context) => ${source}`).join(',\n');
  const worker = await startWorker(t, {
    a: task(`const cases = [${cases}];
    exports.handler = (context, event) => context.callback(cases[Number(event.body)](context));`),
  });
  for (const [index, [source, status, contentType, body]] of VALUES.entries()) {
    const answer = await worker.invoke({}, String(index));
    assert.equal(answer.status, status, source);
    assert.equal(answer.contentType, contentType, source);
    if (body instanceof RegExp) assert.match(answer.text, body);
    else assert.deepEqual(answer.body, Buffer.from(body), source);
  }
});

test('headers of a Response that are no strings are dropped, and Content-Type comes from its own field', async (t) => {
  const worker = await startWorker(t, {
    a: task(`exports.handler = (context) => context.callback(
      new context.Response(
        'x', { 'X-A': '1', 'X-B': 2, 'content-type': 'text/html', 'X-C': null }, 'text/css', 201));`),
  });
  const answer = await worker.invoke();
  assert.deepEqual([answer.status, answer.contentType, answer.headers], [201, 'text/css', { 'X-A': '1' }]);
});

test('only the first callback answers, also when a later event is there', async (t) => {
  const worker = await startWorker(t, {
    a: task(`let late;
      exports.handler = async (context, event) => {
        if (late) late('late answer');
        late = context.callback;
        context.callback(event.body.toString());
        context.callback('again');
      };`),
  });
  assert.equal((await worker.invoke({}, 'one')).text, 'one');
  assert.equal((await worker.invoke({}, 'two')).text, 'two');
});

test('what a handler sets on its context is there in the next event', async (t) => {
  const worker = await startWorker(t, {
    a: task(`exports.handler = async (context) => {
      context.count = (context.count ?? 0) + 1;
      context.userData.sum = (context.userData.sum ?? 0) + 10;
      context.callback({ count: context.count, sum: context.userData.sum });
    };`),
  });
  await worker.invoke();
  assert.deepEqual(JSON.parse((await worker.invoke()).text), { count: 2, sum: 20 });
});

test('a handler that throws, now or later, is a 500 with its stack, and the worker goes on', async (t) => {
  const worker = await startWorker(t, {
    a: task(`exports.handler = (context, event) => {
      const what = event.body.toString();
      if (what === 'sync') throw new Error('bad thing');
      if (what === 'async') return Promise.resolve().then(() => { throw new TypeError('bad later'); });
      if (what === 'value') throw { code: 7 };
      context.callback(what);
    };`),
  });
  const sync = await worker.invoke({}, 'sync');
  assert.equal(sync.status, 500);
  assert.match(sync.text, /^Error in handler: Error: bad thing\nError: bad thing\n {4}at .*main\.js:3/);
  assert.equal(worker.logs.at(-1).level, 'error');
  assert.match((await worker.invoke({}, 'async')).text, /^Error in handler: TypeError: bad later\n/);
  assert.equal((await worker.invoke({}, 'value')).text, 'Error in handler: { code: 7 }');
  assert.equal((await worker.invoke({}, 'fine')).text, 'fine');
});

test('a handler that ends without a callback is a 500 at once, and the worker goes on', async (t) => {
  const worker = await startWorker(t, {
    a: task(`exports.handler = (context, event) => {
      const what = event.body.toString();
      if (what === 'fine') return context.callback('fine');
      if (what === 'never') return new Promise(() => {});
      if (what === 'timer') { setTimeout(() => {}, 5); return; }
      return 'returned';
    };`),
  });
  for (const what of ['return', 'never', 'timer', 'never']) {
    const answer = await worker.invoke({}, what);
    assert.equal(answer.status, 500);
    assert.match(answer.text, /'a' ended without calling context\.callback/);
  }
  assert.equal((await worker.invoke({}, 'fine')).text, 'fine');
});

test('an error outside of the handler answers the running event and ends the worker', async (t) => {
  for (const source of [
    "setTimeout(() => { throw new Error('in a timer'); });",
    "Promise.reject(new Error('in a timer')); setTimeout(() => {}, 1000);",
  ]) {
    const worker = await startWorker(t, { a: task(`exports.handler = () => { ${source} };`) });
    const answer = await worker.invoke();
    assert.equal(answer.status, 500);
    assert.match(answer.text, /^Error in handler: Error: in a timer\nError: in a timer\n/);
    await worker.until(() => worker.exit);
    assert.equal(worker.exit.code, 1);
    assert.match(worker.stderr, /in a timer/);
  }
});

test("logs carry level, fields, Task and trace, and come before the event's answer", async (t) => {
  const trace = '0af7651916cd43dd8448eb211c80319c';
  const worker = await startWorker(t, {
    a: task(`exports.handler = (context) => {
      const { warnWith } = context.logger;
      warnWith('careful', { level: 'mine', list: [1] });
      context.logger.info({ not: 'text' });
      const cycle = {}; cycle.cycle = cycle;
      context.logger.errorWith('odd', cycle);
      context.callback('x');
    };`),
  });
  const before = Date.now();
  await worker.invoke({ headers: { Traceparent: `00-${trace}-b7ad6b7169203331-01` } });
  const [careful, object, odd] = worker.logs;
  assert.ok(careful.time >= before && careful.time <= Date.now());
  assert.deepEqual(
    { ...careful, time: 0 },
    { level: 'warn', message: 'careful', with: { level: 'mine', list: [1] }, time: 0, task: 'a', trace },
  );
  assert.equal(object.message, "{ not: 'text' }");
  assert.match(odd.with.fields, /Circular/);
});
