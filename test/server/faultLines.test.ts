import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Files, TestServer } from '../support/server.ts';

type Fault = [what: string, line: number, spec: string];

const CODE = { 'main.js': 'exports.handler = (context) => context.callback();\n' };
const yaml = (spec: string): Files => ({
  'function.yaml': `metadata:\n  name: task\nspec:\n  handler: main:handler\n  runtime: nodejs\n${spec}`,
  ...CODE,
});

const FAULTS: Fault[] = [
  ['a build command that fails', 9, '  build:\n    commands:\n      - echo fine\n      - echo reason && exit 3\n'],
  ['one that is a number', 9, '  build:\n    commands:\n      - echo fine\n      - 5\n'],
  ['one that takes sudo', 8, '  build:\n    commands:\n      - sudo rm x\n'],
  ['a cron trigger without a rhythm', 7, '  triggers:\n    tick:\n      kind: cron\n'],
  ['a trigger of another kind', 8, '  triggers:\n    queue:\n      kind: nats\n'],
  ['two http triggers', 8, '  triggers:\n    a: {kind: http}\n    b: {kind: http}\n'],
  ['too many workers', 9, '  triggers:\n    http:\n      kind: http\n      numWorkers: 1000\n'],
  [
    'a value from the cluster',
    8,
    '  env:\n    - {name: A, value: b}\n    - name: B\n      valueFrom: {secretKeyRef: {name: a, key: b}}\n',
  ],
  ['memory that is too small', 8, '  resources:\n    limits:\n      memory: 8Mi\n'],
  ['a time that is none', 6, '  eventTimeout: soon\n'],
];

const MODULE = { 'function.yaml': 'spec: {runtime: nodejs, handler: "main:handler"}\n' };
const TYPE = { 'package.json': '{"type": "module"}' };
/** Messages of a start name the Task's own files, not those of the build. */
const MODULES: [files: Files, message: RegExp][] = [
  [
    { ...MODULE, ...TYPE, 'main.js': 'import "./helpr.js";\n' },
    /: main\.js: Error \[ERR_MODULE_NOT_FOUND\]: Cannot find module '\.\/helpr\.js' imported from \.\/main\.js$/,
  ],
  [
    { ...MODULE, ...TYPE, 'main.js': 'import "axios";\n' },
    /: main\.js: .* imported from \.\/main\.js: it is not installed: add 'npm install axios'/,
  ],
  [{ ...MODULE, 'package.json': '{"type":', 'main.js': '' }, /\.\/package\.json/],
  [
    {
      'function.yaml': 'spec: {runtime: python, handler: "main:handler"}\n',
      'main.py': 'import a\n',
      'a.py': 'import b\n',
      'b.py': 'from a import z\n',
    },
    /: b\.py:1: ImportError: cannot import name 'z' .*\(a\.py\)/,
  ],
];

describe('what is found wrong in function.yaml after it was read', () => {
  it('comes with its line', async (t) => {
    const server = await TestServer.start(t);
    const told = async (files: Files): Promise<{ status: number; file?: string; line?: number; detail: string }> =>
      (await server.put('task', files, { accept: 'application/json' })).json();
    const hidden = await told({
      'function.yaml': 'spec:\n  runtime: python\n  handler: json:handler\n',
      'json.py': 'def handler(context, event):\n    pass\n',
    });
    assert.match(hidden.detail, /^function\.yaml:3: .* but Python has a module json of its own: rename json\.py$/);
    for (const [files, message] of MODULES) {
      const { detail } = await told(files);
      assert.match(detail, message);
      assert.doesNotMatch(detail, /builds/);
    }
    for (const [what, line, spec] of FAULTS) {
      const problem = await told(yaml(spec));
      assert.deepEqual(
        [problem.status, problem.file, problem.line],
        [422, 'function.yaml', line],
        `${what}: ${problem.detail}`,
      );
    }
    const runtime = await told({ 'function.yml': 'spec:\n  handler: main:handler\n  runtime: golang\n', ...CODE });
    assert.deepEqual([runtime.file, runtime.line], ['function.yml', 3]);
    const module = await told({ 'function.yaml': 'spec:\n  runtime: nodejs\n  handler: other:handler\n', ...CODE });
    assert.deepEqual([module.file, module.line], ['function.yaml', 3]);
  });
});
