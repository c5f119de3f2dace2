'use strict';

// Stacks name the user's files and Node.js's own, never the Dispatcher's, and are the same alone and in a local call.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { Worker, startWorker, task } = require('./harness');

const FAILS = `
const { Worker, isMainThread } = require('node:worker_threads');
const fs = require('node:fs');
if (!isMainThread) throw new Error('in a thread');
const tick = () => new Promise((resolve) => setTimeout(resolve, 1));
const later = async () => { await tick(); throw new Error('later'); };
const FAILS = {
  thrown: () => { throw new Error('thrown'); },
  typed: () => null.x,
  async: async () => { await later(); },
  rejected: () => Promise.reject(new Error('rejected')),
  'rejected later': async () => { await tick(); await Promise.reject(new Error('rejected later')); },
  'with a cause': () => { try { null.x; } catch (cause) { throw new Error('outer', { cause }); } },
  several: () => Promise.any([later(), later()]),
  'with causes of the session': async (context, event, session) => {
    const errors = [];
    for (const url of ['nonsense', 'http://h:1/a'])
      await session.fetch(url, { method: 'bad method' }).catch((cause) => errors.push(new Error(url, { cause })));
    throw new AggregateError(errors, 'several', { cause: errors[0] });
  },
  'an object with errors': () => { throw { inner: new Error('inner', { cause: new Error('its cause') }), more: [new Error('one')] }; },
  'of another realm': () => require('node:vm').runInNewContext('throw new Error("elsewhere")'),
  'in a callback': () => new Promise((_, reject) => fs.readFile('/nowhere', () => reject(new Error('in a callback')))),
  'in an event': () => { new (require('node:events'))().on('x', () => { throw new Error('in an event'); }).emit('x'); },
  'in a thread': () => new Promise((_, reject) => new Worker(__filename).on('error', reject)),
  'in a child': () =>
    require('node:child_process').execFileSync(process.execPath, ['-e', 'throw new Error("in a child")'], {
      stdio: 'pipe',
    }),
  'of the session': (context, event, session) => session.fetch('http://h:1/a', { method: 'bad method' }),
  'of fetch': (context, event, session) => session.fetch('nonsense'),
  'of the body': async (context, event, session) => (await session.get('http://h:1/says/')).json(),
  'of a getter': (context) => new context.Response({ get a() { throw new Error('of a getter'); } }),
  'a syntax error': () => require('./bad.js'),
  'a syntax error of an ES module': () => import('./bad.mjs'),
  'a missing module': () => require('./nowhere.js'),
  'a missing ES module': () => import('./nowhere.mjs'),
  'in eval': () => eval('throw new Error("in eval")'),
  'of fetch itself': () => globalThis.fetch('http://127.0.0.1:9/'),
  'in a timer': () => new Promise((_, reject) => setTimeout(() => reject(new Error('in a timer')), 1)),
  'in setImmediate': () => new Promise((_, reject) => setImmediate(() => reject(new Error('immediate')))),
  'at require': () => require('./throws.js'),
  'at import': () => import('./throws.mjs'),
  'of the file system': () => fs.readFileSync('/nowhere'),
  'of its promises': () => fs.promises.readFile('/nowhere'),
  'of JSON': () => JSON.parse('{'),
  'a long stack': () => {
    Error.stackTraceLimit = 100;
    try { (function down(n) { if (n === 0) throw new Error('long'); down(n - 1); })(30); } finally { Error.stackTraceLimit = 10; }
  },
};
exports.handler = async (context, event, session) => {
  if (event.path === '/names') return context.callback([200, Object.keys(FAILS)]);
  context.callback(await FAILS[event.body](context, event, session));
};`;
const RELAY = `exports.handler = async (context, event, session) => {
  const answer = await session.post('http://h:1/fails', { body: event.body });
  context.callback([200, [answer.status, await answer.text()]]);
};`;
const BAD = 'exports.x = 1;\nlet let = 3;\n';
const THROWS = 'throw new Error("at load");\n';
const fails = {
  files: { 'main.js': FAILS, 'bad.js': BAD, 'bad.mjs': BAD, 'throws.js': THROWS, 'throws.mjs': THROWS },
};
const URL = { FUSIONIZER_URL: 'http://h:1' };
const to = (name, more) => ({ method: 'POST', headers: { 'Task-Name': name }, ...more });
const OURS =
  /fusionizer_|dispatcher[\\/]nodejs|node:internal\/(timers|process|modules|async_hooks|deps)|node:async_hooks/;

/** The last frame of each stack in a text. */
const ends = (text) => [...text.matchAll(/^ +at .*(?=\n(?! +at )|\n?$(?![\s\S]))/gm)].map(([line]) => line);

test('of errors of all kinds', async (t) => {
  const says = task("exports.handler = (context) => context.callback('no JSON');");
  const direct = await startWorker(t, { fails, says }, URL);
  const fused = await startWorker(t, { relay: task(RELAY), fails, says }, URL);
  const names = JSON.parse((await direct.invoke(to('fails', { path: '/names' }))).text);
  assert.ok(names.length > 20);
  for (const name of names) {
    const { status, text } = await direct.invoke(to('fails'), name);
    assert.equal(status, 500, name);
    assert.doesNotMatch(text, OURS, name);
    for (const end of ends(text)) assert.match(end, /main\.js|bad\.m?js|throws\.m?js|\[eval\]|evalmachine/, name);
    const relayed = await fused.invoke(to('relay'), name);
    assert.equal(relayed.status, 200, relayed.text);
    const places = (worker, shown) => shown.replaceAll(worker.build, '<build>');
    assert.deepEqual(
      JSON.parse(relayed.text).map((part) => (part === 500 ? part : places(fused, part))),
      [500, places(direct, text)],
      name,
    );
  }
});

test('of a Task that does not start', async (t) => {
  for (const [source, message, file, line] of [
    [BAD, /^SyntaxError: /, 'main.js', 2],
    ["\nrequire('./nowhere.js');", /^Error: Cannot find module '\.\/nowhere\.js'/, 'main.js', 2],
    ["\nrequire('./bad.js');", /^SyntaxError: /, 'bad.js', 2],
    ["\nthrow new Error('at load');", /^Error: at load/, 'main.js', 2],
    [
      "exports.handler = () => {};\nexports.initContext = () => { throw new Error('init'); };",
      /^Error: init/,
      'main.js',
      2,
    ],
    [
      "exports.handler = () => {};\nexports.initContext = async () => {\n  await null;\n  throw new Error('init'); };",
      /^Error: init/,
      'main.js',
      4,
    ],
    ["\nthrow { error: new Error('inner') };", /^\{\s+error: Error: inner/, 'main.js', 2],
  ]) {
    for (const more of [{}, { other: task('exports.handler = () => {};') }]) {
      const worker = new Worker({ one: { files: { 'main.js': source, 'bad.js': BAD } }, ...more });
      t.after(() => worker.close());
      await worker.until(() => worker.failed && worker.exit);
      const { failed } = worker;
      assert.match(failed.message, message);
      assert.doesNotMatch(failed.traceback, OURS, failed.traceback);
      assert.deepEqual([failed.task, failed.file, failed.line], ['one', file, line]);
    }
  }
});

test('in the logs', async (t) => {
  const logs = task(`exports.handler = (context) => {
  const error = new Error('outer', { cause: new Error('inner') });
  context.logger.error(error);
  context.logger.warn(error.stack);
  context.logger.infoWith('fields', { stack: error.stack, more: { stack: error.stack }, plain: 'at noon' });
  context.logger.error([error, new Error('plain'), new Error('last')]);
  context.callback('');
};`);
  const worker = await startWorker(t, { logs });
  await worker.invoke(to('logs'));
  assert.equal(worker.logs.length, 4);
  for (const record of worker.logs) assert.doesNotMatch(JSON.stringify(record), OURS);
  const [inspected, stack, fields, list] = worker.logs;
  assert.match(
    inspected.message,
    /^Error: outer\n {4}at exports\.handler \(.*main\.js:2:17\) \{\n {2}\[cause\]: Error: inner\n/,
  );
  assert.match(
    list.message,
    /\n {4}\[cause\]: Error: inner\n {8}at [^\n]*\n {2}\},\n {2}Error: plain\n {6}at [^\n]*\),\n {2}Error: last\n {6}at [^\n]*\)\n\]$/,
  );
  assert.match(stack.message, /^Error: outer\n {4}at exports\.handler \(.*main\.js:2:17\)$/);
  assert.deepEqual(fields.with, { stack: stack.message, more: { stack: stack.message }, plain: 'at noon' });
});
