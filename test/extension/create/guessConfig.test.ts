import assert from 'node:assert/strict';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { configTarget } from '../../../src/extension/create/configTarget.ts';
import {
  clearGuess,
  configOf,
  guessConfigs,
  guessedBySource,
  nameFor,
  onlyOne,
  otherGuesses,
} from '../../../src/extension/create/guessConfig.ts';
import { freeName, newNameProblem, takenNames } from '../../../src/extension/create/newName.ts';
import { sourceFolders } from '../../../src/extension/create/sourceFolders.ts';
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

test('a handler in a folder is not preferred to one further up', async (context) => {
  const handler = (name: string): string => `def ${name}(context, event):\n    pass\n`;
  assert.equal((await guess(context, { 'a.py': handler('serve'), 'lib/b.py': handler('handler') })).clear, undefined);
  assert.equal((await guess(context, { 'a.py': handler('handler'), 'lib/b.py': handler('serve') })).clear, 'a:handler');
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
  const text = configOf(first, nameFor('/some/My Task', []));
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

test('handlers are found in folders, and not among tests, packages and other Tasks', async (context) => {
  const handler = 'def handler(context, event):\n    pass\n';
  const js = 'exports.handler = (context, event) => {};\n';
  const files = {
    'src/app/views.py': handler,
    'src/pkg/__init__.py': handler,
    'lib/index.js': js,
    'lib/other.mjs': 'export const handler = async (context, event) => {};\n',
    'lib/other.js': js,
    'tests/test_views.py': handler,
    'test_main.py': handler,
    'node_modules/a/index.js': js,
    '.venv/b.py': handler,
    'left/out.py': handler,
    '.fusionizerignore': 'left/\n',
    'inner/function.yaml': '',
    'inner/main.py': handler,
    'my file.py': handler,
  };
  assert.deepEqual((await guess(context, files)).all, [
    'nodejs lib/index:handler',
    'nodejs lib/other:handler',
    'nodejs lib/other.mjs:handler',
    'python src.app.views:handler',
    'python src.pkg:handler',
  ]);
});

test('functions in many forms are handlers, and values, comments and helpers are none', async (context) => {
  const cases: [file: string, source: string, handlers: string[]][] = [
    ['a.py', 'def serve(\n    context: Context,\n    event,\n):\n    pass\n', ['a:serve']],
    ['a.py', 'from app.views import (\n    other,\n    handler,\n)\n', ['a:handler']],
    ['a.py', 'from app import serve as handler\n', ['a:handler']],
    ['a.py', 'handler = wrap(serve)\n', ['a:handler']],
    ['a.py', '# def handler(context, event):\ndef add(a, b):\n    pass\n', []],
    ['a.js', 'module.exports = { VERSION: 1, helper, handler };\n', ['a:handler', 'a:helper']],
    ['a.js', 'exports.VERSION = "1";\nexports.add = (a, b) => a + b;\nexports.run = run;\n', ['a:run']],
    ['a.js', '// exports.handler = 1\n/* exports.handler = x */\n', []],
    ['a.mjs', 'async function run(context) {}\nexport { run as handler };\n', ['a:handler']],
    ['a.js', "exports['handler'] = async function (context, event) {};\n", ['a:handler']],
  ];
  for (const [file, source, handlers] of cases) {
    const { all } = await guess(context, { [file]: source });
    assert.deepEqual(
      all.map((one) => one.split(' ')[1]),
      handlers,
      source,
    );
  }
});

test('if no function looks like a handler, all are offered, and none is written', async (context) => {
  const others = async (files: Record<string, string>) => {
    const folder = await temporaryFolder(context, files);
    return (await otherGuesses(folder)).map(({ handler, exists }) => `${handler} ${exists}`);
  };
  assert.deepEqual(await others({ 'app.py': 'def serve(request):\n    pass\ndef add(a, b):\n    pass\n' }), [
    'app:serve true',
    'app:add true',
    'app:handler false',
  ]);
  // One parameter is no handler's: it is asked, even of the only function.
  assert.deepEqual(await others({ 'util.py': 'def helper(a):\n    pass\n' }), [
    'util:helper true',
    'util:handler false',
  ]);
  assert.deepEqual(await others({ 'app.py': 'x = 1\n', 'b.js': '' }), ['app:handler false', 'b:handler false']);
  assert.deepEqual(await others({ 'readme.md': '' }), []);
  assert.equal(onlyOne(['a', 'b']), undefined);
});

test('handlers of inline configurations below belong to their own Tasks', async (context) => {
  const folder = await temporaryFolder(context, {
    'inl/work.js':
      '// @nuclio.configure\n//\n// function.yaml:\n//   metadata: {name: a}\n\nexports.handler = (c, e) => {};\n',
    'lib/main.py': 'def handler(context, event):\n    pass\n',
  });
  assert.deepEqual(
    (await guessConfigs(folder)).map(({ handler }) => handler),
    ['lib.main:handler'],
  );
  assert.deepEqual(
    (await otherGuesses(folder)).map(({ handler }) => handler),
    ['lib.main:handler'],
  );
});

test('function.yaml is offered for folders with sources that have nothing to do with a Task', async (context) => {
  const top = await temporaryFolder(context, {
    'tool/gen.py': '',
    'tool/more/x.js': '',
    'task/function.yaml': '',
    'task/lib/y.py': '',
    'around/z.py': '',
    'around/inner/one.py': '',
    'node_modules/a/index.js': '',
    '.hidden/a.py': '',
    'docs/readme.md': '',
    'top.py': '',
  });
  const tasks = ['task', 'around/inner/one.py'].map((name) => path.join(top, name));
  assert.deepEqual(
    (await sourceFolders(top, tasks)).map((folder) => path.relative(top, folder)),
    ['tool', 'tool/more'],
  );
  assert.deepEqual(
    (await sourceFolders(path.join(top, 'tool'), [])).map((folder) => path.relative(top, folder)),
    ['tool', 'tool/more'],
  );
});

test('the question before a deploy names the handler that function.yaml gets', async (context) => {
  const asked = async (files: Record<string, string>) => {
    const found = await guessedBySource(await temporaryFolder(context, files));
    return found && [found.clear?.handler, found.server.handler, found.server.exists];
  };
  const two = 'def one(context, event):\n    pass\ndef two(context, event):\n    pass\n';
  assert.deepEqual(await asked({ 'app.js': 'exports.handler = 1;\nexports.handler = h;\n' }), [
    'app:handler',
    'app:handler',
    true,
  ]);
  assert.deepEqual(await asked({ 'app.py': 'def serve(context, event):\n    pass\n' }), [
    'app:serve',
    'app:handler',
    false,
  ]);
  assert.deepEqual(await asked({ 'app.py': '' }), ['app:handler', 'app:handler', true]);
  assert.deepEqual(await asked({ 'app.py': two }), [undefined, 'app:handler', false]);
  assert.equal(await asked({ 'a.py': '', 'b.py': '' }), undefined);
});

test('words that YAML reads otherwise are quoted, and names of other Tasks are not taken', () => {
  const name = (folder: string, taken: string[] = []): string | undefined =>
    /name: (.*)/.exec(configOf({ runtime: 'python', handler: 'a:handler' }, nameFor(folder, taken)))?.[1];
  assert.deepEqual(
    ['/w/on', '/w/null', '/w/cart', '/w/1'].map((one) => name(one)),
    ['"on"', '"null"', 'cart', 'task'],
  );
  assert.equal(name('/w/cart', ['cart', 'cart-2']), 'cart-3');
});

test('a file in .fusionizer, and in folders of tools, is in no Task of its own', () => {
  const of = (dir: string): unknown => configTarget(path.join('/w', dir), '/w');
  assert.deepEqual(of('orders/api'), { kind: 'folder', folder: path.join('/w', 'orders/api') });
  assert.deepEqual(of('.fusionizer/payloads/cart'), { kind: 'payload', task: 'cart' });
  assert.deepEqual(of('sub/.fusionizer/payloads/cart'), { kind: 'payload', task: 'cart' });
  assert.deepEqual(of('.fusionizer/payloads'), { kind: 'tool', name: '.fusionizer' });
  assert.deepEqual(of('.fusionizer/tasks/a/1'), { kind: 'tool', name: '.fusionizer' });
  assert.deepEqual(of('node_modules/x'), { kind: 'tool', name: 'node_modules' });
  assert.deepEqual(of('a/.venv/lib'), { kind: 'tool', name: '.venv' });
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
