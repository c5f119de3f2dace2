import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { firstLook } from '../../../src/extension/workspace/firstLook.ts';
import { readTaskFolder } from '../../../src/extension/workspace/readTaskFolder.ts';
import { temporaryFolder } from '../../support/folder.ts';

// `stringify` writes YAML 1.2, where some of these words need no quotes; to Nuclio they are booleans and null.
const words = fc.constantFrom('no', 'yes', 'on', 'off', 'y', 'n', 'null', 'true');
const name = fc.oneof(
  { weight: 4, arbitrary: fc.stringMatching(/^[a-z][a-z0-9-]{0,10}[a-z0-9]$/) },
  { weight: 1, arbitrary: words },
);
const config = fc.record({
  apiVersion: fc.constant('nuclio.io/v1'),
  metadata: fc.record(
    { labels: fc.dictionary(fc.constantFrom('app', 'team'), name), name },
    { requiredKeys: ['name'] },
  ),
  spec: fc.record({
    description: name,
    runtime: fc.constantFrom('python', 'python:3.11', 'nodejs'),
    handler: fc.constant('main:handler'),
  }),
});

describe('the first look at a Task folder', () => {
  it('tells name and runtime as the reading does, for what people and tools write', async (t) => {
    const dir = await temporaryFolder(t);
    await writeFile(path.join(dir, 'main.py'), 'def handler(context, event): pass\n');
    await writeFile(path.join(dir, 'main.js'), 'exports.handler = () => {};\n');
    const written = fc.tuple(
      config,
      fc.constantFrom(2, 4),
      fc.constantFrom('\n', '\r\n'),
      fc.constantFrom('', '# a comment\n\n'),
    );
    await fc.assert(
      fc.asyncProperty(written, async ([value, indent, lineEnd, head]) => {
        await writeFile(
          path.join(dir, 'function.yaml'),
          (head + stringify(value, { indent })).replaceAll('\n', lineEnd),
        );
        assert.deepEqual(firstLook(dir), await readTaskFolder(dir));
      }),
      { numRuns: 100 },
    );
  });

  it("takes the folder's name where none is written, or none that is easy to find", async (t) => {
    const dir = path.join(await temporaryFolder(t), 'mine');
    await mkdir(dir);
    for (const text of [
      'spec:\n  runtime: nodejs\n',
      '{metadata: {name: other}, spec: {runtime: nodejs}}\n',
      'metadata:\n\nspec:\n  name: other\n  runtime: nodejs\n',
      '',
    ]) {
      await writeFile(path.join(dir, 'function.yaml'), text);
      assert.equal(firstLook(dir).name, 'mine', text);
    }
  });

  it('is quick for text that fits nearly', async (t) => {
    const dir = await temporaryFolder(t);
    await writeFile(path.join(dir, 'function.yaml'), `metadata:\n${'  \n'.repeat(5000)}`);
    assert.equal(firstLook(dir).runtime, undefined);
  });

  it('of a folder that has gone says its name', () => {
    assert.deepEqual(firstLook('/nowhere/gone'), {
      path: '/nowhere/gone',
      name: 'gone',
      runtime: undefined,
      hash: undefined,
      problem: undefined,
    });
  });
});
