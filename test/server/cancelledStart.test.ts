import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { LogRecord } from '../../src/shared/api.ts';
import { startFusionizerServer } from '../../src/startServer.ts';
import { temporaryFolder } from '../support/folder.ts';
import { TestServer } from '../support/server.ts';
import { functionYaml, saying } from '../support/tasks.ts';
import { until } from '../support/until.ts';

describe('a start that is cancelled', () => {
  it('stops the Tasks that it had begun to start, and leaves the state as it was', async (t) => {
    const server = await TestServer.start(t);
    const flag = path.join(server.state, 'go');
    const code = `import os, time

open(${JSON.stringify(`${flag}.begun`)}, "w").write(str(os.getpid()))
while not os.path.exists(${JSON.stringify(flag)}):
    time.sleep(0.01)

def handler(context, event):
    return "restored"
`;
    await writeFile(flag, '');
    await server.deploy('slow', { 'function.yaml': functionYaml('python'), 'main.py': code });
    await server.deploy('quick', saying('quick'));
    await server.server.close();
    await rm(flag);
    await rm(`${flag}.begun`);
    const records: LogRecord[] = [];
    const stop = new AbortController();
    const started = startFusionizerServer({
      port: 0,
      state: server.state,
      signal: stop.signal,
      log: (record) => records.push(record),
    });
    await until('the slow Task to be loaded', () => existsSync(`${flag}.begun`));
    stop.abort();
    await assert.rejects(started, (error) => error === stop.signal.reason);
    assert.deepEqual(
      records.filter(({ level }) => level === 'error').map(({ message }) => message),
      [],
    );
    assert.equal(existsSync(path.join(server.state, 'lock.json')), false);
    await writeFile(flag, '');
    await server.restart();
    assert.deepEqual([(await server.post('slow')).text, (await server.post('quick')).text], ['restored', 'quick']);
  });

  it('does not even begin when it is cancelled before', async (t) => {
    const state = await temporaryFolder(t);
    await assert.rejects(
      startFusionizerServer({ port: 0, state, signal: AbortSignal.abort(new Error('no')) }),
      /^Error: no$/,
    );
    assert.equal(existsSync(path.join(state, 'lock.json')), false);
  });
});
