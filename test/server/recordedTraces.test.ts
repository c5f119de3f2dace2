import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { FusionizerClient } from '../../src/client/fusionizerClient.ts';
import { ifMissing } from '../../src/shared/ifMissing.ts';
import { TestServer, zip } from '../support/server.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import { nodeTask } from '../support/tasks.ts';
import { COUNTS } from '../support/traces.ts';
import { until } from '../support/until.ts';

/** Everything in the files of the traces, byte by byte. */
async function recorded(state: string): Promise<string> {
  const dir = path.join(state, 'traces');
  const read = (name: string): Promise<string> => readFile(path.join(dir, name), 'latin1').catch(ifMissing(''));
  const files = await Promise.all((await readdir(dir)).map(read));
  return files.join('');
}

describe('recorded traces', () => {
  it('have no secret of the server or of a Task in any file', async (t) => {
    const server = await TestServer.start(t, { auth: 'always' });
    const token = (await readFile(path.join(server.state, 'token'), 'utf8')).trim();
    const client = new FusionizerClient(server.url, { token });

    const env = "  env:\n    - {name: DB_PASSWORD, value: 'pw-of-the-database'}\n";
    const leaks = `exports.handler = async (context, event, session) => {
  const host = event.headers['Fusionizer-Server-Address'];
  const password = process.env.DB_PASSWORD;
  if (event.path !== '/inner') await session.post('http://' + host + ':8000/leaks/inner', { data: password });
  const headers = { 'Set-Cookie': 'id=cookie-of-the-answer' };
  context.callback(new context.Response(password + ' ' + event.body, headers, 'text/plain', 200));
};`;
    await client.deploy('leaks', await zip(nodeTask(leaks, env)));
    const headers = {
      Authorization: 'Basic basic-of-the-client',
      Cookie: `x=cookie-of-the-client`,
      'X-Api-Key': 'key-of-the-client',
    };
    const path_ = `/?access_token=query-of-the-client&n=${token}`;
    const withToken = await server.request(`/leaks${path_}`, {
      method: 'POST',
      headers: { ...headers, Authorization: `Bearer ${token}` },
      body: `the token is ${token}`,
    });
    assert.equal(withToken.status, 200);
    await until('the records', async () => (await client.traces()).length >= 2);
    await client.traces({ limit: 1 });
    const content = await recorded(server.state);
    assert.ok(content.includes('the token is ***'));
    for (const secret of [
      token,
      'pw-of-the-database',
      'cookie-of-the-answer',
      'cookie-of-the-client',
      'key-of-the-client',
      'query-of-the-client',
      Buffer.from(token).toString('base64').slice(0, 40),
    ])
      assert.equal(content.includes(secret), false, secret);
    assert.equal(/Bearer /.test(content), false);
  });

  it('survive kill -9 under load: at most the newest batch is missing', async (t) => {
    const first = await TestServer.start(t);
    const { state } = first;
    await first.server.close();
    const killed = await ServerProcess.start(t, 30_000, state);
    await killed.deploy('counts', COUNTS);
    const client = new FusionizerClient(killed.url);
    const answered: string[] = [];
    let isOver = false;
    const load = Array.from({ length: 4 }, async () => {
      while (!isOver) {
        const answer = await client.invoke('counts', { body: 'hello' }).catch(() => undefined);
        if (answer) answered.push(answer.trace);
      }
    });
    await until('some invocations', () => answered.length > 200);
    const onDisk = [...answered];
    // Reads what is on the disk, so that all before is written.
    await client.traces({ limit: 1 });
    await until('more invocations', () => answered.length > onDisk.length + 200);
    await killed.kill();
    isOver = true;
    await Promise.all(load);
    await first.restart();
    const again = new FusionizerClient(first.url);
    const found = new Set((await again.traces()).map(({ trace }) => trace));
    assert.deepEqual(
      onDisk.filter((trace) => !found.has(trace)),
      [],
    );
    const [trace = ''] = onDisk;
    assert.equal((await again.replay(trace)).before?.status, 201);
  });

  it('take no more than their limit, and the oldest go first', async (t) => {
    const limit = 256 * 1024;
    const server = await TestServer.start(t, { recordLimit: limit });
    const client = new FusionizerClient(server.url);
    await server.deploy('counts', COUNTS);
    const traces: string[] = [];
    for (let round = 0; round < 20; round += 1) {
      traces.push((await client.invoke('counts', { body: 'x'.repeat(10_000), path: `/${round}` })).trace);
      for (let more = 0; more < 3; more += 1) await client.invoke('counts', { body: 'x'.repeat(10_000) });
      await client.traces({ limit: 1 });
      assert.ok((await recorded(server.state)).length <= limit);
    }
    const exchanges = await Promise.all(traces.map(async (trace) => (await client.trace(trace)).spans[0]?.exchange));
    assert.equal(exchanges[0], undefined);
    assert.equal(exchanges.at(-1)?.request.size, 10_000);
  });
});
