import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { inlineFolders, isInlineTask } from '../../../src/extension/workspace/inlineFolders.ts';
import { readTaskFolder } from '../../../src/extension/workspace/readTaskFolder.ts';
import { checkTaskSource } from '../../../src/task/taskSource.ts';
import { temporaryFolder } from '../../support/folder.ts';

const INLINE = `# @nuclio.configure
#
# function.yaml:
#   metadata:
#     name: greeter
#   spec:
#     handler: hello:handler

def handler(context, event):
    return "hello"
`;
const FILES: Record<string, string> = {
  'inline/hello.py': INLINE,
  'inline/data.json': '{}',
  'plain/hello.py': 'def handler(context, event): pass\n',
  'several/one.py': INLINE,
  'several/two.py': INLINE,
  'helped/main.py': INLINE,
  'helped/helper.py': 'x = 1\n',
  'javascript/main.js': '// @nuclio.configure\n//\n// function.yaml:\n//   spec: {}\n\nexports.handler = () => {};\n',
  'task/function.yaml': 'spec:\n  runtime: python\n  handler: main:handler\n',
  'task/part/hello.py': INLINE,
};

test('a folder with one source file and its inline configuration is a Task; parts of others are not', async (t) => {
  const dir = await temporaryFolder(t, FILES);
  const sources = Object.keys(FILES)
    .filter((name) => /\.(py|js)$/.test(name))
    .map((name) => path.join(dir, name));
  const isTaken = (folder: string): boolean => folder.startsWith(path.join(dir, 'task'));
  const found = await inlineFolders(sources, isTaken);
  assert.deepEqual(found.sort(), [path.join(dir, 'inline'), path.join(dir, 'javascript')]);
  // As the command line does not deploy them: each of their files is a Task by itself.
  for (const name of ['several', 'helped']) {
    const folder = path.join(dir, name);
    assert.equal(await isInlineTask(folder), false);
    await assert.rejects(checkTaskSource(folder, await stat(folder)), /exactly one source file .* has 2 source files$/);
  }
  assert.equal(await isInlineTask(path.join(dir, 'missing')), false);
  const { name, runtime, problem } = await readTaskFolder(path.join(dir, 'inline'));
  assert.deepEqual([name, runtime, problem], ['greeter', 'python', undefined]);
});
