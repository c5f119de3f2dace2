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

test('the handler of an inline configuration is found in the only source file of its folder', async (context) => {
  const inline = (start: string, lines: readonly string[], code: string): string =>
    [`${start} @nuclio.configure`, '', 'function.yaml:', ...lines]
      .map((line, index) => (index === 0 ? line : `${start} ${line}`))
      .join('\n')
      .concat('\n\n', code);
  const named = ['  metadata:', '    name: named', '  spec:', '    handler: hello:serve'];
  const python = 'def serve(context, event):\n    pass\n';
  const plain = 'def handler(context, event):\n    pass\n';
  const files = {
    'named/hello.py': inline('#', named, python),
    'usual/hello.py': inline('#', ['  spec: {}'], plain),
    'javascript/main.js': inline('//', ['  spec: {}'], 'exports.handler = () => {};\n'),
    'last/hello.py': `${plain}# @nuclio.configure\n#\n# function.yaml:\n#   spec: {}\n`,
    'wrong/hello.py': inline('#', ['  spec: 5'], plain),
    'elsewhere/hello.py': inline('#', ['  spec:', '    handler: other:handler'], plain),
    'plain/hello.py': plain,
    'several/one.py': inline('#', named, python),
    'several/two.py': plain,
    'task/function.yaml': yaml('python', 'main:handler'),
    'task/part/hello.py': inline('#', named, python),
  };
  const top = await temporaryFolder(context, files);
  const found: Record<string, string> = {};
  for (const [name, source] of Object.entries(files)) {
    const file = path.join(top, name);
    const config = await configAbove(file, top);
    const place = config && (await handlerIn(source, file, config, await readFile(config, 'utf8')));
    if (!place) continue;
    assert.equal(place.folder, path.dirname(file));
    found[name] = `${place.name} ${place.line}`;
  }
  assert.deepEqual(found, {
    'named/hello.py': 'named 8',
    'usual/hello.py': 'usual 5',
    'javascript/main.js': 'javascript 5',
    'last/hello.py': 'last 0',
  });
});

test('a function.yaml has its place at metadata, a broken one at its first line', () => {
  assert.deepEqual(lensPlace(yaml('python', 'main:handler'), '/w/task/function.yaml'), {
    folder: '/w/task',
    name: 'named',
    line: 1,
  });
  assert.deepEqual(lensPlace('spec: [\n', '/w/task/function.yaml'), { folder: '/w/task', name: 'task', line: 0 });
});
