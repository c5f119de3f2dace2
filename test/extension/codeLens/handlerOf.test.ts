import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { configAbove, handlerIn, lensPlace } from '../../../src/extension/codeLens/handlerOf.ts';
import { temporaryFolder } from '../../support/folder.ts';

const yaml = (runtime: string, handler: string): string =>
  `# A Task\nmetadata:\n  name: named\nspec:\n  runtime: ${runtime}\n  handler: ${handler}\n`;

test('the handler is found in its file only, at its line', async (context) => {
  const top = await temporaryFolder(context, {
    'py/function.yaml': yaml('python', 'pkg.main:handler'),
    'py/pkg/main.py': 'import x\n\nasync def handler(context, event):\n    pass\n',
    'py/pkg/other.py': 'def handler(context, event):\n    pass\n',
    'js/function.yml': yaml('nodejs', 'main:run'),
    'js/main.js': "'use strict';\nmodule.exports.run = () => {};\n",
    'loose.py': 'def handler(context, event):\n    pass\n',
  });
  const find = async (name: string) => {
    const file = path.join(top, name);
    const config = await configAbove(file, top);
    return config && handlerIn(await readFile(file, 'utf8'), file, config, await readFile(config, 'utf8'));
  };
  assert.deepEqual(await find('py/pkg/main.py'), { folder: path.join(top, 'py'), name: 'named', line: 2 });
  assert.deepEqual(await find('js/main.js'), { folder: path.join(top, 'js'), name: 'named', line: 1 });
  assert.equal(await find('py/pkg/other.py'), undefined);
  assert.equal(await find('loose.py'), undefined);
});

test('a handler that the module has from another file is found there', async (context) => {
  const python = 'def serve(context, event):\n    pass\n';
  const js = 'exports.run = () => {};\n';
  const cases: [config: string, module: [string, string], file: [string, string]][] = [
    [yaml('python', 'main:handler'), ['main.py', 'from pkg.views import serve as handler\n'], ['pkg/views.py', python]],
    [
      yaml('python', 'pkg:serve'),
      ['pkg/__init__.py', 'from .views import (\n    serve,\n)\n'],
      ['pkg/views.py', python],
    ],
    [yaml('python', 'pkg.a:serve'), ['pkg/a.py', 'from ..other import *\n'], ['other.py', python]],
    [yaml('nodejs', 'main:run'), ['main.js', "module.exports = require('./lib/app');\n"], ['lib/app.js', js]],
    [yaml('nodejs', 'main:handler'), ['main.js', "exports.handler = require('./app.js').run;\n"], ['app.js', js]],
    [yaml('nodejs', 'main:go'), ['main.mjs', "export { run as go } from './app.js';\n"], ['app.js', js]],
    [
      yaml('nodejs', 'main:run'),
      ['main.js', "const { run } = require('./lib');\nmodule.exports = { run };\n"],
      ['lib/index.js', js],
    ],
  ];
  for (const [text, module, [name, source]] of cases) {
    const top = await temporaryFolder(context, { 'function.yaml': text, [module[0]]: module[1], [name]: source });
    const found = await handlerIn(source, path.join(top, name), path.join(top, 'function.yaml'), text);
    assert.deepEqual(found, { folder: top, name: 'named', line: 0 }, module[1]);
  }
  const top = await temporaryFolder(context, { 'a.py': 'from b import handler\n', 'b.py': 'from a import handler\n' });
  const text = yaml('python', 'a:handler');
  assert.equal(await handlerIn('x = 1\n', path.join(top, 'b.py'), path.join(top, 'function.yaml'), text), undefined);
});

test('a function.yaml has its place at metadata, a broken one at its first line', () => {
  assert.deepEqual(lensPlace(yaml('python', 'main:handler'), '/w/task/function.yaml'), {
    folder: '/w/task',
    name: 'named',
    line: 1,
  });
  assert.deepEqual(lensPlace('spec: [\n', '/w/task/function.yaml'), { folder: '/w/task', name: 'task', line: 0 });
});
