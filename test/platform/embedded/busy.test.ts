import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { FusionizerClient } from '../../../src/client/fusionizerClient.ts';
import { EMBEDDED_TIMES } from '../../../src/platform/embedded/embeddedTimes.ts';
import { BusyState } from '../../../src/platform/embedded/workers/busyWatch.ts';
import { isAlive } from '../../support/processes.ts';
import { type Files, TestServer } from '../../support/server.ts';
import { functionYaml } from '../../support/tasks.ts';
import { until } from '../../support/until.ts';

/**
 * Answers with the number of its process. An event with a body keeps its worker running until there is a file of that
 * name.
 */
const SPINNING: Files = {
  'function.yaml': functionYaml('python', '  triggers:\n    http: {kind: http, numWorkers: 2}\n'),
  'main.py': [
    'import os',
    'def handler(context, event):',
    '    until = event.body.decode()',
    '    if until:',
    '        open(until + ".begun", "w").write(str(os.getpid()))',
    '    while until and not os.path.exists(until):',
    '        pass',
    '    return str(os.getpid())',
    '',
  ].join('\n'),
};

/** An event that begins to run now, and ends when `release` is called. */
async function spin(
  server: TestServer,
  name: string,
): Promise<{ worker: number; answer: Promise<string>; hangUp(): void; release(): Promise<void> }> {
  const file = path.join(server.state, name);
  const request = http.request(new URL('/spin', server.url), { method: 'POST' });
  const answer = new Promise<string>((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => response.setEncoding('utf8').on('data', resolve));
  });
  request.end(file);
  const begun = (): string => (existsSync(`${file}.begun`) ? readFileSync(`${file}.begun`, 'utf8') : '');
  await until('the event to begin', () => begun() !== '');
  return { worker: Number(begun()), answer, hangUp: () => request.destroy(), release: () => writeFile(file, '') };
}

/** Short, in milliseconds, and with enough room for a slow machine. */
const TIMES = { busyAfter: 500, busyInterval: 50, abandonedGrace: 300 };

/** Whether the Task is busy, in each event about it. */
async function follow(server: TestServer, t: TestContext): Promise<boolean[]> {
  const stop = new AbortController();
  const reported: boolean[] = [];
  let connected = false;
  const following = (async () => {
    for await (const event of new FusionizerClient(server.url.href).events({ signal: stop.signal })) {
      if (event.name === 'connected') connected = true;
      if (event.name === 'task') reported.push(typeof event.data.task?.busySince === 'string');
    }
  })();
  t.after(async () => {
    stop.abort();
    await following;
  });
  await until('the connection for events', () => connected);
  return reported;
}

describe('a busy function', () => {
  it('is reported when each worker has run its event for some time, and a new version gets out of it', async (t) => {
    const server = await TestServer.start(t, { times: TIMES });
    await server.deploy('spin', SPINNING);
    const reported = await follow(server, t);
    const waited = await spin(server, 'waited');
    const began = Date.now();
    const left = await spin(server, 'left');
    await until('the busy function', async () => (await server.task('spin')).busySince !== null);
    const { busySince, state } = await server.task('spin');
    assert.equal(state, 'ready');
    assert.ok(Date.parse(busySince ?? '') >= began);
    assert.ok(Date.now() - began >= TIMES.busyAfter, 'reported too early');

    // Unchanged, so it is forced. What is stuck does not hold it up.
    assert.equal((await server.put('spin', SPINNING, { 'Fusionizer-Force': 'true' })).status, 200);
    const fresh = Number((await server.request('/spin/', { method: 'POST' })).text);
    assert.ok(fresh !== waited.worker && fresh !== left.worker);
    assert.equal((await server.task('spin')).busySince, null);
    assert.deepEqual(reported, [true, false]);

    // Of the replaced workers, only the one whose client waits may go on.
    left.hangUp();
    await assert.rejects(left.answer);
    await until('the end of the abandoned worker', () => !isAlive(left.worker));
    assert.ok(isAlive(waited.worker));
    await waited.release();
    assert.equal(await waited.answer, String(waited.worker));
    await until('the end of the worker whose client waited', () => !isAlive(waited.worker));
  });

  it('is not one that has much to do', () => {
    const state = new BusyState(EMBEDDED_TIMES.busyAfter);
    const events = Array.from({ length: 100 }, () => ({}));
    for (const [second, event] of events.entries())
      assert.equal(state.look([event, events[second + 1]], second * 1000), false);
    assert.equal(state.since, undefined);
  });

  it('has no idle worker, and is reported twice: when it begins and when it ends', () => {
    const state = new BusyState(EMBEDDED_TIMES.busyAfter);
    const [one, other] = [{}, {}];
    assert.equal(state.look([one, undefined], 0), false);
    assert.equal(state.look([one, undefined], 60_000), false);
    assert.equal(state.look([one, other], 61_000), false);
    assert.equal(state.look([one, other], 66_000), true);
    const { since } = state;
    assert.equal(state.look([one, other], 90_000), false);
    assert.ok(since !== undefined && Math.abs(Date.now() - 5000 - since) < 1000);
    assert.equal(state.since, since);
    assert.equal(state.look([one, undefined], 91_000), true);
    assert.equal(state.since, undefined);
  });
});
