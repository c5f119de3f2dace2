import assert from 'node:assert/strict';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { clearGuess, configOf, guessConfigs } from '../../../src/extension/create/guessConfig.ts';
import { freeName, newNameProblem, takenNames } from '../../../src/extension/create/newName.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { TestServer } from '../../support/server.ts';
import { taskFixture } from '../../support/views.ts';

async function guess(
  context: TestContext,
  files: Record<string, string>,
): Promise<{ all: string[]; clear: string | undefined }> {
  const all = await guessConfigs(await temporaryFolder(context, files));
  return { all: all.map(({ runtime, handler }) => `${runtime} ${handler}`), clear: clearGuess(all)?.handler };
}

test('one handler needs no question', async (context) => {
  const python =
    'import json\n\ndef helper(a, b):\n    pass\n\ndef init_context(context):\n    pass\n\n' +
    'async def serve(context, event):\n    pass\n';
  assert.deepEqual(await guess(context, { 'app.py': python }), { all: ['python app:serve'], clear: 'app:serve' });
  assert.deepEqual(
    await guess(context, { 'index.js': 'exports.initContext = () => {};\nexports.handler = async (context) => {};\n' }),
    {
      all: ['nodejs index:handler'],
      clear: 'index:handler',
    },
  );
  assert.equal(
    (await guess(context, { 'm.mjs': 'export async function handler(context, event) {}\n' })).clear,
    'm:handler',
  );
  assert.equal((await guess(context, { 'm.js': 'module.exports = { handler };\n' })).clear, 'm:handler');
});

test('of several functions, the one that is called handler is meant', async (context) => {
  const files = {
    'a.py': 'def one(context, event):\n    pass\n',
    'b.py': 'def handler(context, event, requests_session):\n    pass\n',
  };
  assert.deepEqual(await guess(context, files), { all: ['python b:handler', 'python a:one'], clear: 'b:handler' });
});

test('two that may be meant are asked about, and so is none', async (context) => {
  const files = {
    'a.py': 'def handler(context, event):\n    pass\n',
    'b.js': 'exports.handler = () => {};\n',
    'test/c.py': 'def handler(context, event):\n    pass\n',
  };
  assert.deepEqual(await guess(context, files), { all: ['python a:handler', 'nodejs b:handler'], clear: undefined });
  assert.deepEqual(await guess(context, { 'readme.md': '' }), { all: [], clear: undefined });
});

test('the configuration that is made deploys', async (context) => {
  const files = { 'app.py': 'def serve(context, event):\n    return "served"\n' };
  const [first] = await guessConfigs(await temporaryFolder(context, files));
  assert.ok(first);
  const text = configOf(first, '/some/My Task');
  assert.match(text, /name: my-task/);
  const server = await TestServer.start(context);
  await server.deploy('my-task', { ...files, 'function.yaml': text });
  assert.equal((await server.post('my-task')).text, 'served');
});

test('names of new Tasks are DNS labels that are free', async (context) => {
  const parent = await temporaryFolder(context, { 'task/main.py': '', 'task-2': '' });
  const none = new Map<string, string>();
  assert.equal(freeName('task', parent, ['task-3']), 'task-4');
  assert.equal(freeName('other', parent, []), 'other');
  assert.match(newNameProblem('My Task', parent, none) ?? '', /such as 'my-task'/);
  assert.match(newNameProblem('task', parent, none) ?? '', /exists already/);
  assert.equal(newNameProblem('new', parent, none), undefined);
  assert.equal(
    newNameProblem('', path.join(parent, 'nowhere'), none),
    undefined,
    'nothing is said before something is typed',
  );
});

test('a new Task cannot have the name of another folder, in the workspace or on the server', () => {
  const named = [{ name: 'cart', path: '/shop/cart' }];
  const rows = [
    { name: 'cart', task: taskFixture('cart', { source: '/elsewhere/cart' }) },
    { name: 'stock', task: taskFixture('stock', { source: '/elsewhere/stock' }) },
    // Nobody says which folder it comes from.
    { name: 'sent', task: taskFixture('sent', { source: null }) },
    { name: 'back', task: taskFixture('back', { source: '/nowhere/back' }) },
  ];
  const taken = takenNames(named, rows);
  const problem = (name: string) => newNameProblem(name, '/nowhere', taken);
  assert.equal(problem('cart'), 'The Task in /shop/cart has this name: choose another one');
  assert.equal(problem('stock'), 'The Task in /elsewhere/stock has this name: choose another one');
  assert.deepEqual([problem('sent'), problem('back'), problem('new')], [undefined, undefined, undefined]);
});
