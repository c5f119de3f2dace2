import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Reaper } from '../../../src/platform/embedded/processes/reaper.ts';
import { CliHarness } from '../../support/cli.ts';
import { canSeeProcesses, isAlive, processes } from '../../support/processes.ts';
import { TestServer } from '../../support/server.ts';
import { saying } from '../../support/tasks.ts';
import { until } from '../../support/until.ts';

const skip = canSeeProcesses ? false : 'only Linux shows the environment of processes';

/** The reapers that a server's process has started. */
async function reapersOf(server: number): Promise<number[]> {
  return (await processes())
    .filter(({ parent, command }) => parent === server && command.includes('reaper.cjs'))
    .map(({ pid }) => pid);
}

describe('the reaper', () => {
  it('ends with its server, however often one starts and closes in a process', { skip }, async (t) => {
    const server = await TestServer.start(t);
    for (const version of ['1', '2', '3']) {
      await server.deploy('task', saying(version));
      assert.equal((await reapersOf(process.pid)).length, 1);
      await server.restart();
      assert.equal((await server.post('task')).text, version);
      assert.equal((await reapersOf(process.pid)).length, 1);
    }
    await server.server.close();
    assert.deepEqual(await reapersOf(process.pid), []);
  });

  it('is not there before the first process, and lets none start after its end', { skip }, async () => {
    const reaper = new Reaper(process.execPath, assert.fail);
    assert.deepEqual(await reapersOf(process.pid), []);
    const part = reaper.newPart();
    await part.end();
    assert.equal((await reapersOf(process.pid)).length, 1);
    await reaper.close();
    assert.deepEqual(await reapersOf(process.pid), []);
    assert.throws(() => reaper.newPart(), /The platform is closed/);
  });

  it('that cannot be started is reported, and closes', { skip }, async () => {
    const reports: string[] = [];
    const reaper = new Reaper('/nowhere/node', (message) => reports.push(message));
    reaper.newPart();
    await until('the report', () => reports.length > 0);
    assert.match(reports.join(), /may not end with the server: .*ENOENT/);
    await reaper.close();
  });

  it('is started again when it dies, and ends what ran before and since when the server dies', { skip }, async (t) => {
    const cli = await CliHarness.create();
    t.after(() => cli.close());
    const server = await cli.serve();
    const pid = server.child.pid ?? 0;
    const daemon = async (name: string): Promise<number> => {
      await cli.writeTask(
        name,
        "const { spawn } = require('node:child_process');\n" +
          "exports.handler = (c) => c.callback(String(spawn('sleep', ['600'], { detached: true, stdio: 'ignore' " +
          '}).pid));',
      );
      assert.equal((await cli.run(['deploy', name])).code, 0);
      return Number((await cli.run(['invoke', name])).stdout);
    };
    const before = await daemon('before');
    const [first = 0] = await reapersOf(pid);
    process.kill(first, 'SIGKILL');
    const [second = 0] = await until('another reaper', async () => {
      const found = (await reapersOf(pid)).filter((reaper) => reaper !== first);
      return found.length > 0 ? found : undefined;
    });
    const since = await daemon('since');
    assert.deepEqual(await reapersOf(pid), [second]);
    assert.ok(isAlive(before) && isAlive(since));
    server.child.kill('SIGKILL');
    await until('the end of both daemons and of the reaper', () => ![before, since, second].some(isAlive));
  });
});
