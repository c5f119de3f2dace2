import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lineOfKeys } from '../../../src/task/yaml/configPlace.ts';

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
    assert.equal(
      lineOfKeys('spec:\n  build:\n    commands:\n    - ls\n    - 5\n', ['spec', 'build', 'commands', '5']),
      5,
    );
  });

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
    it(`${keys}: ${line}`, () => assert.equal(lineOfKeys(TEXT, keys.split('.')), line));
  }

  it('is undefined for a place that does not exist', () => {
    for (const keys of ['metadata', 'spec.handler', 'spec.env.B', 'spec.runtime.x', 'spec.build.commands.make']) {
      assert.equal(lineOfKeys(TEXT, keys.split('.')), undefined, keys);
    }
  });
});
