import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parseDocument } from 'yaml';
import { packageRoot } from '../../../src/shared/packageRoot.ts';
import { parseYaml } from '../../../src/task/yaml/parseYaml.ts';
import { unknownKeys } from '../../../src/task/yaml/unknownKeys.ts';

const schema = JSON.parse(readFileSync(path.join(packageRoot(), 'media', 'schemas', 'function.schema.json'), 'utf8'));

test('a value that Nuclio does not know is reported where a key has only some, such as a mode of a trigger', () => {
  const text = `spec:
  triggers:
    mine:
      kind: http
      explicitAckMode: enabled
      batch: {mode: maybe}
      attributes: {mode: asnyc}
    other: {kind: http, explicitAckMode: explicitOnly, batch: {mode: disable}, attributes: {mode: async}}
  build: {mode: ""}
`;
  const found = unknownKeys(parseDocument(text).contents, schema);
  assert.deepEqual(
    found.map(({ span = [0, 0], message, meant }) => [text.slice(...span), message, meant]),
    [
      ['enabled', "Nuclio does not know 'enabled' as explicitAckMode: did you mean 'enable'?", 'enable'],
      ['maybe', "Nuclio does not know 'maybe' as mode: it has enable, disable", undefined],
      ['asnyc', "Nuclio does not know 'asnyc' as mode: did you mean 'async'?", 'async'],
    ],
  );
});

/** What is found in a function.yaml with these lines: line, key or value. */
const MERGED: [what: string, text: string, found: string[]][] = [
  ['an alias', 'x: &a {enviroment: 1}\nspec: *a\n', ['1 enviroment']],
  ['a merged map', 'x-base: &a\n  enviroment: 1\nspec:\n  <<: *a\n  runtime: python\n', ['2 enviroment']],
  ['a list of merged maps', 'spec:\n  <<: [{runtme: a}, &b {handlr: c}]\n', ['2 runtme', '2 handlr']],
  [
    'a merged map that merges another one',
    'a: &a {handlr: 1}\nb: &b {<<: *a, runtme: 2}\nspec: {<<: *b}\n',
    ['1 handlr', '2 runtme'],
  ],
  ['a map with several aliases, once', 'a: &a {nam: A}\nspec:\n  env: [*a, *a, {name: B}]\n', ['1 nam']],
  [
    "a trigger's kind that it merges",
    'a: &a {kind: cron}\nspec:\n  triggers:\n    t: {<<: *a, attributes: {intervall: 3s}}\n',
    ['4 intervall'],
  ],
  ['a value by an alias', 'a: &a enabled\nspec: {triggers: {t: {kind: http, explicitAckMode: *a}}}\n', ['1 enabled']],
  ['a key by an alias', 'metadata: {name: &a enviroment}\nspec: {? *a : 1}\n', ['2 *a']],
  ['keys that are right', 'a: &a {runtime: python}\nspec: {<<: *a, <<: {handler: "main:handler"}}\n', []],
  ['an alias that leads back to itself', 'spec: &a {runtime: python, build: *a, runtme: 1}\n', ['1 runtme']],
];

for (const [what, text, expected] of MERGED) {
  test(`unknown keys are found where aliases and merge keys lead: ${what}`, () => {
    const found = unknownKeys(parseYaml(text).document.contents, schema);
    const lineOf = (place: number): number => text.slice(0, place).split('\n').length;
    assert.deepEqual(
      found.map(({ span = [0, 0] }) => `${lineOf(span[0])} ${text.slice(...span)}`),
      expected,
    );
  });
}

test('aliases that stand for very many keys take no time', () => {
  const lines = Array.from({ length: 30 }, (_, n) => `a${n}: &a${n} {build: *a${n - 1}, <<: [*a${n - 1}, *a${n - 1}]}`);
  const text = `a: &a-1 {runtme: 1}\n${lines.join('\n')}\nspec: *a29\n`;
  const before = process.cpuUsage();
  unknownKeys(parseYaml(text).document.contents, schema);
  assert.ok(process.cpuUsage(before).user < 1e6);
});
