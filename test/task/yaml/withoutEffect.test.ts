import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configWarnings } from '../../../src/task/yaml/configWarnings.ts';
import { readFunctionYaml } from '../../../src/task/yaml/functionYaml.ts';

const HEAD = 'spec:\n  runtime: python\n  handler: main:handler\n';

/** What follows the head, from line 4 on, and the warnings. */
const FIELDS: [what: string, text: string, warnings: RegExp[]][] = [
  [
    'a code in base64',
    '  build: {functionSourceCode: eA==}\n',
    [/^f:4: spec\.build\.functionSourceCode has no effect/],
  ],
  ['no code in base64', '  build: {functionSourceCode: "", codeEntryType: sourceCode}\n', []],
  ['code of a repository', '  build:\n    codeEntryType: git\n', [/^f:5: spec\.build\.codeEntryType has no effect/]],
  ['code of a bucket', '  build: {codeEntryType: s3, codeEntryAttributes: {s3Bucket: b}}\n', [/^f:4: .*codeEntryType/]],
  ['an export of a built function', '  build: {codeEntryType: image}\n', []],
  ['nothing there', '  build: {codeEntryType: , directives: {}}\n  envFrom: []\n  disable: \n', []],
  ['variables of a Secret', '  envFrom:\n    - secretRef: {name: x}\n', [/^f:4: spec\.envFrom has no effect.*\.env$/]],
  ['a disabled Task', '  disable: true\n', [/^f:4: spec\.disable has no effect/]],
  ['a Task that is not disabled', '  disable: false\n', []],
  ['Nuclio matches keys in any case', '  Disable: yes\n', [/^f:4: spec\.disable has no effect/]],
  [
    'a variable twice',
    '  env:\n    - {name: A, value: 1}\n    - {name: B}\n    - {name: A, value: 2}\n',
    [/^f:7: spec\.env has 'A' twice, and this value counts: keep one of them$/],
  ],
  [
    'commands without text',
    '  build:\n    commands:\n      - ~\n      - ls\n      - "  "\n',
    [/^f:6: spec\.build\.commands\.0 is empty.*: remove it$/, /^f:8: spec\.build\.commands\.2 is empty/],
  ],
  [
    'fields of images and pods',
    '  image: x\n  minReplicas: 1\n  volumes: []\n  build: {baseImage: x, registry: r}\n',
    [],
  ],
];

for (const [what, text, warnings] of FIELDS) {
  test(`a field without the expected effect is reported with its line: ${what}`, () => {
    const yaml = readFunctionYaml(HEAD + text, 'f');
    yaml.checked();
    const found = configWarnings(yaml);
    assert.equal(found.length, warnings.length, found.join('\n'));
    for (const [index, warning] of warnings.entries()) assert.match(found[index] ?? '', warning);
  });
}

test('a text for a boolean is refused, as by Nuclio', () => {
  const yaml = readFunctionYaml(`${HEAD}  disable: "true"\n`, 'f');
  assert.throws(() => yaml.checked(), /f:4: spec\.disable is "true": write true or false$/);
});

test('a second document is named where the first one is empty', () => {
  for (const [text, line] of [
    [`---\n---\n${HEAD}`, 2],
    [`# words\n---\n# more\n---\n${HEAD}`, 4],
  ] as const)
    assert.throws(
      () => readFunctionYaml(text, 'f'),
      new RegExp(`f:${line}: a second document begins here, but .*: remove the line ---$`),
    );
});

test('lone carriage returns end lines, as in YAML', () => {
  const yaml = readFunctionYaml(`${HEAD}  disable: true\n`.replaceAll('\n', '\r'), 'f');
  assert.equal(yaml.checked().spec?.runtime, 'python');
  assert.match(configWarnings(yaml)[0] ?? '', /^f:4: /);
});
