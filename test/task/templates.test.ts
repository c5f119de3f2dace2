import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { RUNTIMES, TEMPLATES, templateOf, writeTask } from '../../src/task/templates.ts';
import { temporaryFolder } from '../support/folder.ts';
import { TestServer } from '../support/server.ts';

const ANSWERS = {
  plain: { message: 'Hello, you!' },
  call: { called: 'hello', status: 200, answer: '"hi"' },
  cron: { by_itself: false },
  packages: { python: { size: '2.0 kB' }, nodejs: { day: 'Friday' } },
};

for (const runtime of RUNTIMES) {
  test(`each ${runtime} template works right after its deploy`, async (context) => {
    const server = await TestServer.start(context);
    await server.deploy('hello', {
      'function.yaml': 'spec: {runtime: nodejs, handler: main:handler}',
      'main.js': "exports.handler = (context) => context.callback(JSON.stringify('hi'));",
    });
    for (const kind of TEMPLATES) {
      await server.deploy(kind, templateOf({ runtime, kind }, kind));
      const answer = await server.post(kind, { name: 'you', bytes: 2000, date: '2024-02-29' });
      assert.equal(answer.status, 200, `${kind}: ${answer.text}`);
      assert.deepEqual(answer.json(), kind === 'packages' ? ANSWERS.packages[runtime] : ANSWERS[kind]);
    }
  });
}

test('a new Task is written into an empty folder, and overwrites nothing', async (context) => {
  const parent = await temporaryFolder(context);
  const template = { runtime: 'python', kind: 'plain' } as const;
  await mkdir(path.join(parent, 'empty'));
  assert.deepEqual((await writeTask(path.join(parent, 'empty'), template, 'empty')).sort(), [
    'function.yaml',
    'main.py',
  ]);
  await assert.rejects(writeTask(path.join(parent, 'empty'), template, 'empty'), /not empty: choose another name/);
  await writeFile(path.join(parent, 'file'), 'mine');
  await assert.rejects(writeTask(path.join(parent, 'file'), template, 'file'), /is not a folder: choose another name/);
  assert.equal(await readFile(path.join(parent, 'file'), 'utf8'), 'mine');
  assert.deepEqual((await readdir(parent)).sort(), ['empty', 'file']);
});
