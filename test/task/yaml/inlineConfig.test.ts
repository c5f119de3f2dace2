import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FunctionConfig } from '../../../src/task/yaml/functionYaml.ts';
import { inlineWarning, readInlineConfig } from '../../../src/task/yaml/inlineConfig.ts';

/**
 * What Nuclio 1.14's reader of inline configurations does: spaces do not matter in the line `# @nuclio.configure`; each
 * line loses its comment character and one more; the value of the key function.yaml counts.
 */
const CODE = 'import os\n';
const read = (source: string, extension = '.py'): FunctionConfig | undefined =>
  readInlineConfig(source, `main${extension}`, extension)?.checked();
const description = (source: string, extension = '.py'): string | undefined =>
  read(source, extension)?.spec?.description;

const TAKEN: [what: string, source: string, extension?: string][] = [
  ['plain', '# @nuclio.configure\n#\n# function.yaml:\n#   spec: {description: x}\n'],
  ['at once', '# @nuclio.configure\n# function.yaml: {spec: {description: x}}\n'],
  ['indented', 'import x\n\n#      @nuclio.configure\n#\n#   function.yaml:\n#     spec: {description: x}\n#\n'],
  ['with several keys', '# @nuclio.configure\n# function.yaml:\n#   spec: {description: x}\n# notes.yaml:\n#   a: 1\n'],
  [
    'with another key first',
    '# @nuclio.configure\n# notes.yaml: {a: 1}\n# function.yaml:\n#   spec: {description: x}\n',
  ],
  ['without a space', '#@nuclio.configure\n# function.yaml:\n#   spec: {description: x}\n'],
  ['with spaces in the marker', '# @ nuclio . configure\n# function.yaml:\n#   spec: {description: x}\n'],
  ['indented marker', '  # @nuclio.configure\n# function.yaml:\n#   spec: {description: x}\n'],
  ['a quoted key', '# @nuclio.configure\n# "function.yaml":\n#   spec: {description: x}\n'],
  ['JSON', '# @nuclio.configure\n# {"function.yaml": {"spec": {"description": "x"}}}\n'],
  ['Windows', '# @nuclio.configure\r\n# function.yaml:\r\n#   spec: {description: x}\r\n'],
  [
    'a second block counts',
    '# @nuclio.configure\n# function.yaml: {spec: {description: y}}\n\n' +
      '# @nuclio.configure\n# function.yaml: {spec: {description: x}}\n',
  ],
  [
    'another block before',
    '# @nuclio.other\n# a: [\n\n# @nuclio.configure\n# function.yaml: {spec: {description: x}}\n',
  ],
  ['an alias', '# @nuclio.configure\n# base: &b {spec: {description: x}}\n# function.yaml: *b\n'],
  ['an anchor of another key', '# @nuclio.configure\n# base: &b {description: x}\n# function.yaml: {spec: *b}\n'],
  [
    'a merge key, which replaces nothing',
    '# @nuclio.configure\n# b: &b {description: y}\n# function.yaml: {spec: {description: x, <<: *b}}\n',
  ],
  ['JavaScript', '// @nuclio.configure\n//\n// function.yaml:\n//   spec: {description: x}\n', '.js'],
  [
    'JavaScript, indented',
    '//    @nuclio.configure\n//      function.yaml:\n//        spec:\n//          description: x\n',
    '.mjs',
  ],
];

test('an inline configuration is found where Nuclio finds it', () => {
  for (const [what, source, extension] of TAKEN) assert.equal(description(source + CODE, extension), 'x', what);
});

test('yes and on are text in an inline configuration, and numbers are still numbers', () => {
  const env = '[{name: A, value: yes}, {name: B, value: 017}, {name: C, value: true}]';
  const config = read(`# @nuclio.configure\n# function.yaml: {spec: {env: ${env}}}\n${CODE}`);
  assert.deepEqual(
    config?.spec?.env?.map(({ value }) => value),
    ['yes', '15', 'true'],
  );
});

const NONE: [what: string, source: string, warning: RegExp | undefined][] = [
  ['no marker', '# function.yaml: {}\n', undefined],
  ['another block', '# @nuclio.other\n# function.yaml: {spec: {description: x}}\n\n', undefined],
  ['in JavaScript comments', '// @nuclio.configure\n// function.yaml: {}\n\n', /^main\.py:1: .* not by this one/],
  ['no key', '# @nuclio.configure\n# spec: {description: x}\n\n', /^main\.py:1: .* has no key 'function\.yaml'/],
  [
    'to the end of the file',
    'x\n# @nuclio.configure\n# function.yaml: {}',
    /^main\.py:2: .* runs to the end of the file/,
  ],
  [
    'no space before the key',
    '#@nuclio.configure\n#function.yaml:\n#  spec: {description: x}\n\n',
    /^main\.py:1: .* leaves out one character after each #, so write '# function\.yaml:'/,
  ],
  ['a mark with a mistake', 'x\n# @nuclio.confgure\n# function.yaml: {}\n\n', /^main\.py:2: .* '# @nuclio\.configure'/],
  ['a mark without @', '# nuclio.configure\n# function.yaml: {}\n\n', /^main\.py:1: .* not by this one: correct it/],
  ['a mark in capitals', '# @Nuclio.Configure\n# function.yaml: {}\n\n', /^main\.py:1: .* not by this one/],
  ['a mark of two signs', '## @nuclio.configure\n## function.yaml: {}\n\n', /^main\.py:1: .* not by this one/],
  ['a byte order mark', '\ufeff# @nuclio.configure\n# function.yaml: {}\n\n', /^main\.py:1: .* without it/],
  ['words about it', '# Nuclio reads its configuration of function.yaml\nnuclio.config("x")\n', undefined],
];

test('one that Nuclio ignores is none, and a warning says why', () => {
  for (const [what, source, warning] of NONE) {
    assert.equal(read(source), undefined, what);
    const found = inlineWarning(source, 'main.py', '.py');
    if (warning === undefined) assert.equal(found, undefined, what);
    else assert.match(found ?? '', warning, what);
  }
});

test('a block comment of JavaScript holds no configuration, and a warning says so', () => {
  for (const source of ['/* @nuclio.configure\nfunction.yaml: {}\n*/\n', '/*\n * @nuclio.configure\n */\n']) {
    assert.equal(read(source, '.js'), undefined);
    assert.match(inlineWarning(source, 'main.js', '.js') ?? '', /^main\.js:[12]: .* '\/\/ @nuclio\.configure'/);
  }
});

test('the search for a mark takes no time in any source', () => {
  const before = process.cpuUsage();
  for (const text of ['#', '/*', '# nuclio conf', '\n', '@ '])
    inlineWarning(text.repeat(4e6 / text.length), 'main.js', '.js');
  assert.ok(process.cpuUsage(before).user < 4e6);
});

test('a fault is reported with the line in the source file', () => {
  const broken = `${CODE}\n#  @nuclio.configure\n#  function.yaml:\n#    spec:\n#      minReplicas: many\n\n`;
  assert.throws(() => read(broken), /^FusionizerError: main\.py:6: spec\.minReplicas is "many"/);
  assert.throws(() => read('# @nuclio.configure\n# function.yaml: [\n\n'), /main\.py:\d is not valid YAML/);
});
