'use strict';

// Errors are answered and logged with their causes, and with the members of an AggregateError.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { Worker, startWorker, task } = require('./harness');

const CAUSES = `
const inner = (cause) => new TypeError('inner', { cause });
const deep = () => Array.from({ length: 50 }).reduce((cause) => new Error('deep', { cause }), 'lowest');
const failing = { get() { throw new Error('of a getter'); }, getPrototypeOf() { throw new Error('of a trap'); } };
const CASES = {
  chain: () => new Error('outer', { cause: inner(new RangeError('innermost')) }),
  value: () => new Error('outer', { cause: inner({ code: 5 }) }),
  cycle: () => { const error = new Error('outer'); error.cause = inner(error); return error; },
  members: () => new AggregateError([inner('text'), 3], 'outer', { cause: inner() }),
  none: () => Object.assign(new Error('outer', { cause: undefined }), { errors: [new Error('of a library')] }),
  method: () => Object.assign(new Error('outer'), { cause: () => inner() }),
  getter: () => Object.defineProperty(new Error('outer'), 'cause', failing),
  unshown: () => new Error('outer', { cause: Object.defineProperty(inner(), 'stack', failing) }),
  trap: () => new Error('outer', { cause: new Proxy(inner(), failing) }),
  hostile: () => Object.assign(new AggregateError([], 'outer'), { errors: new Proxy([], failing) }),
  deep,
  wide: () => new AggregateError(Array.from({ length: 500 }, deep), 'outer'),
  long: () => new Error('outer', { cause: new Error('x'.repeat(1e6), { cause: 'y'.repeat(1e6) }) }),
};
exports.handler = (context, event) => { throw CASES[event.body](); };`;
const INNER = `TypeError: inner
    at inner (main.js)
    at OWN (main.js)
    at exports.handler (main.js)`;
const UNSHOWN = '[cause]: a value of type object that cannot be shown';
const below = (text, spaces = '  ') => text.replace(/^/gm, spaces);

/** The text below the outer error's stack. */
const EXPECTED = {
  chain: ` {
  [cause]: ${below(INNER).trim()} {
    [cause]: RangeError: innermost
        at OWN (main.js)
        at exports.handler (main.js)
  }
}`,
  value: ` {
  [cause]: ${below(INNER).trim()} {
    [cause]: { code: 5 }
  }
}`,
  cycle: ` {
  [cause]: ${below(INNER).trim()} {
    [cause]: [Circular]
  }
}`,
  members: ` {
  [cause]: ${below(INNER).trim()},
  [errors]: [
${below(INNER, '    ')} {
      [cause]: 'text'
    },
    3
  ]
}`,
  none: '',
  method: '',
  getter: '',
  unshown: ` {\n  ${UNSHOWN}\n}`,
  trap: ` {\n  ${UNSHOWN}\n}`,
  hostile: '',
};

/** A text with places as these tests compare them. */
const plain = (worker, name, text) =>
  text
    .replaceAll(`${worker.build}/tasks/one/`, '')
    .replaceAll(/\(main\.js:\d+:\d+\)/g, '(main.js)')
    .replaceAll(new RegExp(`at (?:CASES\\.|Object\\.)?${name} `, 'g'), 'at OWN ');

const to = (name, more) => ({ method: 'POST', headers: { 'Task-Name': name }, ...more });

test('of a handler, in the answer and in the log', async (t) => {
  const worker = await startWorker(t, { one: task(CAUSES) });
  const answerTo = async (name) => {
    const { status, text } = await worker.invoke(to('one'), name);
    assert.equal(status, 500);
    await worker.until(() => worker.logs.at(-1)?.message === text);
    return plain(worker, name, text);
  };
  for (const [name, expected] of Object.entries(EXPECTED)) {
    const kind = ['members', 'hostile'].includes(name) ? 'AggregateError' : 'Error';
    const stack = `${kind}: outer\n    at OWN (main.js)\n    at exports.handler (main.js)`;
    assert.equal(await answerTo(name), `Error in handler: ${kind}: outer\n${stack}${expected}`, name);
  }
  const deep = await answerTo('deep');
  assert.equal(deep.match(/\[cause\]: Error: deep/g).length, 5);
  assert.match(deep, /\n +\[cause\]: \.\.\.\n/);
  const wide = await answerTo('wide');
  assert.match(wide, /,\n {4}\.\.\. 490 more\n {2}\]\n\}$/);
  for (const text of [wide, await answerTo('long')]) assert.ok(text.length < 50_000, `${text.length}`);
});

test('of a Task that does not start, and of an error outside of a call', async (t) => {
  const fails = "throw new Error('outer', { cause: new AggregateError([new RangeError('inner')]) })";
  const shown =
    /^Error: outer\n.*main\.js:2:.*\n(?: {4}at .*\n)* {2}\[cause\]: Agg.*\n[^[]*\[errors\]: \[\n +RangeError: inner\n/;
  for (const source of [
    `\n${fails};`,
    `exports.handler = () => {};\nexports.initContext = async () => { ${fails}; };`,
    `exports.handler = () => {\nsetTimeout(() => { ${fails}; }, 1);\n};`,
  ]) {
    const worker = new Worker({ one: task(source) });
    t.after(() => worker.close());
    await worker.until(() => worker.failed || worker.started);
    const answer = worker.started ? await worker.invoke(to('one')) : null;
    await worker.until(() => worker.failed && worker.exit);
    assert.match(worker.failed.traceback, shown);
    assert.doesNotMatch(worker.failed.traceback, /fusionizer_|dispatcher[\\/]nodejs/);
    assert.match(worker.failed.message, /^Error: outer$/);
    if (answer === null) assert.deepEqual([worker.failed.file, worker.failed.line], ['main.js', 2]);
    else assert.equal(answer.text, `Error in handler: Error: outer\n${worker.failed.traceback}`);
  }
});
