import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addBuildCommand, addInlineBuildCommand } from '../../../src/extension/config/addBuildCommand.ts';
import { parseFunctionYaml } from '../../../src/task/yaml/functionYaml.ts';

const ADDED: [what: string, before: string, after: string | undefined][] = [
  ['no build', 'spec:\n  runtime: python\n', 'spec:\n  build:\n    commands:\n      - "x y"\n  runtime: python\n'],
  [
    'deep indentation',
    'spec:\n    runtime: python\n',
    'spec:\n    build:\n      commands:\n        - "x y"\n    runtime: python\n',
  ],
  ['a spec in braces', 'spec: {runtime: python}\n', 'spec: {build: {commands: ["x y"]}, runtime: python}\n'],
  ['an empty spec in braces', 'spec: {}\n', 'spec: {build: {commands: ["x y"]}}\n'],
  [
    'a build without commands',
    'spec:\n  build:\n    noCache: true\n',
    'spec:\n  build:\n    commands:\n      - "x y"\n    noCache: true\n',
  ],
  ['a build in braces', 'spec:\n  build: {noCache: true}\n', 'spec:\n  build: {commands: ["x y"], noCache: true}\n'],
  [
    'a list',
    'spec:\n  build:\n    commands:\n      - a\n      - b # c\n  runtime: python\n',
    'spec:\n  build:\n    commands:\n      - a\n      - b\n      - "x y" # c\n  runtime: python\n',
  ],
  [
    'a list without indentation',
    'spec:\n  build:\n    commands:\n    - a\n',
    'spec:\n  build:\n    commands:\n    - a\n    - "x y"\n',
  ],
  ['a list in brackets', 'spec: {build: {commands: [a]}}\n', 'spec: {build: {commands: [a, "x y"]}}\n'],
  ['an empty list', 'spec:\n  build: {commands: []}\n', 'spec:\n  build: {commands: ["x y"]}\n'],
  [
    'a block scalar',
    'spec:\n  build:\n    commands:\n      - |\n        a\n  runtime: x\n',
    'spec:\n  build:\n    commands:\n      - |\n        a\n      - "x y"\n  runtime: x\n',
  ],
  ['any case', 'Spec:\n  Build:\n    Commands: [a]\n', 'Spec:\n  Build:\n    Commands: [a, "x y"]\n'],
  [
    'Windows',
    'spec:\r\n  runtime: python\r\n',
    'spec:\r\n  build:\r\n    commands:\r\n      - "x y"\r\n  runtime: python\r\n',
  ],
  ['an empty build', 'spec:\n  build:\n', 'spec:\n  build:\n    commands:\n      - "x y"\n'],
  ['empty commands', 'spec:\n  build:\n    commands:\n', 'spec:\n  build:\n    commands:\n      - "x y"\n'],
  ['no spec', 'metadata: {}\n', undefined],
  ['no YAML', 'spec: [\n', undefined],
  ['text for commands', 'spec:\n  build: {commands: a}\n', undefined],
];

test('a build command is added where the others are, and nothing else changes', () => {
  for (const [what, before, after] of ADDED) {
    const insertion = addBuildCommand(before, 'x y');
    const text = insertion && before.slice(0, insertion.offset) + insertion.text + before.slice(insertion.offset);
    assert.equal(text, after, what);
    if (text === undefined) continue;
    assert.equal(parseFunctionYaml(text, 'function.yaml').spec?.build?.commands?.at(-1), 'x y', what);
  }
});

test('a build command is added to an inline configuration, in its comments', () => {
  const cases: [extension: string, before: string, after: string][] = [
    [
      '.py',
      'import x\n# @nuclio.configure\n#\n# function.yaml:\n#   spec:\n#     handler: main:a\n\nx = 1\n',
      'import x\n# @nuclio.configure\n#\n# function.yaml:\n#   spec:\n#     build:\n#       commands:\n' +
        '#         - "x y"\n#     handler: main:a\n\nx = 1\n',
    ],
    [
      '.js',
      '// @nuclio.configure\n//\n// function.yaml:\n//   spec: {build: {commands: [a]}}\n\nx\n',
      '// @nuclio.configure\n//\n// function.yaml:\n//   spec: {build: {commands: [a, "x y"]}}\n\nx\n',
    ],
  ];
  for (const [extension, before, after] of cases) {
    const insertion = addInlineBuildCommand(before, extension, 'x y');
    assert.equal(
      insertion && before.slice(0, insertion.offset) + insertion.text + before.slice(insertion.offset),
      after,
    );
  }
  assert.equal(addInlineBuildCommand('x = 1\n', '.py', 'x y'), undefined);
});
