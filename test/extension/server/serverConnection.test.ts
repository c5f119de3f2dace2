import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { DismissedError } from '../../../src/extension/errors.ts';
import { connectFolder, connectRemote } from '../../../src/extension/server/connect.ts';
import { ServerConnection, type ServerStatus } from '../../../src/extension/server/serverConnection.ts';
import { SetupModel } from '../../../src/extension/setup/setupModel.ts';
import { startFusionizerServer } from '../../../src/startServer.ts';
import { StateLock } from '../../../src/state/stateLock.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { TestServer, zip } from '../../support/server.ts';
import { saying } from '../../support/tasks.ts';
import { until } from '../../support/until.ts';

const tokens = ['the-first-long-token', 'the-second-long-token'];

/** Nobody ends it. */
const never = new AbortController().signal;

const closers = new WeakMap<TestContext, (() => Promise<unknown>)[]>();

/**
 * A folder that goes after the test's windows, the newest of which ends first: a window that is left takes over the
 * server of one that ends, and makes its state folder anew.
 */
function windowsFolder(t: TestContext, files: Record<string, string> = {}): Promise<string> {
  const closing: (() => Promise<unknown>)[] = [];
  closers.set(t, closing);
  const removeLast = (remove: () => Promise<void>): void =>
    t.after(async () => {
      for (const close of closing.reverse()) await close();
      await remove();
    });
  return temporaryFolder({ after: removeLast }, files);
}

/** Runs at the end of the test, before its folder goes where it has one. */
function endWith(t: TestContext, close: () => Promise<unknown>): void {
  const closing = closers.get(t);
  if (closing) closing.push(close);
  else t.after(() => close());
}

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
  const connection = new ServerConnection(
    (signal) => connectFolder({ state, port, warn: (message) => warnings.push(message) }, signal),
    {
      status: (status: ServerStatus) => {
        statuses.push(status.kind);
        if (status.kind === 'stopped' || status.kind === 'failed') model.forget();
      },
      read: (read) => model.read(read),
      event: (event) => model.apply(event),
      report: () => undefined,
    },
  );
  endWith(t, () => connection.stop());
  return { connection, model, statuses, warnings };
}

describe('a window', () => {
  it('starts a server when it needs one, knows its Tasks by events, and ends it', async (t) => {
    const state = path.join(await windowsFolder(t), 'state');
    const { connection, model, statuses } = openWindow(t, state);
    const client = await connection.client();
    assert.equal(connection.connection?.origin, 'own');
    await client.deploy('task', await zip(saying('x')));
    await until('the Task to be ready', () => model.taskRow('task')?.state === 'ready');
    const again = await connection.client();
    assert.equal(again, client);
    await connection.stop();
    assert.deepEqual(statuses, ['starting', 'running', 'stopping', 'stopped']);
    assert.equal(model.rows.length, 0);
    await assert.rejects(client.health());
  });

  it('tells of a deploy while it runs, and that it failed', async (t) => {
    const state = path.join(await windowsFolder(t), 'state');
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
    await until('the error in the Task row', () => model.taskRows[0]?.state === 'error');
    for (const state of ['deploying upload', 'deploying build', 'error'])
      assert.ok(seen.has(state), `${state} of ${[...seen]}`);
    assert.match(model.taskRows[0]?.error ?? '', /broken/);
  });

  it('takes the server that serves its folder already, and goes on by itself when that ends', async (t) => {
    const state = path.join(await windowsFolder(t), 'state');
    const first = openWindow(t, state);
    await (await first.connection.client()).deploy('task', await zip(saying('x')));
    const second = openWindow(t, state);
    await second.connection.start();
    assert.deepEqual(
      [second.connection.connection?.origin, second.model.taskRow('task')?.state],
      ['attached', 'ready'],
    );
    await first.connection.stop();
    await until('a server of its own', () => second.connection.connection?.origin === 'own');
    await until('the Task to be ready', () => second.model.taskRow('task')?.state === 'ready');
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
    const { connection, warnings } = openWindow(t, path.join(await windowsFolder(t), 'state'), port);
    assert.equal((await (await connection.client()).health()).status, 'ok');
    assert.match(
      warnings.join(),
      new RegExp(`Port ${port} is in use by another program, so the server listens at http`),
    );
  });

  it('says why a server cannot be started, and starts it once that is repaired', async (t) => {
    const folder = await windowsFolder(t);
    let fail = true;
    const statuses: ServerStatus[] = [];
    const connection = new ServerConnection(
      (signal) =>
        fail
          ? Promise.reject(new Error('no'))
          : connectFolder({ state: path.join(folder, 'state'), port: 0, warn: () => undefined }, signal),
      {
        status: (status) => statuses.push(status),
        read: () => undefined,
        event: () => undefined,
        report: () => undefined,
      },
    );
    endWith(t, () => connection.stop());
    await assert.rejects(connection.start(), /no/);
    assert.equal(statuses.at(-1)?.kind, 'failed');
    fail = false;
    await connection.start();
    assert.equal(statuses.at(-1)?.kind, 'running');
  });
});

describe('a folder whose server is another process', () => {
  it('waits for it while it starts', async (t) => {
    const dir = await windowsFolder(t);
    const state = path.join(dir, 'state');
    const flag = path.join(dir, 'flag');
    // The start of the Task, and with it that of the server, takes until the flag is there.
    const slow = `const { existsSync, writeFileSync } = require('node:fs');
writeFileSync(${JSON.stringify(`${flag}.begun`)}, '');
while (!existsSync(${JSON.stringify(flag)})) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
exports.handler = (context) => context.callback('slow');
`;
    await writeFile(flag, '');
    const first = openWindow(t, state);
    await (await first.connection.client()).deploy(
      'task',
      await zip({ 'function.yaml': 'spec:\n  runtime: nodejs\n  handler: main:handler\n', 'main.js': slow }),
    );
    await first.connection.stop();
    await rm(flag);
    await rm(`${flag}.begun`);
    const again = first.connection.start();
    await until('the server to start', () => existsSync(`${flag}.begun`));
    const second = openWindow(t, state);
    const waiting = second.connection.start();
    await until('the warning that another window starts or stops it', () =>
      second.warnings.some((warning) => warning.includes('starting or stopping')),
    );
    assert.equal(second.statuses.at(-1), 'starting');
    await writeFile(flag, '');
    assert.equal((await again).origin, 'own');
    assert.equal((await waiting).origin, 'attached');
    assert.equal((await waiting).servedBy?.state, state);
  });

  it('can be given up while it is waited for', async (t) => {
    const state = path.join(await windowsFolder(t), 'state');
    const lock = await StateLock.acquire(state);
    endWith(t, () => lock.release());
    const { connection, statuses, warnings } = openWindow(t, state);
    const waiting = assert.rejects(connection.start(), DismissedError);
    await until('a warning', () => warnings.length > 0);
    await connection.stop();
    await waiting;
    assert.deepEqual(statuses, ['starting', 'stopping', 'stopped']);
  });

  it('says whose token is missing', async (t) => {
    const folder = await windowsFolder(t);
    const server = await TestServer.start(t, { auth: 'always', tokenFile: path.join(folder, 'token') });
    const { connection, statuses } = openWindow(t, server.state);
    await assert.rejects(
      connection.start(),
      /does not accept the token in .*token: name its token file by fusionizer\.server\.tokenFile/,
    );
    assert.equal(statuses.at(-1), 'failed');
  });
});

describe('a server elsewhere', () => {
  it('needs its token, is tried again while it does not answer, and needs the new token when it has one', async (t) => {
    const folder = await windowsFolder(t, { token: tokens[0] ?? '' });
    const tokenFile = path.join(folder, 'token');
    await chmod(tokenFile, 0o600);
    const server = await TestServer.start(t, { auth: 'always', tokenFile });
    const port = Number(server.url.port);
    const restart = async (): Promise<void> => {
      server.server = await startFusionizerServer({ port, state: server.state, grace: 0, auth: 'always', tokenFile });
    };
    let token: string | undefined;
    const statuses: string[] = [];
    const model = new SetupModel();
    const connection = new ServerConnection((signal) => connectRemote(server.url.href, token, signal), {
      status: ({ kind }) => statuses.push(kind),
      read: (state) => model.read(state),
      event: (event) => model.apply(event),
      report: () => undefined,
    });
    endWith(t, () => connection.stop());
    await assert.rejects(connection.start(), /asks for a token/);
    assert.equal(connection.status.kind, 'needsToken');
    [token] = tokens;
    const client = await connection.client();
    await client.deploy('task', await zip(saying('x')));
    assert.equal(connection.connection?.servedBy, undefined);
    await server.server.close();
    await until('the loss of the connection', () => connection.status.kind === 'lost');
    await restart();
    await until('the connection to be there again', () => connection.status.kind === 'running');
    assert.equal(model.taskRow('task')?.state, 'ready');
    await server.server.close();
    await writeFile(tokenFile, tokens[1] ?? '');
    await restart();
    await until('the question for a token', () => connection.status.kind === 'needsToken');
    [, token] = tokens;
    await connection.restart();
    assert.equal(model.taskRow('task')?.state, 'ready');
    await connection.stop();
    assert.deepEqual(connection.status, { kind: 'disconnected', address: server.url.href.replace(/\/$/, '') });
    assert.ok(!statuses.includes('failed'), statuses.join());
  });

  it('is reached with its token only', async (t) => {
    const server = await TestServer.start(t, { auth: 'always' });
    await assert.rejects(
      connectRemote(server.url.href, undefined, never),
      /asks for a token: set it with 'Fusionizer: Set Server Token\.\.\.'/,
    );
    await assert.rejects(connectRemote(server.url.href, 'wrong', never), /does not accept the stored token/);
    await assert.rejects(
      connectRemote('nonsense', undefined, never),
      /fusionizer\.server\.url is 'nonsense', which is not an address/,
    );
    await assert.rejects(connectRemote('ftp://x', undefined, never), /reached by http/);
  });
});
