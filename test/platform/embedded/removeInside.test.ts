import assert from 'node:assert/strict';
import { readdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { it } from 'node:test';
import { removeInside } from '../../../src/platform/embedded/build/removeInside.ts';
import { temporaryFolder } from '../../support/folder.ts';

it('a removal inside of a folder does not follow links that lead elsewhere', async (t) => {
  const mine = await temporaryFolder(t, { 'a/b/file': '', 'a/c': '' });
  const dir = await temporaryFolder(t, { 'own/a/b/file': '', 'own/a/c': '' });
  await symlink(mine, path.join(dir, 'link'));
  await symlink(path.join(mine, 'a'), path.join(dir, 'own', 'linked'));
  for (const name of ['link/a', 'link/a/b', 'own/linked/b', 'own/a/b', 'own/no/such', 'own/a/c/d'])
    await removeInside(dir, name);
  await removeInside(path.join(dir, 'link'), 'a');
  assert.deepEqual((await readdir(mine, { recursive: true })).sort(), ['a', 'a/b', 'a/b/file', 'a/c']);
  assert.deepEqual((await readdir(path.join(dir, 'own'))).sort(), ['a', 'linked']);
  assert.deepEqual(await readdir(path.join(dir, 'own', 'a')), ['c']);
  await removeInside(dir, 'link');
  assert.deepEqual([await readdir(dir), await readdir(mine)], [['own'], ['a']]);
});
