import assert from 'node:assert/strict';
import { chown, mkdir, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { defaultStateDir, makeStateDir } from '../../src/state/stateDir.ts';
import { temporaryFolder } from '../support/folder.ts';

describe('the state folder', () => {
  it("lies in the user's own place for state, by the platform", async (test) => {
    const workspace = await temporaryFolder(test);
    const at = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string =>
      defaultStateDir(workspace, { platform, env, home: '/home/me' });
    assert.match(at('linux', {}), /^\/home\/me\/\.local\/state\/fusionizer\/[0-9a-f]{16}$/);
    assert.match(at('linux', { XDG_STATE_HOME: '/state' }), /^\/state\/fusionizer\/[0-9a-f]{16}$/);
    assert.match(at('linux', { XDG_STATE_HOME: 'relative' }), /^\/home\/me\/\.local\/state\//);
    assert.match(at('darwin', {}), /^\/home\/me\/Library\/Application Support\/fusionizer\/[0-9a-f]{16}$/);
    assert.match(
      at('win32', { LOCALAPPDATA: 'C:\\Users\\me\\AppData\\Local' }),
      /^C:\\Users\\me\\AppData\\Local\\fusionizer\\[0-9a-f]{16}$/,
    );
  });

  it('is the same for a workspace and for links to it', async (test) => {
    const dir = await temporaryFolder(test);
    for (const name of ['one', 'other']) await mkdir(path.join(dir, name));
    await symlink('one', path.join(dir, 'alias'), 'junction');
    assert.equal(defaultStateDir(path.join(dir, 'alias')), defaultStateDir(path.join(dir, 'one')));
    assert.notEqual(defaultStateDir(path.join(dir, 'other')), defaultStateDir(path.join(dir, 'one')));
  });

  it('can only be read by the user', { skip: process.platform === 'win32' }, async (test) => {
    const dir = path.join(await temporaryFolder(test), 'a', 'b');
    await makeStateDir(dir);
    assert.equal((await stat(dir)).mode & 0o777, 0o700);
    await makeStateDir(dir);
  });

  it('of another user is refused', { skip: process.platform === 'win32' }, async (test) => {
    const dir = await temporaryFolder(test);
    // Only root can give a folder to another user. Other users take a folder of root.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) await chown(dir, 12_345, 12_345);
    await assert.rejects(makeStateDir(isRoot ? dir : '/'), /belongs to another user/);
  });

  it('is refused at once where the file system makes no folders', { skip: process.platform !== 'linux' }, async () => {
    await assert.rejects(makeStateDir('/proc/fusionizer/state'), /\/proc\/fusionizer\/state cannot be created: ENOENT/);
  });
});
