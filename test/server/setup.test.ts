import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { TestServer } from '../support/server.ts';
import { calling, functionYaml, saying } from '../support/tasks.ts';
import { until } from '../support/until.ts';

describe('the setup that is shown', () => {
  it('has its groups in one order, before and after a restart', async (t) => {
    const server = await TestServer.start(t);
    for (const name of ['d', 'b', 'a', 'c']) await server.deploy(name, saying(name));
    await server.changeSetup('PUT', [['d', 'b']]);
    const shown = async (): Promise<unknown[]> => {
      const { actual, functions } = await server.setup();
      return [actual, functions.map(({ tasks }) => tasks)];
    };
    const groups = [['a'], ['d', 'b'], ['c']];
    assert.deepEqual(await shown(), [groups, groups]);
    await server.deploy('a', saying('a again'));
    assert.deepEqual(await shown(), [groups, groups]);
    await server.restart();
    assert.deepEqual(await shown(), [groups, groups]);
  });
});

describe('a setup change', () => {
  it('fuses and splits: calls become local and remote, answers stay equal', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('taska', calling('a', 'taskb'));
    await server.deploy('taskb', saying('b'));
    const local = async (): Promise<boolean[]> => {
      const answer = await server.post('taska');
      assert.equal(answer.text, 'a(b)');
      const trace = String(answer.headers['fusionizer-trace-id']);
      let calls: { local: boolean; caller: string | null; group: string[] }[] = [];
      await until('the records of both calls', async () => {
        calls = (await server.request(`/-/traces?trace=${trace}`)).json();
        return calls.length === 2;
      });
      return calls.filter((call) => call.caller !== null).map((call) => call.local);
    };
    assert.deepEqual(await local(), [false]);
    const fused = await server.changeSetup('PUT', [['taska', 'taskb']]);
    assert.equal(fused.status, 200, fused.text);
    assert.deepEqual(await server.groups(), ['taska+taskb']);
    assert.deepEqual(await local(), [true]);
    assert.equal((await server.changeSetup('PATCH', [['taska']])).status, 200);
    assert.deepEqual(await server.groups(), ['taska', 'taskb']);
    assert.deepEqual(await local(), [false]);
  });

  it('refuses what cannot be fused, names the Tasks, and changes nothing', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('a', saying('a', 'nodejs', '  env:\n    - {name: MODE, value: one}\n'));
    await server.deploy('b', saying('b', 'nodejs', '  env:\n    - {name: MODE, value: two}\n'));
    await server.deploy('p', saying('p', 'python'));
    const conflict = await server.changeSetup('PUT', [['a', 'b']]);
    assert.equal(conflict.status, 422);
    assert.match(conflict.text, /'a' and 'b' cannot be fused.*MODE/);
    assert.match(
      (await server.changeSetup('PUT', [['a', 'p']])).text,
      /'a' and 'p' cannot be fused: one is nodejs, the other python/,
    );
    assert.equal((await server.changeSetup('PUT', [['a'], ['a', 'b']])).status, 400);
    assert.equal((await server.changeSetup('PUT', [[]])).status, 400);
    assert.equal((await server.request('/-/setup', { method: 'PUT', body: '{"a":' })).status, 400);
    assert.deepEqual(await server.groups(), ['a', 'b', 'p']);
    assert.match((await server.setup()).error ?? '', /'a' and 'p'/);
    assert.deepEqual((await server.setup()).desired, []);
  });

  it('is refused with 412 when the revision is another one', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('a', saying('a'));
    await server.deploy('b', saying('b'));
    const shown = await server.request('/-/setup');
    const etag = String(shown.headers.etag);
    assert.equal((await server.changeSetup('PUT', [['a', 'b']], { 'If-Match': etag })).status, 200);
    assert.equal((await server.changeSetup('PUT', [['a'], ['b']], { 'If-Match': etag })).status, 412);
    assert.deepEqual(await server.groups(), ['a+b']);
  });
});

describe('a restart', () => {
  it('serves the last completed setup', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('taska', calling('a', 'taskb'));
    await server.deploy('taskb', saying('b'));
    await server.deploy('taskc', saying('c'));
    await server.changeSetup('PUT', [['taska', 'taskb']]);
    await server.restart();
    assert.deepEqual(await server.groups(), ['taska+taskb', 'taskc']);
    assert.equal((await server.post('taska')).text, 'a(b)');
    assert.equal((await server.post('taskc')).text, 'c');
    assert.equal((await server.task('taska')).version, 1);
    await server.deploy('taskc', saying('c2'));
    assert.equal((await server.task('taskc')).version, 2);
  });

  it('keeps a Task whose files are lost, says why it does not serve, and serves the others', async (t) => {
    const server = await TestServer.start(t);
    for (const name of ['a', 'b', 'c']) await server.deploy(name, saying(name));
    await rm(path.join(server.state, 'tasks', 'b'), { recursive: true });
    await server.restart();
    assert.equal((await server.post('a')).text, 'a');
    const lost = await server.post('b');
    assert.equal(lost.status, 502);
    assert.match(lost.text, /Task 'b' could not be started again.*deploy it again/);
    assert.equal((await server.task('b')).state, 'unhealthy');
    assert.equal((await server.changeSetup('PUT', [['a', 'c']])).status, 200);
    await server.deploy('b', saying('b2'));
    assert.equal((await server.post('b')).text, 'b2');
  });

  it('is not held up by an event that never ends in a function that was replaced', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('a', {
      'function.yaml': functionYaml('nodejs'),
      'main.js': 'exports.handler = () => { console.log("taken"); setInterval(() => {}, 1000); };',
    });
    const hanging = server.post('a').catch((error: Error) => error);
    await until('the event to begin', async () => (await server.request('/-/tasks/a/logs')).text.includes('taken'));
    await server.deploy('a', saying('a'));
    await server.restart();
    assert.equal((await server.post('a')).text, 'a');
    await hanging;
  });
});
