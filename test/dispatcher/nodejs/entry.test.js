'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const { DISPATCHER, task, writePackage } = require('./harness');

/** A stand-in for Nuclio's own wrapper: one context, plain values, no worker of this project. */
const WRAPPER = `
const { handler, initContext } = require(process.argv[1] + '/fusionizer_entry.js');
class Response {
  constructor(body, headers, content_type, status_code) {
    Object.assign(this, { body, headers, content_type, status_code });
  }
}
let connected = false;
const logged = [];
const log = (message, fields) => {
  if (!connected) throw new TypeError('no socket');
  logged.push([message, Object.keys(fields)]);
};
const context = { userData: {}, Response, logger: { infoWith: log, errorWith: log } };
// Not awaited, as in Nuclio: the first event comes before the Tasks are loaded.
initContext(context).then(() => { connected = true; });
const invoke = (headers) => new Promise((callback) => {
  const trigger = { kind: 'http', name: 'http' };
  const event = { body: Buffer.from('7'), headers, path: '/', fields: {}, trigger };
  handler(Object.assign(Object.create(context), { callback }), event);
});
(async () => {
  const results = [];
  for (const name of ['a', 'thrower', 'nobody']) {
    const value = await invoke({ 'Task-Name': name });
    results.push(value instanceof Response ? [value.status_code, value.body.split('\\n')[0]] : value);
  }
  console.log(JSON.stringify({ results, logged }));
})();
`;

test("a function package works in a wrapper like Nuclio's own, with the Dispatcher inside", () => {
  const build = writePackage({
    a: task(`exports.initContext = async (context) => {
        context.logger.info('init');
        await null;
        context.userData.ready = true;
      };
      exports.handler = async (context, event, session) => {
        context.logger.infoWith('asked', { n: 1 });
        const { body } = await context.platform.call_function('b', { body: JSON.parse(event.body) });
        const own = new context.Response('x').constructor.name;
        context.callback([202, { ...body, ready: context.userData.ready, own }]);
      };`),
    b: {
      files: {
        'main.mjs': 'export const handler = (context, event) => context.callback({ n: JSON.parse(event.body) + 1 });',
      },
    },
    thrower: task("exports.handler = async () => { throw new Error('bad thing'); };"),
  });
  try {
    fs.cpSync(path.join(DISPATCHER, 'fusionizer_dispatcher'), path.join(build, 'fusionizer_dispatcher'), {
      recursive: true,
    });
    const printed = execFileSync(process.execPath, ['-e', WRAPPER, build], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH },
    });
    const [init, result] = printed.trim().split('\n');
    assert.match(init, /^info init \{"task":"a"/);
    const { results, logged } = JSON.parse(result);
    assert.deepEqual(results[0], [202, { n: 8, ready: true, own: 'Response' }]);
    assert.deepEqual(results[1], [500, 'Error in handler: Error: bad thing']);
    assert.deepEqual(results[2], [
      400,
      "This function has no Task 'nobody': set the header Task-Name to one of a, b, thrower",
    ]);
    assert.deepEqual(logged[0], ['asked', ['n', 'task', 'trace']]);
  } finally {
    fs.rmSync(build, { recursive: true, force: true });
  }
});

test('a broken manifest is refused with its file', () => {
  const build = writePackage({ a: task('') });
  try {
    fs.writeFileSync(path.join(build, 'fusionizer.json'), '{"version":2}');
    const { entry } = require(path.join(DISPATCHER, 'fusionizer_dispatcher'));
    assert.throws(() => entry(build), /fusionizer\.json: version 2/);
    fs.writeFileSync(path.join(build, 'fusionizer.json'), '{"version":1,"tasks":[{"name":"a"}]}');
    assert.throws(() => entry(build), /fusionizer\.json: a Task without dir/);
  } finally {
    fs.rmSync(build, { recursive: true, force: true });
  }
});
