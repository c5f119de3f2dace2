import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { checkConfig } from '../../../src/extension/config/checkConfig.ts';
import { check, config, PYTHON, schema } from '../../support/checkConfig.ts';
import { temporaryFolder } from '../../support/folder.ts';

test('a wrong runtime keeps what was right', async (context) => {
  const cases: [written: string, fix: string][] = [
    ['pyton:3.11', 'python:3.11'],
    ['"pyton:3.11"', '"python:3.11"'],
    ["'Python'", "'python'"],
    ['python3.12', 'python:3.12'],
    ['python:3.9.7', 'python:3.9'],
    ['python:39', 'python:3.9'],
    ['python@3.10', 'python:3.10'],
    ['Python 3.10', 'python:3.10'],
    ['py3.10', 'python:3.10'],
    ['python:2.7', 'python'],
    ['node', 'nodejs'],
    ['node:20', 'nodejs'],
    ['node.js', 'nodejs'],
    ['nodejs:18', 'nodejs'],
    ['nodjs', 'nodejs'],
    ['javascript', 'nodejs'],
    ['golang', 'python'],
  ];
  for (const [written, fix] of cases) {
    const found = await check(context, config('').replace('runtime: python', `runtime: ${written}`), PYTHON);
    const [runtime] = found.filter((one) => one.includes(' error runtime: '));
    assert.ok(runtime?.startsWith(`3:11-${11 + written.length} `) && runtime.endsWith(`[replace ${fix}]`), runtime);
  }
});

test('the language is at fault, if the handler is there in the other one', async (context) => {
  assert.match(
    (await check(context, config('').replace('python', 'nodejs'), PYTHON)).join(),
    /^4:11-23 error handler: .*no module 'main'.* \[replace python\]$/,
  );
});

test('a missing handler is written in from the files, and a new file is the last resort', async (context) => {
  const missing = config('').replace(/ {2}handler.*\n/, '');
  const serve = 'def serve(context, event):\n    pass\n';
  const fix = async (files: Record<string, string>): Promise<string | undefined> =>
    / handler: .*\[(.*)\]$/.exec((await check(context, missing, files)).join())?.[1];
  assert.equal(await fix({ 'app.py': serve, 'lib/b.py': serve }), 'insert handler: app:serve');
  assert.equal(await fix({ 'app.py': 'x = 1\n' }), 'insert handler: app:handler');
  assert.equal(await fix({}), 'create main.py');
  assert.match(
    (await check(context, missing, { 'app.py': serve })).join(),
    /write app:serve for the function serve in app.py/,
  );
  const unlikely = (await check(context, missing, { 'app.py': 'x = 1\n', 'test_app.py': serve })).join();
  assert.match(unlikely, /write app:handler for a function handler in app.py/);
});

test('a mistyped key is one fault', async (context) => {
  for (const [right, typed] of [
    ['handler', 'hadler'],
    ['runtime', 'runtme'],
    ['spec', 'spce'],
  ] as const) {
    const [first, ...others] = await check(context, config('').replace(`${right}:`, `${typed}:`), PYTHON);
    assert.match(String(first), new RegExp(`unknown-key: .*'${typed}'.*did you mean '${right}'`));
    assert.deepEqual(others, []);
  }
});

test('an inline configuration that has no effect is marked at its first line', async (context) => {
  const inline = '# @nuclio.configure\n#\n# function.yaml:\n#   spec:\n#     runtime: python\n';
  const of = async (source: string, files: Record<string, string> = {}): Promise<string[]> => {
    const folder = await temporaryFolder(context, { ...files, 'main.py': source });
    const problems = await checkConfig({ text: source, file: path.join(folder, 'main.py'), schema });
    return problems.map(({ line, from, to, message }) => `${line}:${from}-${to} ${message}`);
  };
  const code = `\n${PYTHON['main.py']}`;
  assert.deepEqual(await of(inline + code), []);
  assert.deepEqual(await of(PYTHON['main.py']), []);
  assert.match(
    (await of(inline.trimEnd())).join(),
    /^0:0-19 Nuclio ignores an inline configuration that runs to the end/,
  );
  assert.match((await of(inline.replace('function.yaml', 'config') + code)).join(), /^0:0-19 .*no key 'function.yaml'/);
  assert.match(
    (await of(inline + code, { 'function.yaml': '' })).join(),
    /^0:0-19 function.yaml in this folder counts/,
  );
});
