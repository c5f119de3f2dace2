'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { startWorker, task } = require('./harness');

const BIG = 6 * 1024 * 1024 + 7;

test('big bodies pass unchanged both ways', async (t) => {
  const worker = await startWorker(t, {
    a: task('exports.handler = (context, event) => context.callback(event.body);'),
  });
  const body = Buffer.alloc(BIG, 'fusion\0\xff', 'latin1');
  for (const size of [BIG, 65_535, 65_536, 65_537, 0, 21_000]) {
    const answer = await worker.invoke({ method: 'POST' }, body.subarray(0, size));
    assert.ok(answer.body.equals(body.subarray(0, size)), `${size} bytes`);
  }
});

test('text beyond one write passes unchanged', async (t) => {
  const worker = await startWorker(t, {
    a: task("exports.handler = (context, event) => context.callback('ž€😀'.repeat(Number(event.body)));"),
  });
  for (const count of [2000, 5000, 200_000])
    assert.equal((await worker.invoke({}, String(count))).text, 'ž€😀'.repeat(count));
});

test('an event that comes in pieces is put together', async (t) => {
  const worker = await startWorker(t, {
    a: task('exports.handler = (context, event) => context.callback(event.body);'),
  });
  const whole = [];
  const { write } = worker.input;
  worker.input.write = (bytes) => whole.push(bytes);
  worker.send({}, 'pieces');
  worker.input.write = write;
  for (const byte of whole[0]) {
    worker.input.write(Buffer.from([byte]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await worker.until(() => worker.answers.length === 1);
  assert.equal(worker.answers[0].text, 'pieces');
});

test('events that come at once are served one after the other', async (t) => {
  const worker = await startWorker(t, {
    a: task(`let running = 0;
      exports.handler = (context, event) => {
        running++;
        const seen = event.body + ' ' + running;
        setTimeout(() => { running--; context.callback(seen); }, 2);
      };`),
  });
  for (const name of ['a', 'b', 'c']) worker.send({}, name);
  await worker.until(() => worker.answers.length === 3);
  assert.deepEqual(
    worker.answers.map((answer) => answer.text),
    ['a 1', 'b 1', 'c 1'],
  );
});

test('prints go to the standard streams, never among the frames', async (t) => {
  const worker = await startWorker(t, {
    a: task(`exports.handler = (context) => {
      console.log('to stdout');
      console.error('to stderr');
      context.callback('printed');
    };`),
  });
  assert.equal((await worker.invoke()).text, 'printed');
  await worker.until(() => worker.stdout === 'to stdout\n' && worker.stderr === 'to stderr\n');
});

test('at the end of its input the worker finishes the running event, sends its traces and ends', async (t) => {
  const worker = await startWorker(
    t,
    {
      a: task(`exports.handler = async (context, event, session) => {
        await session.post('http://127.0.0.1:8000/b');
        setTimeout(() => context.callback('finished'), 20);
      };`),
      b: task("exports.handler = (context) => context.callback('b');"),
    },
    { FUSIONIZER_URL: 'http://127.0.0.1:8123' },
  );
  const answer = worker.invoke({ headers: { 'Task-Name': 'a' } });
  worker.input.end();
  assert.equal((await answer).text, 'finished');
  await worker.until(() => worker.exit);
  assert.equal(worker.exit.code, 0);
  assert.equal(worker.traces.flat().length, 1);
});

test('what a handler leaves running does not outlive the input', async (t) => {
  const worker = await startWorker(t, {
    a: task("setInterval(() => {}, 10); exports.handler = (context) => context.callback('x');"),
  });
  await worker.invoke();
  worker.input.end();
  await worker.until(() => worker.exit);
  assert.equal(worker.exit.code, 0);
});

test('when the lifeline closes, a busy worker and what it started end', async (t) => {
  const worker = await startWorker(t, {
    a: task(`const { spawn } = require('node:child_process');
      exports.handler = () => {
        const child = 'console.log("up"); setInterval(() => {}, 1000)';
        spawn(process.execPath, ['-e', child], { stdio: ['ignore', 'inherit', 'ignore'] });
        for (;;);
      };`),
  });
  worker.send();
  await worker.until(() => worker.stdout === 'up\n');
  worker.lifeline.destroy();
  // The child holds the same standard output, so this says that both have ended.
  await worker.until(() => worker.exit);
  assert.equal(worker.exit.signal, 'SIGKILL');
});

test('children of a handler inherit none of the pipes to the server', {
  skip: process.platform !== 'linux',
}, async (t) => {
  const worker = await startWorker(t, {
    a: task(`const { execFileSync } = require('node:child_process');
      const listing = 'for fd in 3 4 5; do if [ -e /proc/self/fd/$fd ]; then echo $fd; fi; done';
      exports.handler = (context) => context.callback(execFileSync('sh', ['-c', listing]));`),
  });
  assert.equal((await worker.invoke()).text, '');
});

test('SIGINT is left to the server', { skip: process.platform === 'win32' }, async (t) => {
  const worker = await startWorker(t, { a: task("exports.handler = (context) => context.callback('alive');") });
  worker.process.kill('SIGINT');
  assert.equal((await worker.invoke()).text, 'alive');
});

test('process.exit in a handler ends the worker, and what it has recorded is sent', async (t) => {
  const worker = await startWorker(
    t,
    {
      a: task(`exports.handler = async (context, event, session) => {
        await session.post('http://127.0.0.1:8000/b');
        process.exit(3);
      };`),
      b: task("exports.handler = (context) => context.callback('b');"),
    },
    { FUSIONIZER_URL: 'http://127.0.0.1:8123' },
  );
  worker.send({ headers: { 'Task-Name': 'a' } });
  await worker.until(() => worker.exit);
  assert.equal(worker.exit.code, 3);
  assert.equal(worker.traces.flat().length, 1);
});
