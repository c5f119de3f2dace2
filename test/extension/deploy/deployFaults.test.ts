import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import type { ConfigProblem } from '../../../src/extension/config/configProblem.ts';
import { type Edit, lineAfter, sameFault } from '../../../src/extension/deploy/faultPlace.ts';
import { readTaskFolder } from '../../../src/extension/workspace/readTaskFolder.ts';
import { FusionizerError } from '../../../src/shared/errors.ts';
import { readTaskDefinition } from '../../../src/task/task.ts';
import { taskNameOf } from '../../../src/task/taskName.ts';
import { temporaryFolder } from '../../support/folder.ts';

const problem = (line: number, message: string, severity: ConfigProblem['severity'] = 'error'): ConfigProblem => ({
  code: 'x',
  severity,
  message,
  line,
  from: 0,
  to: 1,
  fixes: [],
});

test('a line moves with what is edited above it, and is lost when it is edited itself', () => {
  const edit = (from: [number, number], to: [number, number], text: string): Edit => ({
    range: { start: { line: from[0], character: from[1] }, end: { line: to[0], character: to[1] } },
    text,
  });
  for (const [what, one, line] of [
    ['below', edit([4, 0], [6, 2], 'x\ny'), 3],
    ['a new line above, written at its end', edit([2, 9], [2, 9], '\n  new'), 4],
    ['a new line above, written at its beginning', edit([3, 0], [3, 0], 'new\n'), 4],
    ['lines above that are removed', edit([1, 0], [3, 0], ''), 1],
    ['a word above', edit([1, 0], [1, 4], 'x'), 3],
    ['a word in it', edit([3, 0], [3, 1], 'x'), undefined],
    ['its removal', edit([3, 0], [4, 0], ''), undefined],
    ['what reaches into it', edit([1, 0], [3, 2], 'x\n'), undefined],
    ['a letter at its beginning', edit([3, 0], [3, 0], 'x'), undefined],
    ['all of it', edit([0, 0], [9, 0], ''), undefined],
  ] as const) {
    assert.equal(lineAfter(3, one), line, what);
  }
});

test('the mark of a fault is that of its line or its words, and no warning', () => {
  const found = [problem(1, 'one'), problem(2, 'is missing'), problem(3, 'w', 'warning')];
  assert.equal(sameFault(found, 2, 'other words')?.line, 1);
  assert.equal(sameFault(found, undefined, 'function.yaml: x is missing')?.line, 2);
  assert.equal(sameFault(found, 4, 'nothing of it'), undefined);
  const handler = { ...problem(5, 'spec.handler is a:b', 'warning'), code: 'function' };
  assert.equal(sameFault([...found, handler], 6, 'function.yaml:6: spec.handler is a:b'), handler);
});

test("a server's refusals have the line of the field, in any spelling", async (context) => {
  const dir = await temporaryFolder(context, { 'main.py': '' });
  for (const [text, line, words] of [
    ['metadata: {}\nSpec:\n  Runtime: golang\n', 3, /^function\.yaml:3: spec\.runtime is 'golang'/],
    ['metadata: {}\nspec:\n  handler: main:handler\n', 2, /^function\.yaml:2: spec\.runtime is missing/],
    [
      'spec:\n  runtime: python\n  Handler: other:handler\n',
      3,
      /^function\.yaml:3: .*no module 'other': add other\.py/,
    ],
    ['spec:\n  runtime: python\n  handler: ../x:handler\n', 3, /is malformed/],
    [
      'spec:\n  runtime: nodejs\n  handler: ../x:handler\n',
      3,
      /no module '\.\.\/x': write the module that has the handler$/,
    ],
    ['spec:\n  runtime: python\n  env:\n    - value: a\n', 4, /spec\.env\.0\.name is missing/],
    ['spec:\n  triggers:\n    a:\n      numWorkers: 1\n', 3, /spec\.triggers\.a\.kind is missing/],
  ] as const) {
    await writeFile(path.join(dir, 'function.yaml'), text);
    await assert.rejects(readTaskDefinition(dir, 'task'), (error) => {
      assert.ok(error instanceof FusionizerError);
      assert.match(error.message, words);
      assert.deepEqual([error.file, error.line], ['function.yaml', line], text);
      return true;
    });
  }
});

test('a folder keeps its name when something else is wrong with it, and says what', async (context) => {
  const dir = await temporaryFolder(context, {
    'a/function.yaml': 'metadata:\n  name: mine\nspec:\n  runtime: golang\n',
    'b/function.yaml': 'metadata:\n  name: My Name\nspec:\n  runtime: python\n  handler: main:handler\n',
    'b/main.py': '',
    'c/function.yaml': 'metadata: [\n',
  });
  const look = async (name: string): Promise<unknown[]> => {
    const { name: found, problem: why } = await readTaskFolder(path.join(dir, name));
    return [found, why?.slice(0, 30)];
  };
  assert.deepEqual(await look('a'), ['mine', "function.yaml:4: spec.runtime is 'golang'".slice(0, 30)]);
  assert.deepEqual(await look('b'), ['b', 'function.yaml:2: "My Name" can'.slice(0, 30)]);
  assert.deepEqual(await look('c'), ['c', 'function.yaml:1 is not valid YAML'.slice(0, 30)]);
  await assert.rejects(taskNameOf(path.join(dir, 'b')), /"My Name" cannot/);
});
