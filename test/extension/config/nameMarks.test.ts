import assert from 'node:assert/strict';
import { basename, dirname } from 'node:path';
import { describe, it } from 'node:test';
import { nameMarks } from '../../../src/extension/config/nameMarks.ts';

const SPEC = 'spec:\n  runtime: python\n';
const INLINE = '# @nuclio.configure\n#\n# function.yaml:\n#   metadata:\n#     name: cart\n\ndef handler():\n  pass\n';

/** Each mark as `file:line:from-to`, with the others. */
async function marks(names: Record<string, string>, files: Record<string, string>): Promise<string[]> {
  const tasks = Object.entries(names).map(([path, name]) => ({ path, name }));
  const found = await nameMarks(
    tasks,
    async (file) => files[file],
    async (folder) => Object.keys(files).flatMap((file) => (dirname(file) === folder ? [basename(file)] : [])),
  );
  return found.map(
    ({ file, line, from, to, isUnwritten, others }) =>
      `${file}:${line}:${from}-${to}${isUnwritten ? ' unwritten' : ''} ${others.map(({ path }) => path)}`,
  );
}

describe('a name that several Tasks have', () => {
  it('is marked where each of them has it', async () => {
    const text = `metadata:\n  name: "cart"\n${SPEC}`;
    assert.deepEqual(
      await marks(
        { '/a': 'cart', '/b': 'cart', '/c': 'cart', '/d': 'other' },
        { '/a/function.yaml': text, '/b/function.yml': 'metadata: {name: cart}\n', '/c/one.py': INLINE },
      ),
      ['/a/function.yaml:1:9-13 /b,/c', '/b/function.yml:0:17-21 /a,/c', '/c/one.py:4:12-16 /a,/b'],
    );
  });

  it('is marked at the first line where it is the name of the folder', async () => {
    assert.deepEqual(
      await marks(
        { '/a/cart': 'cart', '/b/cart': 'cart' },
        { '/a/cart/function.yaml': SPEC, '/b/cart/main.py': INLINE.replace('#     name: cart', '#     labels: {}') },
      ),
      ['/a/cart/function.yaml:0:0-5 unwritten /b/cart', '/b/cart/main.py:0:0-19 unwritten /a/cart'],
    );
  });

  it('is not marked where it was changed, but is not saved yet, or cannot be read', async () => {
    const files = { '/a/function.yaml': 'metadata:\n  name: basket\n', '/b/function.yaml': 'metadata: [' };
    assert.deepEqual(await marks({ '/a': 'cart', '/b': 'cart', '/c': 'cart' }, files), []);
  });

  it('has a fix, with a name that no Task has', async () => {
    const paths = { '/a/cart': 'cart', '/b/cart': 'cart', '/c': 'cart-2', '/d/cart': 'cart', '/e/cart': 'cart' };
    const files: Record<string, string> = {
      '/a/cart/function.yaml': `metadata:\n  labels: {}\n${SPEC}`,
      '/b/cart/main.py': INLINE.replace('#     name: cart', '#     labels: {}'),
      '/d/cart/function.yaml': 'metadata: {name: "cart"}\n',
      '/e/cart/function.yaml': 'metadata: {labels: {}}\n',
    };
    const tasks = Object.entries(paths).map(([path, name]) => ({ path, name }));
    const found = await nameMarks(
      tasks,
      async (file) => files[file],
      async (folder) => Object.keys(files).flatMap((file) => (dirname(file) === folder ? [basename(file)] : [])),
    );
    assert.deepEqual(
      found.map(({ fix }) => fix),
      [
        { kind: 'insert', line: 1, text: '  name: cart-3\n' },
        { kind: 'insert', line: 4, text: '#     name: cart-3\n' },
        { kind: 'replace', text: 'cart-3' },
        undefined,
      ],
    );
  });

  it('is none where each Task has its own', async () => {
    assert.deepEqual(await marks({ '/a': 'a', '/b': 'b' }, { '/a/function.yaml': SPEC }), []);
  });
});
