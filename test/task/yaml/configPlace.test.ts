import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { FusionizerError } from '../../../src/shared/errors.ts';
import { configPlace, withLine } from '../../../src/task/yaml/configPlace.ts';
import { readFunctionYaml } from '../../../src/task/yaml/functionYaml.ts';
import { temporaryFolder } from '../../support/folder.ts';

const TEXT = `# of a Task
spec:
  Runtime: python
  env:
    - name: A
      value: b
    - {name: C, valueFrom: {}}
  build:
    commands: ['pip install x',
      "echo 'y'", 'env A=1 \\',
      ' true && \\', # why
      'apt-get update', last]
  triggers:
    web: {kind: http,
      numWorkers: 3}
  script: |
    one
    two
`;

describe('the line of a place in a configuration', () => {
  it('finds a build command that is a number', () => {
    const numbers = readFunctionYaml('spec:\n  build:\n    commands:\n    - ls\n    - 5\n', 'function.yaml');
    assert.equal(numbers.exactLineOf('spec', 'build', 'commands', '5'), 5);
  });

  const yaml = readFunctionYaml(TEXT, 'function.yaml');
  for (const [keys, line] of [
    ['spec', 2],
    ['spec.runtime', 3],
    ['spec.env.C', 7],
    ['spec.env.A.value', 6],
    ["spec.build.commands.echo 'y'", 10],
    ['spec.build.commands.env A=1 true && apt-get update', 10],
    ['spec.build.commands.env A=1 true && apt-get update.apt-get', 12],
    ['spec.build.commands.env A=1 true && apt-get update.true', 11],
    ['spec.build.commands.last', 12],
    ['spec.triggers.web.numWorkers', 15],
    ['spec.script', 16],
    ['spec.script.two', 18],
  ] as const) {
    it(`${keys}: ${line}`, () => assert.equal(yaml.exactLineOf(...keys.split('.')), line));
  }

  it('is undefined for a place that does not exist', () => {
    for (const keys of ['metadata', 'spec.handler', 'spec.env.B', 'spec.runtime.x', 'spec.build.commands.make']) {
      assert.equal(yaml.exactLineOf(...keys.split('.')), undefined, keys);
    }
  });
});

describe('an error about a configuration', () => {
  const keys = ['spec', 'build', 'commands', 'apt-get update', 'apt-get'];
  const fault = new FusionizerError('task', 'no', { file: 'function.yaml', keys });
  const inline =
    '# @nuclio.configure\n#\n# function.yaml:\n#   spec:\n#     build:\n#       commands:\n' +
    '#         - true\n#         - apt-get update\n\ndef handler(context, event):\n    pass\n';

  for (const [what, name, text, line] of [
    ['function.yaml', 'function.yaml', 'spec:\n  build:\n    commands: [true,\n     apt-get update]\n', 4],
    ['function.yml', 'function.yml', 'spec: {build: {commands: [apt-get update]}}\n', 1],
    ['an inline configuration', 'main.py', inline, 8],
  ] as const) {
    it(`has its line in ${what}`, async (t) => {
      const dir = await temporaryFolder(t);
      await writeFile(path.join(dir, name), text);
      const error = await withLine(fault, dir);
      assert.ok(error instanceof FusionizerError);
      assert.deepEqual([error.message, error.file, error.line], ['no', name, line]);
    });
  }

  it('is unchanged where it is about something else', async (t) => {
    const dir = await temporaryFolder(t);
    assert.equal(await withLine(fault, dir), fault);
    await writeFile(path.join(dir, 'function.yaml'), 'spec: {build: {commands: [make]}}\n');
    assert.equal(await withLine(fault, dir), fault);
    assert.deepEqual(await configPlace(dir, keys), { file: 'function.yaml', line: 1, isExact: false });
  });
});
