'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { Worker, startWorker, task } = require('./harness');

const SAY = (text) => `exports.handler = (context) => context.callback('${text}');`;

const FORMS = [
  ['handler', { 'handler.js': SAY('x') }],
  ['main:handler', { 'main.js': SAY('x') }],
  ['main.js:handler', { 'main.js': SAY('x') }],
  ['sub/x.js:handler', { 'sub/x.js': SAY('x') }],
  ['lib:handler', { 'lib/index.js': SAY('x') }],
  ['main:handler', { 'main.mjs': "export const handler = (context) => context.callback('x');" }],
  ['main.mjs:run', { 'main.mjs': "await null; export default { run: (context) => context.callback('x') };" }],
  [
    'main:handler',
    { 'package.json': '{"type":"module"}', 'main.js': "export function handler(context) { context.callback('x'); }" },
  ],
];

for (const [handler, files] of FORMS) {
  test(`handler '${handler}' is found in ${Object.keys(files)}`, async (t) => {
    const worker = await startWorker(t, { a: { handler, files } });
    assert.equal((await worker.invoke()).text, 'x');
  });
}

/** A package that must not start, and what it says. */
async function failure(t, tasks) {
  const worker = new Worker(tasks);
  t.after(() => worker.close());
  await worker.until(() => worker.exit);
  assert.equal(worker.started, false);
  assert.equal(worker.exit.code, 1);
  return worker.failed;
}

test('a missing file fails the start and is named', async (t) => {
  const failed = await failure(t, { a: task('', { handler: 'nope:handler' }) });
  assert.equal(failed.task, 'a');
  assert.equal(failed.message, "spec.handler is nope:handler, but there is no file nope.js in the Task's folder");
  assert.deepEqual(failed.keys, ['spec', 'handler']);
});

test('a missing export fails the start with the exports that there are', async (t) => {
  const failed = await failure(t, { a: task('exports.handle = () => {}; exports.limit = 1;') });
  assert.equal(failed.message, "spec.handler is main:handler, but main.js has no function 'handler' (it has: handle)");
  assert.deepEqual(failed.keys, ['spec', 'handler']);
});

const LATER = [
  ['after a timer', { 'main.js': `setTimeout(() => { ${SAY('x')} }, 300);` }],
  ['after a promise', { 'main.js': `(async () => { for (let i = 0; i < 99; i += 1) await null; ${SAY('x')} })();` }],
  ['after a read', { 'main.js': `require('node:fs').readFile(__filename, () => { ${SAY('x')} });` }],
  [
    'of an ES module',
    { 'main.mjs': "export let handler; setTimeout(() => { handler = (context) => context.callback('x'); }, 300);" },
  ],
];

for (const [when, files] of LATER) {
  test(`a handler that its module exports later is waited for: ${when}`, async (t) => {
    const worker = await startWorker(t, { a: { files } });
    assert.equal((await worker.invoke()).text, 'x');
  });
}

test('a syntax error fails the start with file and line', async (t) => {
  const failed = await failure(t, {
    a: { files: { 'main.js': "require('./lib/y');", 'lib/y.js': 'const a = 1;\nlet b = ;\n' } },
  });
  assert.equal(failed.file, 'lib/y.js');
  assert.equal(failed.line, 2);
  assert.match(failed.message, /^SyntaxError: Unexpected token/);
});

test('a syntax error in an ES module fails the start with file and line', async (t) => {
  const failed = await failure(t, { a: { files: { 'main.mjs': 'export const a = 1;\n\nlet b = ;\n' } } });
  assert.equal(failed.file, 'main.mjs');
  assert.equal(failed.line, 3);
});

test('a missing module fails the start with the place that wants it', async (t) => {
  const failed = await failure(t, { a: task("\nrequire('no-such-package');") });
  assert.equal(failed.message, "Error: Cannot find module 'no-such-package'");
  assert.equal(failed.file, 'main.js');
  assert.equal(failed.line, 2);
});

test('an initContext that throws or rejects fails the start', async (t) => {
  const thrown = await failure(t, {
    a: task("exports.handler = () => {};\nexports.initContext = () => { throw new Error('no database'); };"),
  });
  assert.deepEqual([thrown.message, thrown.task, thrown.file, thrown.line], ['Error: no database', 'a', 'main.js', 2]);
  const rejected = await failure(t, {
    a: task("exports.handler = () => {};\nexports.initContext = async () => { throw new Error('later'); };"),
  });
  assert.equal(rejected.message, 'Error: later');
});

test('an initContext that never ends, with nothing left to do, fails the start', async (t) => {
  const failed = await failure(t, {
    a: task('exports.handler = () => {}; exports.initContext = () => new Promise(() => {});'),
  });
  assert.match(failed.message, /initContext/);
});

test('an error thrown outside of initContext while the function starts fails the start', async (t) => {
  const source = `exports.handler = () => {};
    exports.initContext = () => new Promise(() => setTimeout(() => { throw new Error('timer'); }));`;
  assert.equal((await failure(t, { a: task(source) })).message, 'Error: timer');
});

test('initContext runs once per Task in group order, is awaited, and can log', async (t) => {
  const source = (name) => `exports.initContext = async (context) => {
    context.logger.infoWith('init', { name: '${name}' });
    await new Promise((resolve) => setImmediate(resolve));
    context.userData.ready = '${name}';
    context.own = '${name}';
  };
  exports.handler = (context) => context.callback([context.userData.ready, context.own, 1]);`;
  const worker = await startWorker(t, { b: task(source('b')), a: task(source('a')) });
  assert.deepEqual(
    worker.logs.map((log) => [log.task, log.with.name]),
    [
      ['b', 'b'],
      ['a', 'a'],
    ],
  );
  for (const name of ['a', 'b', 'a']) {
    const answer = await worker.invoke({ headers: { 'Task-Name': name } });
    assert.deepEqual(JSON.parse(answer.text), [name, name, 1]);
  }
});

test('each Task requires its own modules', async (t) => {
  const files = (name) => ({
    'main.js': "exports.handler = (context) => context.callback(require('./utils') + require('dep'));",
    'utils.js': `module.exports = 'utils of ${name}, ';`,
    'node_modules/dep/index.js': `module.exports = 'dep of ${name}';`,
  });
  const worker = await startWorker(t, { a: { files: files('a') }, b: { files: files('b') } });
  assert.equal((await worker.invoke({ headers: { 'Task-Name': 'a' } })).text, 'utils of a, dep of a');
  assert.equal((await worker.invoke({ headers: { 'Task-Name': 'b' } })).text, 'utils of b, dep of b');
});

test('what build commands have installed is found by NODE_PATH', async (t) => {
  const installed = await startWorker(t, {
    a: { files: { 'main.js': SAY('x'), 'prefix/dep/index.js': "module.exports = 'installed';" } },
  });
  const source = "exports.handler = (context) => context.callback(require('dep'));";
  const worker = await startWorker(t, { a: task(source) }, { NODE_PATH: `${installed.build}/tasks/a/prefix` });
  assert.equal((await worker.invoke()).text, 'installed');
});
