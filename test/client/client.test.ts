import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { ClientError, ServerUnreachableError } from '../../src/client/errors.ts';
import { FusionizerClient } from '../../src/client/fusionizerClient.ts';
import { packTask } from '../../src/task/pack.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Files, TestServer } from '../support/server.ts';
import { functionYaml, saying } from '../support/tasks.ts';
import { until } from '../support/until.ts';

describe('client', { concurrency: false }, () => {
  const zipOf = async (test: Parameters<typeof temporaryFolder>[0], files: Files): Promise<Buffer> =>
    (await packTask(await temporaryFolder(test, files))).zip;

  it('deploys, lists, invokes and deletes', async (test) => {
    const { url } = await TestServer.start(test);
    const client = new FusionizerClient(url);
    assert.equal((await client.health()).tasks, 0);
    const operation = await client.deploy('hello', await zipOf(test, saying('hi')), { source: '/home/jörg/hello' });
    assert.deepEqual(
      { state: operation.state, result: operation.result },
      { state: 'done', result: "Successfully deployed Task 'hello'" },
    );
    assert.equal((await client.task('hello')).source, '/home/jörg/hello');
    assert.deepEqual(
      (await client.tasks()).map(({ name }) => name),
      ['hello'],
    );
    const answer = await client.invoke('hello');
    assert.deepEqual({ status: answer.status, body: answer.body.toString() }, { status: 200, body: 'hi' });
    assert.equal((await client.traces({ trace: answer.trace })).length, 1);
    await client.delete('hello');
    await assert.rejects(client.task('hello'), { name: 'ClientError', code: 'not-found', status: 404 });
  });

  it('computes the same hash as the server for the files that it packs', async (test) => {
    const { url } = await TestServer.start(test);
    const client = new FusionizerClient(url);
    const files = {
      ...saying('hi'),
      'data/ü.bin': Buffer.from([0, 255]),
      'lib/b.js': '',
      'lib/B2.js': '1',
      'node_modules/x/index.js': 'x',
    };
    const packed = await packTask(await temporaryFolder(test, files));
    await client.deploy('hashed', packed.zip);
    assert.equal((await client.task('hashed')).hash, packed.hash);
  });

  it("returns a handler's answer whatever its status, and throws only if no handler was reached", async (test) => {
    const { url } = await TestServer.start(test);
    const client = new FusionizerClient(url);
    const handler =
      'exports.handler = (context, event) =>\n' +
      '  context.callback(new context.Response(event.path, {}, "text/plain", 404));';
    await client.deploy('refuses', await zipOf(test, { 'function.yaml': functionYaml('nodejs'), 'main.js': handler }));
    const answer = await client.invoke('refuses', { path: '/a//b', method: 'DELETE' });
    assert.equal(answer.status, 404);
    assert.match(answer.trace, /^[0-9a-f]{32}$/);
    await assert.rejects(
      client.invoke('absent'),
      (error) =>
        error instanceof ClientError && error.status === 404 && error.message === "No Task 'absent' could be found",
    );
  });

  it('reports the file and line of a refused Task', async (test) => {
    const { url } = await TestServer.start(test);
    const client = new FusionizerClient(url);
    const broken = { 'function.yaml': functionYaml('nodejs'), 'main.js': 'one\ntwo three\n' };
    await assert.rejects(client.deploy('broken', await zipOf(test, broken)), {
      code: 'task',
      status: 422,
      file: 'main.js',
      line: 2,
    });
  });

  it('changes the setup, unless its revision has changed', async (test) => {
    const { url } = await TestServer.start(test);
    const client = new FusionizerClient(url);
    for (const name of ['a', 'b', 'c']) await client.deploy(name, await zipOf(test, saying(name)));
    const { revision } = await client.setup();
    const fused = await client.patchSetup([['a', 'b']], { ifRevision: revision });
    assert.deepEqual(fused.actual.map((group) => [...group].sort()).sort(), [['a', 'b'], ['c']]);
    await assert.rejects(client.putSetup([], { ifRevision: revision }), { code: 'revision', status: 412 });
    const apart = await client.putSetup([['b', 'c']], { ifRevision: fused.revision });
    assert.deepEqual(apart.actual.map((group) => [...group].sort()).sort(), [['a'], ['b', 'c']]);
  });

  it('reads and changes the schedule', async (test) => {
    const { url } = await TestServer.start(test);
    const client = new FusionizerClient(url);
    const view = await client.updateSchedule({ entries: { '3600': [['a', 'b']] }, clock: 'pause' });
    assert.deepEqual({ next: view.next, state: view.clock.state }, { next: 3600, state: 'paused' });
    assert.deepEqual((await client.schedule()).entries, [{ second: 3600, setup: [['a', 'b']] }]);
    await assert.rejects(client.updateSchedule({ apply: 5 }), { code: 'not-found' });
  });

  it('reads logs, and follows them until it is stopped', async (test) => {
    const { url } = await TestServer.start(test);
    const client = new FusionizerClient(url);
    const handler =
      'exports.handler = (context, event) => { context.logger.info(event.body.toString()); context.callback(""); };';
    await client.deploy('talks', await zipOf(test, { 'function.yaml': functionYaml('nodejs'), 'main.js': handler }));
    await client.invoke('talks', { body: 'first' });
    assert.deepEqual(
      (await client.logs('talks')).map(({ message }) => message),
      ['first'],
    );
    assert.deepEqual(await client.logs('talks', { level: 'error' }), []);
    const stop = new AbortController();
    const followed: string[] = [];
    for await (const record of client.followLogs('talks', { signal: stop.signal })) {
      followed.push(record.message);
      if (record.message === 'first') await client.invoke('talks', { body: 'second' });
      else stop.abort();
    }
    assert.deepEqual(followed, ['first', 'second']);
  });

  it('cancels a deploy on the server, not just the wait for it', async (test) => {
    const { url } = await TestServer.start(test);
    const client = new FusionizerClient(url);
    const slow = {
      'function.yaml': functionYaml('nodejs', '  build:\n    commands:\n      - sleep 60\n'),
      'main.js': 'exports.handler = () => {};',
    };
    const stop = new AbortController();
    const operation = randomUUID();
    const deploying = client.deploy('slow', await zipOf(test, slow), { operation, signal: stop.signal });
    const refused = assert.rejects(deploying, { name: 'ClientError', code: 'cancelled' });
    await until('the build command to run', async () =>
      client.operation(operation).then(
        ({ stages }) => stages.some(({ stage }) => stage === 'build'),
        () => false,
      ),
    );
    stop.abort();
    await refused;
    assert.equal((await client.operation(operation)).state, 'cancelled');
    await assert.rejects(client.deploy('slow', await zipOf(test, slow), { signal: AbortSignal.abort() }), {
      code: 'cancelled',
    });
  });

  it('throws different errors for a server that is not reachable and one that refuses', async (test) => {
    const started = await TestServer.start(test);
    const client = new FusionizerClient(started.url);
    await started.server.close();
    await assert.rejects(
      client.tasks(),
      (error) =>
        error instanceof ServerUnreachableError &&
        /^No Fusionizer server is reachable at http:\S+ \(ECONNREFUSED\)$/.test(error.message),
    );
    await started.restart();
  });
});
