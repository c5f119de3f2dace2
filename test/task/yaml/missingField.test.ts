import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTaskDefinition } from '../../../src/task/task.ts';
import { temporaryFolder } from '../../support/folder.ts';

const HEAD = 'spec:\n  runtime: python\n  handler: main:handler\n';

const MISSING: [what: string, yaml: string, message: RegExp][] = [
  ['a runtime', 'spec:\n  handler: main:handler\n  runtim: python\n', /:3: spec\.runtime is missing\. .* 'runtime'\?$/],
  ['a handler', 'spec:\n  runtime: python\n  handlr: x:y\n', /:3: spec\.handler is missing\. .* 'handler'\?$/],
  [
    "a variable's name",
    `${HEAD}  env:\n    - {nam: A, value: x}\n`,
    /:5: spec\.env\.0\.name is missing\. .* 'name'\?$/,
  ],
  [
    "a trigger's kind",
    `${HEAD}  triggers:\n    a: {knd: http}\n`,
    /:5: spec\.triggers\.a\.kind is missing\. .* 'kind'\?$/,
  ],
  ['spec itself', 'runtime: python\nhandler: x:y\n', /:1: spec\.runtime is missing\. .* 'runtime' here .* into spec$/],
  [
    'spec under another name',
    'specs:\n  runtime: python\n  handler: x:y\n',
    /:1: spec\.runtime is missing\. .* 'specs' here .* did you mean 'spec'\?$/,
  ],
  [
    'what an inline configuration has',
    'function.yaml:\n  spec: {runtime: python}\n',
    /:1: spec\.runtime is missing\. .* 'function\.yaml' here and ignores it/,
  ],
  ['nothing near', 'spec:\n  handler: x:y\n  enviroment: []\n', /:1: spec\.runtime is missing: write/],
];

for (const [what, yaml, message] of MISSING) {
  test(`a missing field's error names the key that was meant: ${what}`, async (t) => {
    const dir = await temporaryFolder(t, { 'function.yaml': yaml, 'code.py': '' });
    await assert.rejects(readTaskDefinition(dir, 'a'), (error: Error & { line?: number }) => {
      assert.match(error.message, message);
      assert.equal(`:${error.line}`, /:\d+/.exec(message.source)?.[0]);
      return true;
    });
  });
}

test('code that only the configuration has or names is named, with the file to write it into', async (t) => {
  for (const [build, message] of [
    [
      'functionSourceCode: eA==',
      /:3: .* no module 'main': .*functionSourceCode, which holds it in base64, .* main\.py$/,
    ],
    ['codeEntryType: git', /:3: .* no module 'main': .* of the type git .*, so write the code into main\.py$/],
    ['codeEntryType: sourceCode', /:3: .* no module 'main': add main\.py/],
  ] as const) {
    const dir = await temporaryFolder(t, { 'function.yaml': `${HEAD}  build: {${build}}\n` });
    await assert.rejects(readTaskDefinition(dir, 'a'), message);
  }
});

test('variables in another form are refused with an example', async (t) => {
  for (const env of ['    A: x', '    - A=x', '    - A: x']) {
    const dir = await temporaryFolder(t, { 'function.yaml': `${HEAD}  env:\n${env}\n`, 'main.py': '' });
    const message = /function\.yaml:(?:4: spec\.env |5: spec\.env\.0).*'- \{name: A, value: x\}'$/;
    await assert.rejects(readTaskDefinition(dir, 'a'), message);
  }
});
