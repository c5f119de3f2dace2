import '../../support/confined.ts';
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { canSeeProcesses, isAlive } from '../../support/processes.ts';
import { type Files, TestServer } from '../../support/server.ts';
import { functionYaml, saying } from '../../support/tasks.ts';
import { until } from '../../support/until.ts';

/** Its environment tells whose a process is; other systems than Linux do not show it. */
const skip = canSeeProcesses ? false : 'only Linux shows the environment of processes';
/** Starts a process that no process group and no closed pipe ends, and holds the output open. */
const DAEMON = 'echo begun; (setsid sleep 600 & echo "pid $!;")';

const building = (command: string): Files => ({
  'function.yaml': functionYaml('nodejs', `  build:\n    commands: [${JSON.stringify(command)}]\n`),
  'main.js': "exports.handler = (context) => context.callback('x');",
});

/** Waits until a text names the process. */
async function daemonOf(said: () => Promise<string> | string): Promise<number> {
  return Number(await until("the daemon's process id", async () => /pid (\d+);/.exec(await said())?.[1]));
}

describe('what leaves its process group', () => {
  it('ends with a build that is cancelled', { skip }, async (t) => {
    const server = await TestServer.start(t, { times: { pipeGrace: 100 } });
    const id = '0f0f0f0f-0000-4000-8000-000000000005';
    const deploy = server.put('task', building(`${DAEMON}; sleep 600`), { 'Fusionizer-Operation': id });
    const pid = await daemonOf(async () => (await server.request(`/-/operations/${id}`)).text);
    await server.request(`/-/operations/${id}`, { method: 'DELETE' });
    assert.equal((await deploy).status, 409);
    assert.equal(isAlive(pid), false);
    await server.deploy('task', saying('x'));
  });

  it('ends with the build command that left it running', { skip }, async (t) => {
    const server = await TestServer.start(t, { times: { pipeGrace: 100 } });
    const id = '0f0f0f0f-0000-4000-8000-000000000006';
    const built = await server.put('task', building(DAEMON), { 'Fusionizer-Operation': id });
    assert.equal(built.status, 200, built.text);
    const pid = await daemonOf(async () => (await server.request(`/-/operations/${id}`)).text);
    assert.equal(isAlive(pid), false);
  });

  it('ends with a start that is cancelled', { skip }, async (t) => {
    const server = await TestServer.start(t, { times: { pipeGrace: 100 } });
    const id = '0f0f0f0f-0000-4000-8000-000000000007';
    const file = path.join(server.state, 'daemon');
    const code = `import subprocess, time
with open(${JSON.stringify(file)}, "w") as out:
    out.write("pid %d;" % subprocess.Popen(["sleep", "600"], start_new_session=True).pid)
time.sleep(600)
`;
    const deploy = server.put(
      'task',
      { 'function.yaml': functionYaml('python'), 'main.py': code },
      { 'Fusionizer-Operation': id },
    );
    const pid = await daemonOf(() => (existsSync(file) ? readFile(file, 'utf8') : ''));
    await server.request(`/-/operations/${id}`, { method: 'DELETE' });
    assert.equal((await deploy).status, 409);
    assert.equal(isAlive(pid), false);
  });

  it('ends with the version of a Task that started it', { skip }, async (t) => {
    const server = await TestServer.start(t, { times: { pipeGrace: 100 } });
    const code = `import subprocess

def handler(context, event):
    return "pid %d;" % subprocess.Popen(["sleep", "600"], start_new_session=True).pid
`;
    await server.deploy('task', { 'function.yaml': functionYaml('python'), 'main.py': code });
    const pid = await daemonOf(async () => (await server.post('task')).text);
    assert.equal(isAlive(pid), true);
    await server.deploy('task', saying('x'));
    await until("the daemon's end", () => !isAlive(pid));
  });
});
