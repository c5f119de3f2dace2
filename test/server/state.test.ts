import assert from 'node:assert/strict';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { LogRecord } from '../../src/shared/api.ts';
import { startFusionizerServer } from '../../src/startServer.ts';
import { CliHarness } from '../support/cli.ts';
import { canSeeProcesses, processes } from '../support/processes.ts';
import { TestServer } from '../support/server.ts';
import { saying } from '../support/tasks.ts';
import { until } from '../support/until.ts';

async function folder(t: TestContext): Promise<string> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'fusionizer-state-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

describe('the state folder', () => {
  it('is held by one server at a time; a second one says which process holds it, and where', async (t) => {
    const server = await TestServer.start(t);
    await assert.rejects(startFusionizerServer({ port: 0, state: server.state }), (error: Error) => {
      assert.match(error.message, new RegExp(`process ${process.pid} at ${server.url.href}`));
      return true;
    });
    await server.deploy('a', saying('a'));
    assert.equal((await server.post('a')).text, 'a');
  });

  it('of a process that has ended is free, also when its id is used again', async (t) => {
    const state = await folder(t);
    for (const holder of [
      { pid: 2 ** 22 + 1, started: 'x', address: null },
      { pid: process.pid, started: 'another start', address: 'http://127.0.0.1:1/' },
    ]) {
      await writeFile(path.join(state, 'lock.json'), JSON.stringify(holder));
      const server = await startFusionizerServer({ port: 0, state });
      await server.close();
    }
    await writeFile(path.join(state, 'lock.json'), '{"pid": ');
    await (await startFusionizerServer({ port: 0, state })).close();
    assert.deepEqual(
      (await readdir(state)).filter((name) => name.startsWith('lock')),
      [],
    );
  });

  it('is free again when the port was taken', async (t) => {
    const server = await TestServer.start(t);
    const state = await folder(t);
    await assert.rejects(startFusionizerServer({ port: Number(server.url.port), state }), {
      code: 'port-taken',
      message: /is in use by another program/,
    });
    await (await startFusionizerServer({ port: 0, state })).close();
  });

  it('that a newer version wrote is refused, and left as it is', async (t) => {
    const state = await folder(t);
    const text = '{"schema": 99, "tasks": "of another form"}';
    await writeFile(path.join(state, 'state.json'), text);
    await assert.rejects(
      startFusionizerServer({ port: 0, state }),
      /newer version of the Fusionizer \(schema 99, this one knows 1\)/,
    );
    assert.equal(await readFile(path.join(state, 'state.json'), 'utf8'), text);
  });

  it('that is damaged is set aside, never overwritten, and the log says where', async (t) => {
    const state = await folder(t);
    await writeFile(path.join(state, 'state.json'), '{"schema": 1, "tasks": [');
    const records: LogRecord[] = [];
    const server = await startFusionizerServer({ port: 0, state, log: (record) => records.push(record) });
    await server.close();
    const [aside] = (await readdir(state)).filter((name) => name.startsWith('state.damaged-'));
    assert.equal(await readFile(path.join(state, aside ?? ''), 'utf8'), '{"schema": 1, "tasks": [');
    assert.ok(records.some((record) => record.level === 'error' && record.message.includes(aside ?? 'nothing')));
  });

  it('that is damaged or gone takes no Task with it: their files are set aside, also from the starts that follow', async (t) => {
    for (const damage of [
      (file: string) => writeFile(file, '{"schema": 1, "tasks": ['),
      (file: string) => writeFile(file, '[]'),
      (file: string) => rm(file),
    ]) {
      const server = await TestServer.start(t);
      await server.deploy('a', saying('a'));
      await server.server.close();
      await damage(path.join(server.state, 'state.json'));
      for (let start = 0; start < 2; start += 1) await server.restart();
      assert.deepEqual((await server.setup()).actual, []);
      const [aside = ''] = (await readdir(server.state)).filter((name) => name.startsWith('tasks.damaged-'));
      assert.match(await readFile(path.join(server.state, aside, 'a', '1', 'main.js'), 'utf8'), /"a"/);
      await server.deploy('a', saying('again'));
      await server.restart();
      assert.equal((await server.post('a')).text, 'again');
    }
  });

  it('whose file is a link to another one is set aside; what it links to is not written', async (t) => {
    const state = await folder(t);
    const precious = path.join(state, 'precious');
    await writeFile(precious, 'precious');
    for (const name of ['state.json', 'lock.json']) await symlink(precious, path.join(state, name));
    const server = await startFusionizerServer({ port: 0, state });
    assert.ok((await lstat(path.join(state, 'lock.json'))).isFile());
    await server.close();
    assert.equal(await readFile(precious, 'utf8'), 'precious');
  });

  it('is taken although the mark of a take-over is left over from a time that the clock has not reached', async (t) => {
    const state = await folder(t);
    await mkdir(path.join(state, 'lock.takeover'));
    const later = Date.now() / 1000 + 3600;
    await utimes(path.join(state, 'lock.takeover'), later, later);
    await (await startFusionizerServer({ port: 0, state })).close();
  });

  it('that another server is just taking is not waited for when the start is cancelled', async (t) => {
    const state = await folder(t);
    await mkdir(path.join(state, 'lock.takeover'));
    await assert.rejects(
      startFusionizerServer({ port: 0, state, signal: AbortSignal.abort(new Error('cancelled')) }),
      /cancelled/,
    );
  });

  it('that cannot be used is named, with what is wrong', async (t) => {
    for (const name of ['lock.json', 'token', 'envs']) {
      const state = await folder(t);
      if (name === 'envs') await writeFile(path.join(state, name), '');
      else await mkdir(path.join(state, name));
      await assert.rejects(startFusionizerServer({ port: 0, state }), (error: Error) => {
        assert.ok(error.message.includes(state), error.message);
        assert.match(error.message, /remove it|repair it/);
        return true;
      });
    }
  });

  it('is cleaned of what was half done when the server died, and the log says of what', async (t) => {
    const state = await folder(t);
    await (await startFusionizerServer({ port: 0, state })).close();
    await mkdir(path.join(state, 'tasks', 'never-answered', '1'), { recursive: true });
    await writeFile(path.join(state, 'state.json.12345'), '{"schema": 1, "ta');
    const records: LogRecord[] = [];
    await (await startFusionizerServer({ port: 0, state, log: (record) => records.push(record) })).close();
    const left = ['builds', 'envs', 'state.json', 'tasks', 'tmp', 'token', 'traces'];
    assert.deepEqual((await readdir(state)).sort(), left);
    assert.deepEqual(await readdir(path.join(state, 'tasks')), []);
    assert.ok(
      records.some(
        ({ message }) =>
          message === "Removed what the server's last end left unfinished: state.json.12345, tasks/never-answered",
      ),
    );
  });
});

describe('a server that is killed', () => {
  it('takes also the processes with it that Tasks started in sessions of their own', async (t) => {
    if (!canSeeProcesses) return t.diagnostic('only Linux shows which processes these are');
    const harness = await CliHarness.create();
    t.after(() => harness.close());
    const server = await harness.serve();
    const code =
      "exports.handler = (context) => context.callback(String(require('node:child_process').spawn('sleep', " +
      "['600'], { detached: true }).pid));";
    await harness.writeTask('task', code);
    assert.equal((await harness.run(['deploy', 'task'])).code, 0);
    const pid = Number((await harness.run(['invoke', 'task'])).stdout);
    assert.ok((await processes()).some((one) => one.pid === pid && one.command === 'sleep 600 '));
    server.child.kill('SIGKILL');
    await until('the end of the build command that the killed server left', async () =>
      (await processes()).every((one) => one.pid !== pid),
    );
  });
});

describe('a server that dies in the middle of a build', () => {
  it('takes the build command and all that it started with it', async (t) => {
    const harness = await CliHarness.create();
    t.after(() => harness.close());
    const server = await harness.serve();
    await harness.writeTask('task', 'exports.handler = () => {};', ['echo pid $$; sleep 600 & wait']);
    const deploy = harness.start(['deploy', 'task', '--verbose']);
    const [, pid] = await deploy.until(/pid (\d+)/);
    server.child.kill('SIGKILL');
    await server.ended;
    await until('the end of the build command', () => {
      try {
        process.kill(Number(pid), 0);
        return false;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'ESRCH';
      }
    });
    assert.notEqual((await deploy.ended).code, 0);
  });
});
