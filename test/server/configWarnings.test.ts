import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { functionYaml, saying } from '../support/tasks.ts';
import { AttackedServer } from '../support/unharmed.ts';

describe('a function.yaml that surprises', () => {
  it('is read as Nuclio reads it: numbers, booleans and nulls', async (t) => {
    const { server } = await AttackedServer.start(t);
    const env =
      '  env: [{name: Z_A, value: 8080}, {name: Z_B, value: true}, {name: Z_C, value: 0.25}, {name: Z_D, value: }]\n';
    const nulls = '  eventTimeout: ""\n  triggers:\n  resources: {limits: {memory: }}\n  build: {commands: }\n';
    const answer = await server.put('nulls', {
      'function.yaml': `metadata:\n  annotations:\n    spec:\n${functionYaml('nodejs')}${env}${nulls}`,
      'main.js':
        "exports.handler = (c) => c.callback(Object.keys(process.env).filter((n) => n.startsWith('Z_')).sort()" +
        ".map((n) => n + '=' + process.env[n]).join(' '));",
    });
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual((await server.task('nulls')).warnings, []);
    assert.equal((await server.post('nulls')).text, 'Z_A=8080 Z_B=true Z_C=0.25 Z_D=');
  });

  it('is taken with warnings that name the line: also in the answer', async (t) => {
    const { server } = await AttackedServer.start(t);
    const more =
      '  enviroment: []\n  env:\n    - {name: A, value: on}\n' +
      '  build: {comands: [ls], directives: {preCopy: [{kind: RUN, value: ls}]}}\n---\nx: 1\n';
    const answer = await server.put('odd', saying('x', 'nodejs', more));
    assert.equal(answer.status, 200, answer.text);
    const warnings = [
      "function.yaml:6: Nuclio does not know 'enviroment' here and ignores it: did you mean 'env'? " +
        'It is there already: remove this one',
      'function.yaml:8: spec.env.0.value is true to Nuclio, and not the text as written: put it in quotes',
      'function.yaml:9: spec.build.directives has no effect on the embedded platform: write its RUN lines as ' +
        'spec.build.commands',
      "function.yaml:9: Nuclio does not know 'comands' here and ignores it: did you mean 'commands'?",
      'function.yaml:10: a second document begins here: Nuclio reads the first one only, so it has no effect. ' +
        'Remove it, or the line ---',
    ];
    assert.deepEqual((await server.task('odd')).warnings, warnings);
    assert.equal(answer.headers['fusionizer-warning'], warnings.map(encodeURIComponent).join(', '));
  });

  it('is taken with warnings about keys of any text, and of any number of them', async (t) => {
    const { server } = await AttackedServer.start(t);
    const keys = [
      '"\\ud83d"',
      '"a\\nb"',
      '"\\e[31m"',
      `"${'😀'.repeat(61)}"`,
      ...Array.from({ length: 90 }, (_, n) => `${n}x`),
    ];
    const answer = await server.put('odd', saying('x', 'nodejs', keys.map((key) => `  ${key}: 1\n`).join('')));
    assert.equal(answer.status, 200, answer.text);
    const { warnings } = await server.task('odd');
    assert.equal(warnings.length, 21);
    assert.match(warnings.at(-1) ?? '', /^function\.yaml: there are 74 more warnings like these$/);
    for (const warning of warnings)
      assert.ok(Buffer.from(warning).toString() === warning && !/\p{Cc}/u.test(warning), warning);
  });
});
