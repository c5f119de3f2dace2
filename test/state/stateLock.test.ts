import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { isAlive, StateLock } from '../../src/state/stateLock.ts';
import { temporaryFolder } from '../support/folder.ts';
import { canSeeProcesses } from '../support/processes.ts';
import { until } from '../support/until.ts';

/** When a process started, as locks have it. */
async function startOf(pid: number): Promise<string | null> {
  if (!canSeeProcesses) return null;
  const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'latin1')).trim();
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
  return `${boot} ${stat.replace(/^.*\) /s, '').split(' ')[19]}`;
}

/** A process that holds the lock of a folder until it is killed. No server answers at the address. */
async function holder(t: TestContext, state: string, address = 'http://127.0.0.1:9/'): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  t.after(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  await writeFile(path.join(state, 'lock.json'), JSON.stringify({ pid, started: await startOf(pid), address }));
  return child;
}

/** A server that answers every request with a status. */
async function answering(t: TestContext, status: number): Promise<{ server: http.Server; address: string }> {
  const server = http.createServer((_request, response) => response.writeHead(status).end()).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

describe('a lock', { concurrency: true }, () => {
  it('of a server that is being killed is taken when that has ended', async (t) => {
    const state = await temporaryFolder(t);
    const child = await holder(t, state);
    child.kill('SIGKILL');
    await (await StateLock.acquire(state)).release();
  });

  it('of a server that is closing is taken when that has ended', async (t) => {
    const state = await temporaryFolder(t);
    const { server, address } = await answering(t, 503);
    const child = await holder(t, state, address);
    // It is asked for a while before it ends.
    let asked = 0;
    server.on('request', () => {
      asked += 1;
      if (asked === 5) child.kill('SIGTERM');
    });
    await (await StateLock.acquire(state)).release();
  });

  for (const status of [200, 401]) {
    it(`of a server that answers ${status} is refused at once`, async (t) => {
      const state = await temporaryFolder(t);
      await holder(t, state, (await answering(t, status)).address);
      const began = performance.now();
      await assert.rejects(StateLock.acquire(state), { code: 'state-in-use' });
      assert.ok(performance.now() - began < 2000);
    });
  }

  it('of a process that lives, and does not answer, is refused after some seconds', async (t) => {
    const state = await temporaryFolder(t);
    const child = await holder(t, state);
    const began = performance.now();
    await assert.rejects(StateLock.acquire(state), {
      code: 'state-in-use',
      message: new RegExp(`process ${child.pid} `),
    });
    assert.ok(performance.now() - began < 8000);
  });

  it('of a zombie is free', { skip: !canSeeProcesses }, async (t) => {
    const state = await temporaryFolder(t);
    // The shell replaces itself by a program that waits for no child, so that the child stays a zombie.
    const shell = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] });
    t.after(async () => {
      shell.kill('SIGKILL');
      await once(shell, 'exit');
    });
    const [text] = (await once(shell.stdout, 'data')) as [Buffer];
    const pid = Number(text);
    await until('the zombie', async () => /\) Z /.test(await readFile(`/proc/${pid}/stat`, 'latin1')));
    const zombie = { pid, started: await startOf(pid), address: null };
    assert.equal(await isAlive(zombie), false);
    await writeFile(path.join(state, 'lock.json'), JSON.stringify(zombie));
    const began = performance.now();
    await (await StateLock.acquire(state)).release();
    assert.ok(performance.now() - began < 1000);
  });
});
