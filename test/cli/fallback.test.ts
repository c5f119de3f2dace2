import assert from 'node:assert/strict';
import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { UsageError } from '../../src/cli/errors.ts';
import { checkFallback } from '../../src/cli/fallback.ts';
import { FusionizerClient } from '../../src/client/fusionizerClient.ts';
import { temporaryFolder } from '../support/folder.ts';
import { TestServer } from '../support/server.ts';

describe('a server that a command falls back to', () => {
  it('is named with its folder, and changed from that folder and below only', async (t) => {
    const root = await temporaryFolder(t);
    const folder = path.join(root, 'served');
    await mkdir(path.join(folder, 'below'), { recursive: true });
    await mkdir(path.join(root, 'served-too'));
    await symlink(folder, path.join(root, 'link'));
    const server = await TestServer.start(t, { folder });
    const address = server.url.origin;
    const client = new FusionizerClient(address);
    const remark = `Using the server at ${address}, which serves ${folder}`;
    for (const cwd of [folder, path.join(folder, 'below'), path.join(root, 'link', 'below')])
      assert.equal(await checkFallback(client, address, 'change', cwd), remark, cwd);
    for (const cwd of [root, path.join(root, 'served-too'), path.join(root, 'gone')]) {
      assert.equal(await checkFallback(client, address, 'read', cwd), remark, cwd);
      await assert.rejects(checkFallback(client, address, 'change', cwd), (error) => {
        assert.ok(error instanceof UsageError);
        assert.ok(error.message.includes(folder) && error.message.includes(`--server ${address}`), error.message);
        return true;
      });
    }
  });

  it('that serves no folder in particular may be changed', async (t) => {
    const server = await TestServer.start(t);
    const client = new FusionizerClient(server.url);
    assert.equal(await checkFallback(client, 'X', 'change', '/'), 'Using the server at X');
  });

  it('that cannot be asked is left to the request itself', async () => {
    const client = new FusionizerClient('http://127.0.0.1:9');
    assert.equal(await checkFallback(client, 'http://127.0.0.1:9', 'change', '/'), undefined);
  });
});
