import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { startFusionizerServer } from '../../src/fusionizerServer.ts';
import type { LogRecord } from '../../src/shared/api.ts';
import { CliHarness } from '../support/cli.ts';
import { TestServer, until } from '../support/server.ts';
import { saying } from '../support/tasks.ts';

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
    await assert.rejects(startFusionizerServer({ port: Number(server.url.port), state }), /is taken/);
    await (await startFusionizerServer({ port: 0, state })).close();
  });

  it('that a newer version wrote is refused, and left as it is', async (t) => {
    const state = await folder(t);
    const text = '{"schema": 99, "tasks": "of another form"}';
    await writeFile(path.join(state, 'state.json'), text);
    await assert.rejects(startFusionizerServer({ port: 0, state }), /newer version of the Fusionizer \(schema 99, this one knows 1\)/);
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

  it('is cleaned of what was half done when the server died, and the log says of what', async (t) => {
    const state = await folder(t);
    await (await startFusionizerServer({ port: 0, state })).close();
    await mkdir(path.join(state, 'tasks', 'never-answered', '1'), { recursive: true });
    await writeFile(path.join(state, 'state.json.12345'), '{"schema": 1, "ta');
    const records: LogRecord[] = [];
    await (await startFusionizerServer({ port: 0, state, log: (record) => records.push(record) })).close();
    assert.deepEqual((await readdir(state)).sort(), ['builds', 'envs', 'tasks', 'tmp', 'token']);
    assert.deepEqual(await readdir(path.join(state, 'tasks')), []);
    assert.ok(records.some(({ message }) => message === "Removed what the server's last end left unfinished: state.json.12345, tasks/never-answered"));
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
    await until(() => {
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
