'use strict';

// What a Task changes in its process while it loads, and whether another Task of the function sees it:
// docs/differences.md lists what is seen.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { startWorker } = require('./harness');

/** What one Task does, what another one asks, and whether it sees the other's change. */
const STATE = {
  // Kept apart.
  'a variable of a module': ['var madeUp = 1; let other = 2;', "typeof madeUp !== 'undefined'", false],
  "a module's exports": ["require('./part').who = 'changed'", "require('./part').who === 'changed'", false],
  AsyncLocalStorage: ['store.enterWith(1)', 'store.getStore() === 1', false],
  // Seen: the process has one of each.
  globalThis: ['globalThis.madeUpToo = 1', "typeof madeUpToo !== 'undefined'", true],
  'a prototype': ['Array.prototype.madeUp = 1', '[].madeUp === 1', true],
  "a built-in module's function": [
    "require('node:os').hostname = () => 'x'",
    "require('node:os').hostname() === 'x'",
    true,
  ],
  'process.env': ["process.env.MADE_UP = '1'", "process.env.MADE_UP === '1'", true],
  'process.chdir': ["process.chdir('/')", "process.cwd() === '/'", true],
  'the umask': ['process.umask(0o077)', 'process.umask(0o077) === 0o077', true],
  'a listener of the process': ["process.on('SIGUSR2', () => {})", "process.listenerCount('SIGUSR2') === 1", true],
  "a listener of 'uncaughtException'": [
    "process.on('uncaughtException', () => {})",
    "process.listenerCount('uncaughtException') > 1",
    true,
  ],
  'Module._extensions': ["require.extensions['.up'] = () => {}", "'.up' in require.extensions", true],
  'Module._resolveFilename': [
    "const M = require('node:module'); const old = M._resolveFilename; M._resolveFilename = (n, ...r) => old(n === 'made-up' ? 'fs' : n, ...r)",
    "(() => { try { return require('made-up') !== undefined } catch { return false } })()",
    true,
  ],
  'a hook of require': [
    "require.cache[require.resolve('node:path')] = 1",
    "require.cache[require.resolve('node:path')] === 1",
    true,
  ],
  'the global agent': [
    "require('node:http').globalAgent.maxSockets = 3",
    "require('node:http').globalAgent.maxSockets === 3",
    true,
  ],
  'Error.stackTraceLimit': ['Error.stackTraceLimit = 5', 'Error.stackTraceLimit === 5', true],
  console: ['console.info = () => 5', 'console.info() === 5', true],
  'JSON.stringify': ["JSON.stringify = () => 'patched'", "JSON.stringify({}) === 'patched'", true],
};

const HEAD = `
const { AsyncLocalStorage } = require('node:async_hooks');
globalThis.store ??= new AsyncLocalStorage();
`;
const to = (name) => ({ headers: { 'Task-Name': name } });
const asked = `${HEAD}
const ASKED = {${Object.entries(STATE).map(([name, [, ask]]) => `${JSON.stringify(name)}: () => ${ask}`)}};
exports.handler = (context) => context.callback(Object.keys(ASKED).filter((name) => ASKED[name]()).join(';'));`;

test('what another Task of the function sees of a change', async (t) => {
  const changes = `${HEAD} ${Object.values(STATE)
    .map(([change]) => `{ ${change}; }`)
    .join('\n')}
    exports.handler = (context) => context.callback({ still: 'here' });`;
  const seen = Object.keys(STATE).filter((name) => STATE[name][2]);
  const part = 'exports.who = 1;';
  const asks = { files: { 'main.js': asked, 'part.js': part } };
  const alone = await startWorker(t, { asks });
  assert.equal((await alone.invoke(to('asks'))).text, '');
  const fused = await startWorker(t, { changes: { files: { 'main.js': changes, 'part.js': part } }, asks });
  assert.equal((await fused.invoke(to('asks'))).text, seen.join(';'));
  // As in Nuclio, a Task's own JSON.stringify writes its answers. It does not write frames for the server.
  assert.equal((await fused.invoke(to('changes'))).text, 'patched');
});
