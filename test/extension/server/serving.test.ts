import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { UntrustedError } from '../../../src/extension/errors.ts';
import { connectFolder, isInUse } from '../../../src/extension/server/connect.ts';
import { ServerConnection, type ServerListener } from '../../../src/extension/server/serverConnection.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { zip } from '../../support/server.ts';
import { saying } from '../../support/tasks.ts';

const listener = (statuses: string[]): ServerListener => ({
  status: ({ kind }) => statuses.push(kind),
  read: () => undefined,
  event: () => undefined,
  report: () => undefined,
});

describe('a folder', () => {
  it('has something to serve while a server runs there, and as long as Tasks are deployed', async (t) => {
    const state = path.join(await temporaryFolder(t), 'state');
    const connect = (signal: AbortSignal) => connectFolder({ state, port: 0, warn: () => undefined }, signal);
    const connection = new ServerConnection(connect, listener([]));
    assert.equal(await isInUse(state), false);
    const client = await connection.client();
    assert.equal(await isInUse(state), true);
    await client.deploy('task', await zip(saying('x')));
    await connection.stop();
    assert.equal(await isInUse(state), true);
    await (await connection.client()).delete('task');
    await connection.stop();
    assert.equal(await isInUse(state), false);
  });

  it('without trust has no failed server, whatever asks for one', async () => {
    const statuses: string[] = [];
    const refuse = (): never => {
      throw new UntrustedError();
    };
    const connection = new ServerConnection(() => Promise.reject(new Error('never asked')), listener(statuses), refuse);
    await assert.rejects(connection.client(), UntrustedError);
    await assert.rejects(connection.start(), UntrustedError);
    assert.deepEqual([connection.status.kind, ...statuses], ['idle']);
  });
});
