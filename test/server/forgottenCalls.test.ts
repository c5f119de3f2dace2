import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { temporaryFolder } from '../support/folder.ts';
import { type Files, TestServer } from '../support/server.ts';
import { nodeTask, pythonTask, type Runtime } from '../support/tasks.ts';
import { until } from '../support/until.ts';

/** Far less than the call takes: a worker that only says nothing is killed after it. */
const TIMES = { stopGrace: 50 };

/** Calls `slow`, and answers without waiting for it. */
const CALLER: Record<Runtime, Files> = {
  nodejs: nodeTask(`exports.handler = (context, event, session) => {
  session.post('http://' + event.headers['Fusionizer-Server-Address'] + ':8000/slow');
  context.callback('sent');
};`),
  python: pythonTask(`import threading
def handler(context, event, session):
    url = "http://%s:8000/slow" % event.headers["Fusionizer-Server-Address"]
    threading.Thread(target=session.post, args=(url,)).start()
    return "sent"
`),
};

/** Says that it has begun, waits for a file, and says that it has ended. @param blocks whether it waits in a loop */
function slow(runtime: Runtime, dir: string, blocks = false): Files {
  const [begun, go, ended] = ['begun', 'go', 'ended'].map((name) => JSON.stringify(path.join(dir, name)));
  return runtime === 'nodejs'
    ? nodeTask(`const fs = require('node:fs');
exports.handler = async (context) => {
  fs.writeFileSync(${begun}, String(process.pid));
  await new Promise((resolve) => setTimeout(resolve, 5));
  while (!fs.existsSync(${go})) ${blocks ? '' : 'await new Promise((resolve) => setTimeout(resolve, 5))'};
  fs.writeFileSync(${ended}, '');
  context.callback('');
};`)
    : pythonTask(`import os, time
def handler(context, event):
    open(${begun}, "w").write(str(os.getpid()))
    while not os.path.exists(${go}): time.sleep(0.005)
    open(${ended}, "w").close()
`);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a call within a function that its caller has not waited for', () => {
  for (const [runtime, blocks] of [
    ['nodejs', false],
    ['nodejs', true],
    ['python', false],
  ] as const) {
    it(`ends, though the function is replaced meanwhile (${runtime}${blocks ? ', blocked' : ''})`, async (t) => {
      const dir = await temporaryFolder(t);
      const server = await TestServer.start(t, { times: TIMES });
      await server.deploy('caller', CALLER[runtime]);
      await server.deploy('slow', slow(runtime, dir, blocks));
      await server.changeSetup('PUT', [['caller', 'slow']]);
      assert.equal((await server.post('caller')).text, 'sent');
      await until('the callee to begin', () => existsSync(path.join(dir, 'begun')));
      const pid = Number(await until('its process', () => readFileSync(path.join(dir, 'begun'), 'utf8')));
      await server.changeSetup('PUT', [['caller'], ['slow']]);
      await server.deploy('caller', CALLER[runtime]);
      // The old worker has had its time to end, as far as it was idle.
      const { function: fn } = await server.task('caller');
      await server.deploy('other', slow(runtime, dir));
      assert.notEqual(fn, undefined);
      assert.ok(isAlive(pid));
      writeFileSync(path.join(dir, 'go'), '');
      await until('the callee to end', () => existsSync(path.join(dir, 'ended')));
      await until('its worker to end', () => !isAlive(pid));
    });
  }

  for (const runtime of ['nodejs', 'python'] as const) {
    it(`does not keep the server (${runtime})`, async (t) => {
      const dir = await temporaryFolder(t);
      const server = await TestServer.start(t, { times: { ...TIMES, closeGrace: 50 } });
      await server.deploy('caller', CALLER[runtime]);
      await server.deploy('slow', slow(runtime, dir));
      await server.changeSetup('PUT', [['caller', 'slow']]);
      await server.post('caller');
      await until('the callee to begin', () => existsSync(path.join(dir, 'begun')));
      const pid = Number(await until('its process', () => readFileSync(path.join(dir, 'begun'), 'utf8')));
      await server.changeSetup('PUT', [['caller'], ['slow']]);
      await server.server.close();
      assert.ok(!isAlive(pid));
    });
  }
});
