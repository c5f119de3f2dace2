import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFunctionYaml } from '../../../src/task/yaml/functionYaml.ts';
import { parseYaml } from '../../../src/task/yaml/parseYaml.ts';
import { syntaxFaults } from '../../../src/task/yaml/syntaxFaults.ts';

const FITS_NONE = 'which fits no line above it: indent it by';
const QUOTES = 'put the value in quotes';

/** Texts below `spec:` at line 1, and their faults: line, column, what to do. */
const FAULTS: [what: string, text: string, ...faults: string[]][] = [
  ['a tab', '\truntime: python\n', '2:2 the line is indented with a tab, which YAML does not allow: use spaces'],
  [
    'two tabs, once for each line',
    '  a:\n  \tb:\n  \t  - c\n',
    '3:4 the line is indented with a tab, which YAML does not allow: use spaces',
    '4:6 the line is indented with a tab, which YAML does not allow: use spaces',
  ],
  [
    'too few spaces',
    '  a: 1\n b: 2\n',
    `3:2 the line is indented by 1 space, ${FITS_NONE} 0 or 2, as the line that it belongs to`,
  ],
  [
    'too many spaces',
    '  a: 1\n    b: 2\n',
    "3:5 the line is indented as a part of 'a: 1', which has a value: indent it by 2 spaces, or remove that value",
  ],
  [
    'too many spaces, after comments',
    '  a: 1 # one\n\n  # two\n     b: 2\n',
    `5:6 the line is indented by 5 spaces, ${FITS_NONE} 2, as the line that it belongs to`,
  ],
  [
    'too many spaces in an item',
    '  env:\n    - name: A\n        value: b\n',
    "4:9 the line is indented as a part of '- name: A', which has a value: indent it by 6 spaces, or remove that value",
  ],
  [
    'too few spaces in an item',
    '  env:\n    - name: A\n     value: b\n',
    `4:6 the line is indented by 5 spaces, ${FITS_NONE} 4 or 6, as the line that it belongs to`,
  ],
  [
    'as many spaces as the dash of its item',
    '  env:\n    - name: A\n    value: b\n',
    `4:5 the line is indented by 4 spaces, ${FITS_NONE} 2 or 6, as the line that it belongs to`,
  ],
  [
    'an item out of line',
    '  a:\n      - b\n     - c\n',
    `4:6 the line is indented by 5 spaces, ${FITS_NONE} 2 or 6, as the line that it belongs to`,
  ],
  [
    'no space after a colon',
    '  runtime:python\n  handler: x\n',
    "2:3 a space is missing after the colon: write 'runtime: python'",
  ],
  [
    'no space after a later colon',
    '  handler: x\n  runtime:python\n',
    "3:3 a space is missing after the colon: write 'runtime: python'",
  ],
  ['no colon', '  runtime python\n  handler: x\n', "2:3 'runtime python' has no colon: write 'key: value'"],
  ['no colon above others', '  build\n    commands: []\n', "2:3 'build' has no colon: write 'build:'"],
  ['a list that is not closed', '  a: [b\n', `2:6 [ is not closed: add ], or ${QUOTES}`],
  ['a map that is not closed', '  a: {b: [c]\n  d: 1\n', `2:6 { is not closed: add }, or ${QUOTES}`],
  ['an inner list that is not closed', '  a: {b: [c}\n', `2:10 [ is not closed: add ], or ${QUOTES}`],
  [
    'a quote that is not closed',
    '  a: "b"\n  c: "d\n  e: 1\n',
    '3:6 the quote is not closed: add the same quote at the end of the value',
  ],
  [
    'two colons',
    '  a: b: c\n',
    "2:3 the value has ': ' in it, which begins another value: put the whole value in quotes",
  ],
  ['a reserved character', '  a: @b\n', `2:6 a value cannot begin with @: ${QUOTES}`],
  ['a bracket too many', '  a: }\n', `2:6 } closes nothing: remove it, or ${QUOTES}`],
  ['an escape', '  a: "\\q"\n', '2:7 \\q means nothing in double quotes: use single quotes, or two backslashes'],
  ['text after a quote', '  a: "b" c\n', '2:10 the value ends before this text: put all of it in quotes'],
];

/** Words of the parser that nobody writes who writes a function.yaml. */
const JARGON = /mapping|sequence|scalar|implicit|collection|token|flow|node/i;

for (const [what, below, ...faults] of FAULTS) {
  test(`a fault of YAML is in plain words, at its line: ${what}`, () => {
    const text = `spec:\n${below}`;
    const { document, lines } = parseYaml(text);
    const found = syntaxFaults(text, document).map(({ span: [from], message }) => {
      const { line, col } = lines.linePos(from);
      return `${line}:${col} ${message}`;
    });
    assert.deepEqual(found, faults);
    for (const one of found) assert.doesNotMatch(one, JARGON);
    const [, line = '', message = ''] = /^(\d+):\d+ (.*)$/.exec(found[0] ?? '') ?? [];
    assert.throws(() => readFunctionYaml(text, 'function.yaml'), {
      message: `function.yaml:${line} is not valid YAML: ${message}`,
      line: Number(line),
    });
  });
}
