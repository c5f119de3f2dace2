import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { TestServer } from '../support/server.ts';
import { calling, functionYaml, saying } from '../support/tasks.ts';
import { until } from '../support/until.ts';

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

  it('keeps Tasks that it does not name, each by itself', async (t) => {
    const server = await TestServer.start(t);
    for (const name of ['a', 'b', 'c', 'd']) await server.deploy(name, saying(name));
    await server.changeSetup('PUT', [
      ['a', 'b'],
      ['c', 'd'],
    ]);
    await server.changeSetup('PUT', [['a', 'c']]);
    assert.deepEqual(await server.groups(), ['a+c', 'b', 'd']);
    for (const name of ['a', 'b', 'c', 'd']) assert.equal((await server.post(name)).text, name);
  });

  it('by PATCH makes its groups and leaves the rest', async (t) => {
    const server = await TestServer.start(t);
    for (const name of ['a', 'b', 'c', 'd', 'e']) await server.deploy(name, saying(name));
    await server.changeSetup('PUT', [
      ['a', 'b', 'c'],
      ['d', 'e'],
    ]);
    await server.changeSetup('PATCH', [['c', 'd']]);
    assert.deepEqual(await server.groups(), ['a+b', 'c+d', 'e']);
  });

  it('makes names that are not deployed wait, and they join when they are', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('a', saying('a'));
    const answer = await server.changeSetup('PUT', [['a', 'later']]);
    assert.deepEqual(answer.json<{ waiting: string[] }>().waiting, ['later']);
    assert.deepEqual(await server.groups(), ['a']);
    await server.deploy('later', saying('later'));
    assert.deepEqual(await server.groups(), ['a+later']);
    assert.deepEqual((await server.setup()).waiting, []);
  });

  it('that a new Task cannot join leaves it alone, and says why', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('a', saying('a', 'nodejs', '  env:\n    - {name: MODE, value: one}\n'));
    await server.changeSetup('PUT', [['a', 'later']]);
    await server.deploy('later', saying('later', 'nodejs', '  env:\n    - {name: MODE, value: two}\n'));
    const setup = await server.setup();
    assert.deepEqual(await server.groups(), ['a', 'later']);
    assert.match(setup.apart[0]?.reason ?? '', /'later' serves alone.*MODE/s);
    await server.deploy('later', saying('later', 'nodejs', '  env:\n    - {name: MODE, value: one}\n'));
    assert.deepEqual(await server.groups(), ['a+later']);
    assert.deepEqual((await server.setup()).apart, []);
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

  it('that fails in one of its groups applies none', async (t) => {
    const server = await TestServer.start(t);
    // Starts alone, but not beside the other: the second initContext finds the mark of the first.
    const picky = {
      'function.yaml': functionYaml('nodejs'),
      'main.js':
        "exports.initContext = () => { if (globalThis.taken) throw new Error('taken'); globalThis.taken = true; };\nexports.handler = (c) => c.callback('picky');",
    };
    for (const name of ['x', 'y']) await server.deploy(name, picky);
    for (const name of ['a', 'b']) await server.deploy(name, saying(name));
    const before = (await server.setup()).functions.map((fn) => fn.name).sort();
    const answer = await server.changeSetup('PUT', [
      ['a', 'b'],
      ['x', 'y'],
    ]);
    assert.equal(answer.status, 422, answer.text);
    assert.match(answer.text, /taken/);
    assert.deepEqual((await server.setup()).functions.map((fn) => fn.name).sort(), before);
    for (const name of ['a', 'b']) assert.equal((await server.post(name)).text, name);
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

  it('that a newer one supersedes is answered 409; the newer one is reached', async (t) => {
    const server = await TestServer.start(t);
    for (const name of ['a', 'b', 'c']) await server.deploy(name, saying(name));
    const [first, second, third] = await Promise.all([
      server.changeSetup('PUT', [['a', 'b']]),
      server.changeSetup('PUT', [['b', 'c']]),
      server.changeSetup('PUT', [['a', 'c']]),
    ]);
    assert.deepEqual([first.status, second.status, third.status], [409, 409, 200]);
    assert.deepEqual(await server.groups(), ['a+c', 'b']);
  });

  it('does not wait for a deploy that it does not touch', async (t) => {
    const server = await TestServer.start(t);
    for (const name of ['a', 'b']) await server.deploy(name, saying(name));
    const id = '0f0f0f0f-0000-4000-8000-000000000006';
    const deploy = server.put('slow', saying('slow', 'nodejs', '  build:\n    commands:\n      - sleep 600\n'), {
      'Fusionizer-Operation': id,
    });
    await until('the build command to run', async () =>
      (await server.request(`/-/operations/${id}`)).text.includes('sleep 600'),
    );
    assert.equal((await server.changeSetup('PUT', [['a', 'b']])).status, 200);
    assert.deepEqual(await server.groups(), ['a+b']);
    await server.request(`/-/operations/${id}`, { method: 'DELETE' });
    assert.equal((await deploy).status, 409);
  });

  it('that waits for Tasks has all of them as soon as they are deployed, also at the same time', async (t) => {
    const server = await TestServer.start(t);
    await server.changeSetup('PUT', [['a', 'b', 'c']]);
    await Promise.all(['a', 'b', 'c'].map((name) => server.deploy(name, saying(name))));
    assert.deepEqual(await server.groups(), ['a+b+c']);
  });
});

describe('a deletion', () => {
  it('keeps the rest of the group serving, and forgets the name in a manual setup', async (t) => {
    const server = await TestServer.start(t);
    for (const name of ['a', 'b', 'c']) await server.deploy(name, saying(name));
    await server.changeSetup('PUT', [['a', 'b', 'c']]);
    assert.equal((await server.request('/b', { method: 'DELETE' })).status, 200);
    assert.deepEqual(await server.groups(), ['a+c']);
    assert.equal((await server.post('b')).status, 404);
    assert.equal((await server.post('c')).text, 'c');
    await server.deploy('b', saying('b'));
    assert.deepEqual(await server.groups(), ['a+c', 'b']);
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
