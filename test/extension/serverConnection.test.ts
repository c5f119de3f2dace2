import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { SetupModel } from '../../src/extension/model/setupModel.ts';
import { connectFolder, connectRemote } from '../../src/extension/server/connect.ts';
import { ServerConnection, type ServerStatus } from '../../src/extension/server/serverConnection.ts';
import { temporaryFolder } from '../support/folder.ts';
import { TestServer, until, zip } from '../support/server.ts';
import { saying } from '../support/tasks.ts';

interface Window {
  connection: ServerConnection;
  model: SetupModel;
  statuses: string[];
  warnings: string[];
}

/** What a window of VS Code does, without its views. */
function openWindow(t: TestContext, state: string, port = 0): Window {
  const warnings: string[] = [];
  const statuses: string[] = [];
  const model = new SetupModel();
  const connection = new ServerConnection((signal) => connectFolder({ state, port, warn: (message) => warnings.push(message) }, signal), {
    status: (status: ServerStatus) => {
      statuses.push(status.kind);
      if (status.kind === 'stopped' || status.kind === 'failed') model.forget();
    },
    read: (read) => model.read(read),
    event: (event) => model.apply(event),
    report: () => undefined,
  });
  t.after(() => connection.stop());
  return { connection, model, statuses, warnings };
}

describe('a window', () => {
  it('starts a server when it needs one, knows its Tasks by events, and ends it', async (t) => {
    const state = path.join(await temporaryFolder(t), 'state');
    const { connection, model, statuses } = openWindow(t, state);
    const client = await connection.client();
    assert.equal(connection.connection?.origin, 'own');
    await client.deploy('task', await zip(saying('x')));
    await until(() => model.taskRow('task')?.state === 'ready');
    const again = await connection.client();
    assert.equal(again, client);
    await connection.stop();
    assert.deepEqual(statuses, ['starting', 'running', 'stopping', 'stopped']);
    assert.equal(model.rows.length, 0);
    await assert.rejects(client.health());
  });

  it('tells of a deploy while it runs, and that it failed', async (t) => {
    const state = path.join(await temporaryFolder(t), 'state');
    const { connection, model } = openWindow(t, state);
    const client = await connection.client();
    const seen = new Set<string>();
    model.setFolders([{ path: '/x/task', name: 'task', runtime: 'nodejs', hash: 'h', problem: undefined }]);
    model.onChange(() => {
      const [row] = model.taskRows;
      if (row) seen.add(`${row.state} ${row.stage ?? ''}`.trim());
    });
    const spec = '  build:\n    commands: ["echo broken >&2; exit 3"]\n';
    await assert.rejects(client.deploy('task', await zip(saying('x', 'nodejs', spec))), /exit status 3/);
    await until(() => model.taskRows[0]?.state === 'error');
    for (const state of ['deploying upload', 'deploying build', 'error']) assert.ok(seen.has(state), `${state} of ${[...seen]}`);
    assert.match(model.taskRows[0]?.error ?? '', /broken/);
  });

  it('takes the server that serves its folder already, and goes on by itself when that ends', async (t) => {
    const state = path.join(await temporaryFolder(t), 'state');
    const first = openWindow(t, state);
    await (await first.connection.client()).deploy('task', await zip(saying('x')));
    const second = openWindow(t, state);
    await second.connection.start();
    assert.deepEqual([second.connection.connection?.origin, second.model.taskRow('task')?.state], ['attached', 'ready']);
    await first.connection.stop();
    await until(() => second.connection.connection?.origin === 'own');
    await until(() => second.model.taskRow('task')?.state === 'ready');
    assert.equal((await (await second.connection.client()).invoke('task')).status, 200);
  });

  it('leaves a server that it did not start when it closes', async (t) => {
    const server = await TestServer.start(t);
    const { connection } = openWindow(t, server.state);
    await connection.start();
    assert.equal(connection.connection?.origin, 'attached');
    await connection.stop();
    assert.equal((await server.request('/-/health')).status, 200);
  });

  it('sends the token where the server of its folder asks for it', async (t) => {
    const server = await TestServer.start(t, { auth: 'always' });
    const { connection } = openWindow(t, server.state);
    assert.deepEqual(await (await connection.client()).tasks(), []);
  });

  it('takes another port when its own is taken, and says so', async (t) => {
    const blocker = net.createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    t.after(() => blocker.close());
    const { port } = blocker.address() as net.AddressInfo;
    const { connection, warnings } = openWindow(t, path.join(await temporaryFolder(t), 'state'), port);
    assert.equal((await (await connection.client()).health()).status, 'ok');
    assert.match(warnings.join(), new RegExp(`Port ${port} is taken: the server listens at http`));
  });

  it('says why a server cannot be started, and starts it once that is repaired', async (t) => {
    const folder = await temporaryFolder(t);
    let fail = true;
    const statuses: ServerStatus[] = [];
    const connection = new ServerConnection(
      (signal) => (fail ? Promise.reject(new Error('no')) : connectFolder({ state: path.join(folder, 'state'), port: 0, warn: () => undefined }, signal)),
      { status: (status) => statuses.push(status), read: () => undefined, event: () => undefined, report: () => undefined },
    );
    t.after(() => connection.stop());
    await assert.rejects(connection.start(), /no/);
    assert.equal(statuses.at(-1)?.kind, 'failed');
    fail = false;
    await connection.start();
    assert.equal(statuses.at(-1)?.kind, 'running');
  });
});

describe('a server elsewhere', () => {
  it('is reached with its token only', async (t) => {
    const server = await TestServer.start(t, { auth: 'always' });
    await assert.rejects(connectRemote(server.url.href, undefined), /asks for a token: give it with 'Fusionizer: Set Server Token\.\.\.'/);
    await assert.rejects(connectRemote(server.url.href, 'wrong'), /does not take the token/);
    await assert.rejects(connectRemote('nonsense', undefined), /fusionizer\.server\.url is 'nonsense', which is no address/);
    await assert.rejects(connectRemote('https://x', undefined), /reached by http/);
  });
});
