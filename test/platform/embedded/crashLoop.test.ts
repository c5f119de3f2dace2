import '../../support/confined.ts';
import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { FusionizerClient } from '../../../src/client/fusionizerClient.ts';
import { EMBEDDED_TIMES } from '../../../src/platform/embedded/embeddedTimes.ts';
import { CrashWatch } from '../../../src/platform/embedded/workers/crashWatch.ts';
import type { Crash } from '../../../src/shared/api.ts';
import { TestServer } from '../../support/server.ts';
import { nodeTask, pythonTask } from '../../support/tasks.ts';
import { until } from '../../support/until.ts';

/** A short back-off, in milliseconds. */
const TIMES = { firstBackOff: 10, longestBackOff: 100 };

const http = (settings: string): string => `  triggers:\n    http: {kind: http, ${settings}}\n`;

/** Waits for the crash loop and gives what the API says about it. */
async function crashLoop(server: TestServer, task: string): Promise<Crash> {
  await until('the crash loop', async () => (await server.task(task)).state === 'crash-loop');
  const { crash } = await server.task(task);
  assert.ok(crash);
  return crash;
}

/** The states of the server's only Task, as its events report them. */
async function follow(server: TestServer, t: TestContext): Promise<{ task: string[]; setup: string[] }> {
  const stop = new AbortController();
  const states = { task: [] as string[], setup: [] as string[] };
  let connected = false;
  const following = (async () => {
    for await (const event of new FusionizerClient(server.url.href).events({ signal: stop.signal })) {
      if (event.name === 'connected') connected = true;
      if (event.name === 'task') states.task.push(event.data.task?.state ?? 'gone');
      if (event.name === 'setup') states.setup.push(event.data.functions[0]?.state ?? 'gone');
    }
  })();
  t.after(async () => {
    stop.abort();
    await following;
  });
  await until('the connection for events', () => connected);
  return states;
}

/** A file that makes a Task's code end its worker. It does not exist at first. */
const flagOf = (server: TestServer): string => path.join(server.state, 'flag');

describe('a crash loop', () => {
  it('by a Python module that raises is shown with the traceback, and reported once', async (t: TestContext) => {
    const server = await TestServer.start(t, { times: TIMES });
    const flag = flagOf(server);
    const code = `import os

def broken():
    raise ValueError("the disk is gone")

if os.path.exists(${JSON.stringify(flag)}):
    broken()

def handler(context, event):
    os._exit(3)
`;
    await server.deploy('task', pythonTask(code, http('workerAvailabilityTimeoutMilliseconds: 100')));
    await writeFile(flag, '');
    assert.equal((await server.post('task')).status, 500);
    const crash = await crashLoop(server, 'task');
    assert.match(
      crash.ended,
      /could not be started: Task 'task' cannot start: main\.py:4: ValueError: the disk is gone/,
    );
    assert.match(crash.output, /^Traceback.*main\.py.*line 7.*broken\(\).*ValueError: the disk is gone$/s);
    assert.ok(crash.inARow >= 3);
    const { lastError } = await server.task('task');
    assert.match(lastError ?? '', /keep ending: \d+ times in a row.*the disk is gone/);
    const [fn] = (await server.setup()).functions;
    assert.deepEqual([fn?.state, fn?.crash?.output], ['crash-loop', crash.output]);
    assert.match((await server.request('/task')).text, /Status: crash-loop$/);
    assert.deepEqual([(await server.post('task')).status, (await server.post('task')).text], [503, '']);
    await until('six crashes in a row', async () => ((await server.task('task')).crash?.inARow ?? 0) >= 6);
    assert.equal((await server.logs('task')).filter(({ message }) => message.startsWith('Crash loop')).length, 1);
    assert.equal(
      (await server.logs('task')).filter(({ message }) =>
        /^Worker 0 (ended .* is|cannot be) started again/.test(message),
      ).length,
      3,
    );
  });

  it('by a Node.js module that ends soon is shown with what was printed, until that is over', async (t) => {
    const server = await TestServer.start(t, { times: TIMES });
    const flag = flagOf(server);
    const code = `const fs = require('node:fs');
setInterval(() => {
  if (!fs.existsSync(${JSON.stringify(flag)})) return;
  console.error('Error: no more licences');
  process.exit(7);
}, 20);
exports.handler = (context) => context.callback('alive');
`;
    await server.deploy('task', nodeTask(code));
    const events = await follow(server, t);
    await writeFile(flag, '');
    const crash = await crashLoop(server, 'task');
    assert.match(crash.ended, /ended \(exit status 7\) while it was idle/);
    assert.match(crash.output, /^Error: no more licences$/);
    assert.ok(crash.restarts >= 2);
    await rm(flag);
    assert.equal((await server.post('task')).text, 'alive');
    await until('the end of the crash loop', async () => (await server.task('task')).state === 'ready');
    const { lastError, crash: after } = await server.task('task');
    assert.deepEqual([lastError, after], [null, null]);
    await until(
      'two events of the Task and two of the setup',
      () => events.task.length === 2 && events.setup.length === 2,
    );
    assert.deepEqual(events, { task: ['crash-loop', 'ready'], setup: ['crash-loop', 'ready'] });
    assert.ok(
      (await server.logs('task')).some(({ level, message }) => level === 'info' && /crash loop is over/.test(message)),
    );
  });

  it('by events that each end their worker is shown, makes events wait, and ends with a redeploy', async (t) => {
    const server = await TestServer.start(t, { times: TIMES });
    const code = 'import os\n\ndef handler(context, event):\n    print("about to fall")\n    os._exit(9)\n';
    await server.deploy('task', pythonTask(code));
    for (let event = 0; event < 4; event += 1) {
      const answer = await server.post('task');
      assert.deepEqual([answer.status, /exit status 9/.test(answer.text)], [500, true]);
    }
    const crash = await crashLoop(server, 'task');
    assert.match(crash.ended, /while it ran an event/);
    assert.equal(crash.output, 'about to fall');
    await server.deploy('task', pythonTask('def handler(context, event):\n    return "corrected"\n'));
    const { state, lastError, crash: after } = await server.task('task');
    assert.deepEqual([state, lastError, after], ['ready', null, null]);
    assert.equal((await server.post('task')).text, 'corrected');
  });

  it('does not begin when events succeed in between, or when a handler raises', async (t) => {
    const server = await TestServer.start(t, { times: TIMES });
    const code =
      "exports.handler = (c, e) => e.path === '/die' ? process.exit(9) : e.path === '/raise' ? c.nothing() : " +
      "c.callback('alive');";
    await server.deploy('task', nodeTask(code));
    for (let round = 0; round < 4; round += 1) {
      assert.equal((await server.request('/task/die')).status, 500);
      assert.equal((await server.request('/task/raise')).status, 500);
      assert.equal((await server.post('task')).text, 'alive');
      assert.equal((await server.task('task')).state, 'ready');
    }
    assert.equal((await server.setup()).functions[0]?.crash, null);
  });

  it('comes from errors outside of a Node.js handler, too; each event gets its own error', async (t) => {
    const server = await TestServer.start(t, { times: TIMES });
    await server.deploy(
      'task',
      nodeTask("exports.handler = (c, e) => setTimeout(() => { throw new Error('late ' + e.path); }, 0);"),
    );
    for (let event = 0; event < 3; event += 1) {
      const answer = await server.request(`/task/${event}`);
      assert.deepEqual([answer.status, answer.text.split('\n')[0]], [500, `Error in handler: Error: late /${event}`]);
    }
    const crash = await crashLoop(server, 'task');
    assert.equal(crash.ended, 'it ended (Error: late /2) while it ran an event');
    assert.match(crash.output, /^Error: late \/2\n +at .*main\.js:1:/);
  });
});

describe('the back-off of a worker that crashes', () => {
  const report = { ended: 'it ended', output: '' };

  it('grows up to 5 s, by worker, and begins anew after the worker has proven itself', () => {
    const watch = new CrashWatch(EMBEDDED_TIMES, () => {});
    const waits = Array.from({ length: 10 }, () => watch.crashed(0, report));
    assert.deepEqual(waits, [0, 50, 100, 200, 400, 800, 1600, 3200, 5000, 5000]);
    assert.equal(watch.crashed(1, report), 0);
    watch.recovered(0);
    assert.equal(watch.crashed(0, report), 0);
  });

  it('reports the loop once when it begins, and once when all workers are out of it', () => {
    const reported: boolean[] = [];
    const watch: CrashWatch = new CrashWatch(EMBEDDED_TIMES, () => reported.push(watch.loop !== undefined));
    for (let crash = 0; crash < 5; crash += 1) for (const worker of [0, 1]) watch.crashed(worker, report);
    watch.recovered(0);
    assert.deepEqual([reported, watch.suspects(1), watch.watching], [[true], true, true]);
    watch.recovered(1);
    assert.deepEqual([reported, watch.loop, watch.watching], [[true, false], undefined, false]);
  });
});
