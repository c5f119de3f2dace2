import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { LogRecord } from '../../src/shared/api.ts';
import { CliHarness } from '../support/cli.ts';
import { isAlive } from '../support/processes.ts';
import { type Files, multipart, request, TestServer, zip } from '../support/server.ts';
import { calling, functionYaml, type Runtime, saying } from '../support/tasks.ts';
import { until } from '../support/until.ts';

/** A Task that makes `<flag>.begun`, and answers when the file `flag` is there. */
function waiting(flag: string, runtime: Runtime, spec = ''): Files {
  const [file, begun] = [JSON.stringify(flag), JSON.stringify(`${flag}.begun`)];
  return runtime === 'python'
    ? {
        'function.yaml': functionYaml('python', spec),
        'main.py': `import os, time

def handler(context, event):
    open(${begun}, "w").close()
    while not os.path.exists(${file}):
        time.sleep(0.01)
    return "waited"
`,
      }
    : {
        'function.yaml': functionYaml('nodejs', spec),
        'main.js': `const fs = require('node:fs');
exports.handler = (context) => {
  fs.writeFileSync(${begun}, '');
  const timer = setInterval(() => {
    if (!fs.existsSync(${file})) return;
    clearInterval(timer);
    context.callback('waited');
  }, 10);
};
`,
      };
}

/** A Task that waits as above, then calls another one and answers with what that said. */
function waitingCaller(flag: string, callee: string): Files {
  const code = waiting(flag, 'python')['main.py'] as string;
  return {
    'function.yaml': functionYaml('python'),
    'main.py': code
      .replace('event):', 'event, session):')
      .replace(
        '"waited"',
        `"waited " + session.post("http://%s:8000/${callee}" % event.headers["Fusionizer-Server-Address"], ` +
          'json={}).text',
      ),
  };
}

describe('a server that closes', () => {
  it('lets running and waiting events end, and refuses new ones with 503', async (t: TestContext) => {
    const server = await TestServer.start(t, { grace: 60_000 });
    const flag = path.join(server.state, 'flag');
    await server.deploy('one', waiting(flag, 'python'));
    await server.deploy('two', waiting(flag, 'nodejs'));
    const running = ['one', 'two'].map((task) => server.post(task));
    await until('the first event to begin', () => existsSync(`${flag}.begun`));
    // They wait for the only worker of their function.
    const queued = ['one', 'two'].map((task) => server.post(task));
    await until(
      'two events to wait for a worker',
      async () =>
        (await server.request('/-/metrics')).text.match(/^fusionizer_waiting_events\{.*\} 1$/gm)?.length === 2,
    );
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    t.after(async () => agent.destroy());
    assert.equal((await request(server.url, '/-/health', { agent })).status, 200);
    const closed = server.server.close();
    const refused = await request(server.url, '/one', { method: 'POST', agent });
    assert.deepEqual([refused.status, refused.headers['retry-after'], refused.headers.connection], [503, '1', 'close']);
    assert.match(refused.text, /The server is closing/);
    assert.equal((await server.request('/-/health')).status, 503);
    await writeFile(flag, '');
    for (const answer of await Promise.all([...running, ...queued]))
      assert.deepEqual([answer.status, answer.text], [200, 'waited']);
    await closed;
    await assert.rejects(server.request('/-/health'), /ECONNREFUSED/);
    assert.deepEqual(
      (await readdir(server.state)).filter((name) => name.startsWith('lock')),
      [],
    );
  });

  it('serves the calls that running events make, however deep', async (t) => {
    const server = await TestServer.start(t, { grace: 60_000 });
    const flag = path.join(server.state, 'flag');
    await server.deploy('first', waitingCaller(flag, 'second'));
    await server.deploy('second', calling('second', 'third', 'nodejs'));
    await server.deploy('third', saying('third'));
    const running = server.post('first');
    await until('the event to begin', () => existsSync(`${flag}.begun`));
    const closed = server.server.close();
    await until('the server to refuse new requests', async () => (await server.request('/-/health')).status === 503);
    await writeFile(flag, '');
    const answer = await running;
    assert.deepEqual([answer.status, answer.text], [200, 'waited second(third)']);
    await closed;
  });

  it('sends a large answer whole', async (t) => {
    const server = await TestServer.start(t, { grace: 60_000 });
    const flag = path.join(server.state, 'flag');
    const files = waiting(flag, 'python');
    await server.deploy('task', {
      ...files,
      'main.py': String(files['main.py']).replace('"waited"', '"x" * 20_000_000'),
    });
    const running = server.post('task');
    await until('the event to begin', () => existsSync(`${flag}.begun`));
    const closed = server.server.close();
    await writeFile(flag, '');
    assert.equal((await running).body.length, 20_000_000);
    await closed;
  });

  it('waits for the grace time at most, and ends what hangs', async (t) => {
    const records: LogRecord[] = [];
    const server = await TestServer.start(t, { grace: 200, log: (record) => records.push(record) });
    const flag = path.join(server.state, 'never');
    await server.deploy('task', waiting(flag, 'python'));
    const running = server.post('task');
    await until('the event to begin', () => existsSync(`${flag}.begun`));
    const queued = server.post('task');
    await until('an event to wait for a worker', async () =>
      /^fusionizer_waiting_events\{.*\} 1$/m.test((await server.request('/-/metrics')).text),
    );
    await server.server.close();
    const answer = await running;
    assert.deepEqual([answer.status, /the server is closing/.test(answer.text)], [500, true]);
    assert.equal((await queued).status, 503);
    assert.ok(
      records.some(
        ({ level, message }) =>
          level === 'warn' &&
          /^2 events are cut off, and answered with an error: the wait of 0\.2 s is over$/.test(message),
      ),
    );
  });

  it('cancels deploys at once, and takes no more', async (t) => {
    const server = await TestServer.start(t, { grace: 60_000 });
    const flag = path.join(server.state, 'flag');
    await server.deploy('task', waiting(flag, 'nodejs'));
    const id = '0f0f0f0f-0000-4000-8000-000000000009';
    const spec = '  build:\n    commands: ["echo begun; sleep 600"]\n';
    const deploy = server.put('other', saying('x', 'nodejs', spec), { 'Fusionizer-Operation': id });
    await until('the build command to begin', async () =>
      (await server.request(`/-/operations/${id}`)).text.includes('"begun"'),
    );
    const running = server.post('task');
    await until('the event to begin', () => existsSync(`${flag}.begun`));
    const closed = server.server.close();
    const answer = await deploy;
    assert.deepEqual([answer.status, /The server is closing/.test(answer.text)], [503, true]);
    const form = multipart(await zip(saying('x')));
    assert.equal((await server.request('/other', { method: 'PUT', ...form })).status, 503);
    await writeFile(flag, '');
    assert.equal((await running).status, 200);
    await closed;
  });

  it('ends followers of events and logs cleanly', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('task', saying('x'));
    const followed = ['/-/events', '/-/tasks/task/logs?follow=true'].map(
      (target) =>
        new Promise<string>((resolve, reject) => {
          http
            .get(new URL(target, server.url), (response) => {
              begun += 1;
              response.resume().on('end', () => resolve(response.complete ? 'whole' : 'cut off'));
              response.on('error', reject);
            })
            .on('error', reject);
        }),
    );
    let begun = 0;
    await until('both events to begin', () => begun === 2);
    await server.server.close();
    assert.deepEqual(await Promise.all(followed), ['whole', 'whole']);
  });
});

describe('serve that gets a signal', { concurrency: false }, () => {
  let cli: CliHarness;
  before(async () => {
    cli = await CliHarness.create();
  });
  after(() => cli.close());

  /**
   * A server with one event that runs until its flag is there, its worker's process id, and the server's state folder.
   */
  const withRunningEvent = async (name: string, ...args: string[]) => {
    const flag = path.join(cli.dir, `${name}-flag`);
    const state = path.join(cli.dir, `${name}-state`);
    const server = await cli.serve(['--state', state, ...args]);
    const files = waiting(flag, 'nodejs');
    await cli.write({
      [`${name}/function.yaml`]: String(files['function.yaml']),
      [`${name}/main.js`]: String(files['main.js']).replace(", '');", ', String(process.pid));'),
    });
    assert.equal((await cli.run(['deploy', name])).code, 0);
    const answer = request(new URL(cli.server), `/${name}`, { method: 'POST' });
    const pid = await until(
      "the worker's process id",
      () => existsSync(`${flag}.begun`) && readFileSync(`${flag}.begun`, 'utf8'),
    );
    return { flag, state, server, answer, pid: Number(pid) };
  };

  it('answers the running event, then ends with 0 and leaves nothing behind', async () => {
    const { flag, state, server, answer, pid } = await withRunningEvent('drained');
    server.child.kill('SIGTERM');
    await until(
      'the server to refuse new requests',
      async () => (await request(new URL(cli.server), '/-/health')).status === 503,
    );
    await writeFile(flag, '');
    assert.deepEqual([(await answer).status, (await answer).text], [200, 'waited']);
    const { code, stderr } = await server.ended;
    assert.equal(code, 0, stderr);
    assert.match(
      stderr,
      /^Closing: one event still runs\. It has at most 10 s to end; press Ctrl\+C again to cut it off\.$/m,
    );
    assert.equal(existsSync(path.join(state, 'lock.json')), false);
    assert.equal(isAlive(pid), false);
  });

  it('cuts a hanging event off after --grace', async () => {
    const { state, server, answer, pid } = await withRunningEvent('hanging', '--grace', '0.3');
    server.child.kill('SIGTERM');
    assert.equal((await answer).status, 500);
    assert.equal((await server.ended).code, 0);
    assert.deepEqual([existsSync(path.join(state, 'lock.json')), isAlive(pid)], [false, false]);
  });

  it('a second time ends at once, and leaves nothing behind either', async () => {
    const { state, server, answer, pid } = await withRunningEvent('hurried', '--grace', '600');
    server.child.kill('SIGINT');
    await server.until(/^Closing/m);
    server.child.kill('SIGINT');
    assert.equal((await answer).status, 500);
    assert.equal((await server.ended).code, 130);
    assert.deepEqual([existsSync(path.join(state, 'lock.json')), isAlive(pid)], [false, false]);
  });
});
