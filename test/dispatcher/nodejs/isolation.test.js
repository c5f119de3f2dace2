'use strict';

// What a Task of a function has in common with another one, and what it must not have.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { startWorker, task } = require('./harness');

const URL = { FUSIONIZER_URL: 'http://h:1' };
const STORE = `
  const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks');
  globalThis.store ??= new AsyncLocalStorage();
`;
/** Keep the event loop busy, as timers and servers of a Task do. */
const KEEPS_A_TIMER = `
  setInterval(() => {}, 1000);
  require('node:net').createServer().listen(0, '127.0.0.1');
  exports.handler = (context) => context.callback('still here');
`;
const to = (name) => ({ headers: { 'Task-Name': name } });

test("the caller's AsyncLocalStorage is not the callee's, nor the other way round", async (t) => {
  const callee = `${STORE}
    exports.handler = async (context, event) => {
      const seen = [String(store.getStore())];
      await null;
      seen.push(String(store.getStore()));
      await new Promise((resolve) => setTimeout(resolve, 1));
      seen.push(String(store.getStore()));
      store.enterWith('of the callee');
      context.callback(seen);
    };`;
  const caller = `${STORE}
    exports.handler = (context, event, session) => store.run('of the caller', async () => {
      const ask = async () => (await session.post('http://h:1/callee')).json();
      const byPlatform = (await context.platform.call_function('callee')).body;
      const seen = [await ask(), await ask(), byPlatform, store.getStore()];
      context.callback(seen);
    });`;
  const worker = await startWorker(t, { caller: task(caller), callee: task(callee) }, URL);
  for (const _ of 'ab') {
    const [first, ...later] = JSON.parse((await worker.invoke(to('caller'))).text);
    assert.deepEqual(first, ['undefined', 'undefined', 'undefined']);
    assert.equal(later.pop(), 'of the caller');
    assert.doesNotMatch(JSON.stringify(later), /caller/);
  }
});

test('what a Task enters while it loads stays with it', async (t) => {
  const says = 'exports.handler = (context) => context.callback(String(store.getStore()));';
  const worker = await startWorker(t, {
    a: task(`${STORE} store.enterWith('a'); ${says}`),
    b: task(`${STORE} ${says}`),
    c: task(`${STORE} exports.initContext = () => store.enterWith('c'); ${says}`),
  });
  for (const name of ['a', 'b', 'c', 'a']) {
    assert.equal((await worker.invoke(to(name))).text, name === 'b' ? 'undefined' : name);
  }
});

test('a handler that ends without answering gets its 500 beside a Task that keeps a timer and a server', async (t) => {
  const handlers = {
    plain: 'exports.handler = () => {};',
    returns: "exports.handler = async () => 'no answer';",
    waits: 'exports.handler = async () => { await new Promise(() => {}); };',
    takes: 'exports.handler = async ({ callback, logger }, event) => { logger.info(callback.name); };',
  };
  const tasks = Object.fromEntries(Object.entries(handlers).map(([name, source]) => [name, task(source)]));
  const worker = await startWorker(t, { ...tasks, keeps: task(KEEPS_A_TIMER) });
  for (const name of Object.keys(handlers)) {
    const answer = await worker.invoke(to(name));
    assert.equal(answer.status, 500);
    assert.match(answer.text, new RegExp(`handler of Task '${name}' ended without calling context.callback`));
    assert.equal((await worker.invoke(to('keeps'))).text, 'still here');
  }
});

test('a handler that can still answer is left alone, however it holds its context', async (t) => {
  const late = (keep) => `
    const kept = [];
    exports.handler = async (context) => { ${keep} };
    const timer = setInterval(() => { for (const answer of kept.splice(0)) answer('late'); }, 600);`;
  const worker = await startWorker(t, {
    keeps: task(KEEPS_A_TIMER),
    stored: task(late('kept.push(context.callback)')),
    bound: task(late('kept.push(context.callback.bind(context))')),
    context: task(late('kept.push((value) => context.callback(value))')),
    timer: task("exports.handler = (context) => setTimeout(() => context.callback('late'), 600);"),
    sleeps: task(`exports.handler = async (context) => {
      await require('node:timers/promises').setTimeout(600);
      context.callback('late');
    };`),
  });
  for (const name of ['stored', 'bound', 'context', 'timer', 'sleeps'])
    assert.equal((await worker.invoke(to(name))).text, 'late', name);
});

test("what a Task keeps itself hides that it cannot answer, as in a function of its own; another one's does not", async (t) => {
  const worker = await startWorker(t, {
    keeps: task(KEEPS_A_TIMER),
    leaves: task("exports.handler = (context) => { setInterval(() => {}, 1000); context.callback('left'); };"),
    own: task(`let count = null;
      setInterval(() => { if (count !== null) process.stdout.write('tick ' + count++ + ' '); }, 100);
      exports.handler = () => { count = 0; };`),
    silent: task('exports.handler = () => {};'),
  });
  assert.equal((await worker.invoke(to('leaves'))).text, 'left');
  assert.equal((await worker.invoke(to('silent'))).status, 500);
  const answers = worker.answers.length;
  worker.send(to('own'));
  // A call that is lost is answered sooner.
  await worker.until(() => worker.stdout.includes('tick 10 '));
  assert.equal(worker.answers.length, answers);
});

for (const [beside, more, first] of [
  ['alone', {}, ''],
  ['beside a timer', { keeps: task(KEEPS_A_TIMER) }, ''],
  ['when its callers keep timers', {}, 'setInterval(() => {}, 1000);'],
]) {
  test(`a callee that never answers is named, not its caller: ${beside}`, async (t) => {
    const caller = `${first} exports.handler = async (context, event, session) => {
      const answer = await session.post('http://h:1/middle');
      context.callback([answer.status, await answer.text()]);
    };`;
    const middle = caller.replace('middle', 'silent');
    const tasks = { caller: task(caller), middle: task(middle), silent: task('exports.handler = async () => {};') };
    const worker = await startWorker(t, { ...tasks, ...more }, URL);
    const answer = await worker.invoke(to('caller'));
    assert.equal(answer.status, 500);
    assert.match(answer.text, /handler of Task 'silent' ended/);
  });
}

test('an error that nobody catches takes the caller along', async (t) => {
  const caller = `exports.handler = async (context, event, session) => {
    const answer = await session.post('http://h:1/callee');
    context.callback('caller got ' + answer.status);
  };`;
  for (const fails of ['setTimeout(() => { throw new Error("own"); });', 'Promise.reject(new Error("own"));']) {
    const callee = `exports.handler = (context) => { ${fails} };`;
    const worker = await startWorker(t, { caller: task(caller), callee: task(callee) }, URL);
    const answer = await worker.invoke(to('caller'));
    assert.deepEqual([answer.status, answer.text.split('\n')[0]], [500, 'Error in handler: Error: own']);
  }
});

test('a call that its caller has not waited for ends before the worker does', async (t) => {
  const caller = `exports.handler = (context, event, session) => {
    session.post('http://h:1/slow');
    context.callback('sent');
  };`;
  const slow = `exports.handler = async (context) => {
    process.stdout.write('begun\\n');
    await new Promise((resolve) => setTimeout(resolve, 300));
    process.stdout.write('ended\\n');
    context.callback('');
  };`;
  const worker = await startWorker(t, { caller: task(caller), slow: task(slow), keeps: task(KEEPS_A_TIMER) }, URL);
  assert.equal((await worker.invoke(to('caller'))).text, 'sent');
  worker.input.end();
  await worker.until(() => worker.exit);
  assert.deepEqual(worker.exit, { code: 0, signal: null });
  assert.equal(worker.stdout, 'begun\nended\n');
  assert.deepEqual(worker.unfinished, ['1']);
  assert.deepEqual(
    worker.traces.flat().map(({ callee, status }) => [callee, status]),
    [['slow', 200]],
  );
});

test('a forgotten call is reported when its event ends: it may block the process before that is to end', async (t) => {
  const caller = `exports.handler = (context, event, session) => {
    if (event.path === '/call') session.post('http://h:1/blocks');
    context.callback('sent');
  };`;
  const blocks = `exports.handler = async (context) => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (const end = Date.now() + 200; Date.now() < end; );
    context.callback('');
  };`;
  const worker = await startWorker(t, { caller: task(caller), blocks: task(blocks) }, URL);
  await worker.invoke(to('caller'));
  await worker.invoke({ path: '/call', ...to('caller') });
  await worker.until(() => worker.unfinished.length > 0);
  assert.deepEqual(worker.unfinished, ['1']);
  await worker.until(() => worker.unfinished.length > 1);
  assert.deepEqual(worker.unfinished, ['1', '0']);
});

test('a forgotten call that nobody can answer does not keep the worker', async (t) => {
  const caller = `exports.handler = (context, event, session) => {
    session.post('http://h:1/silent');
    context.callback('sent');
  };`;
  const tasks = { caller: task(caller), silent: task('exports.handler = () => {};') };
  for (const more of [{}, { keeps: task(KEEPS_A_TIMER) }]) {
    const worker = await startWorker(t, { ...tasks, ...more }, URL);
    await worker.invoke(to('caller'));
    worker.input.end();
    await worker.until(() => worker.exit);
    assert.deepEqual(worker.exit, { code: 0, signal: null });
  }
});
