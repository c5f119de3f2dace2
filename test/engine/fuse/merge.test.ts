import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { functionName } from '../../../src/engine/fuse/fuser.ts';
import { mergeConfigs } from '../../../src/engine/fuse/merge.ts';
import type { Task } from '../../../src/task/task.ts';
import { parseFunctionYaml, parseRuntime } from '../../../src/task/yaml/functionYaml.ts';
import { sumQuantities } from '../../../src/task/yaml/quantity.ts';

function task(name: string, spec: string, metadata = ''): Task {
  const config = parseFunctionYaml(
    `metadata:\n  name: x\n${metadata}spec:\n  handler: main:handler\n${spec}`,
    'function.yaml',
  );
  const runtimeName = config.spec?.runtime ?? 'python';
  return {
    name,
    version: 1,
    dir: '',
    hash: name,
    source: null,
    deployedAt: '',
    config,
    handler: 'main:handler',
    runtimeName,
    runtime: parseRuntime(runtimeName, 'function.yaml'),
  };
}

describe('the merge of function.yaml', () => {
  it('joins build commands in order without repeats, unites env, sums memory and takes the largest of the rest', () => {
    const { config } = mergeConfigs([
      task(
        'a',
        '  build: {commands: [one, two]}\n  env: [{name: A, value: "1"}]\n  resources: {limits: {memory: 128Mi, ' +
          'cpu: 500m}}\n  eventTimeout: 30s\n  minReplicas: 1\n' +
          '  triggers: {http: {kind: http, numWorkers: 2, attributes: {maxRequestBodySize: 10}}}\n',
      ),
      task(
        'b',
        '  build: {commands: [two, three]}\n  env: [{name: A, value: "1"}, {name: B, value: "2"}]\n  resources: ' +
          '{limits: {memory: 256Mi, cpu: 1}}\n  eventTimeout: 1m30s\n  minReplicas: 3\n' +
          '  triggers: {web: {kind: http, numWorkers: 4, attributes: {maxRequestBodySize: 5}}}\n',
      ),
    ]);
    const { spec } = config;
    assert.deepEqual(spec.build?.commands, ['one', 'two', 'three']);
    assert.deepEqual(spec.env, [
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ]);
    assert.deepEqual(spec.resources, { limits: { memory: '384Mi', cpu: 1 } });
    assert.equal(spec.eventTimeout, '1m30s');
    assert.equal(mergeConfigs([task('a', '  eventTimeout: 30s\n'), task('b', '')]).config.spec.eventTimeout, undefined);
    assert.throws(() => mergeConfigs([task('a', ''), task('b', '  eventTimeout: 0s\n')]), /'0s' of Task 'b'/);
    assert.equal(spec.minReplicas, 3);
    assert.deepEqual(spec.triggers, { http: { kind: 'http', numWorkers: 4, attributes: { maxRequestBodySize: 10 } } });
    assert.equal(spec.handler, 'fusionizer_entry:handler');
  });

  it('drops a memory limit, with a warning, where one Task has none', () => {
    const { config, warnings } = mergeConfigs([
      task('a', '  resources: {limits: {memory: 64Mi, cpu: 1}}\n'),
      task('b', ''),
    ]);
    assert.deepEqual(config.spec.resources, { limits: { cpu: 1 } });
    assert.deepEqual(warnings, [
      "The memory limit of Task 'a' (64Mi) does not apply: it shares a function with Task 'b', which does not set one",
    ]);
  });

  it("takes what a Task does not set as Nuclio's default, which may be the largest", () => {
    const limited =
      '  triggers: {http: {kind: http, workerAvailabilityTimeoutMilliseconds: 50, attributes: ' +
      '{maxRequestBodySize: 8Mi}}}\n';
    const alone = mergeConfigs([task('a', limited)]).config.spec.triggers?.['http'];
    assert.deepEqual(
      [alone?.workerAvailabilityTimeoutMilliseconds, alone?.attributes?.['maxRequestBodySize']],
      [50, '8Mi'],
    );
    const fused = mergeConfigs([task('a', limited), task('b', '')]).config.spec.triggers?.['http'];
    assert.deepEqual(
      [fused?.workerAvailabilityTimeoutMilliseconds, fused?.attributes?.['maxRequestBodySize']],
      [10_000, 8 * 1024 ** 2],
    );
    const small = limited.replace('8Mi', '1000');
    assert.equal(
      mergeConfigs([task('a', small), task('b', '')]).config.spec.triggers?.['http']?.attributes?.[
        'maxRequestBodySize'
      ],
      4 * 1024 ** 2,
    );
    assert.equal(
      mergeConfigs([task('a', small), task('b', limited)]).config.spec.triggers?.['http']?.attributes?.[
        'maxRequestBodySize'
      ],
      8 * 1024 ** 2,
    );
  });

  it('carries unknown fields along, and keeps other triggers under names of their own', () => {
    const merged = mergeConfigs([
      task(
        'a',
        '  description: first\n  securityContext: {runAsUser: 1}\n  triggers: {tick: {kind: cron, attributes: ' +
          '{interval: 1s}}}\n',
      ),
      task(
        'b',
        '  description: second\n  loggerSinks: [{level: info}]\n  triggers: {tick: {kind: cron, attributes: ' +
          '{interval: 2s}}}\n',
      ),
    ]);
    assert.deepEqual(Object.keys(merged.config.spec.triggers ?? {}), ['a-tick', 'b-tick']);
    assert.deepEqual(merged.triggers.get('b'), { 'b-tick': 'tick' });
    assert.equal(merged.config.spec['description'], 'first');
    assert.deepEqual(merged.config.spec['loggerSinks'], [{ level: 'info' }]);
    assert.deepEqual(merged.config.spec['securityContext'], { runAsUser: 1 });
  });

  it('refuses triggers that would get one name in the function', () => {
    const tick = '{kind: cron, attributes: {interval: 1s}}';
    assert.throws(
      () => mergeConfigs([task('a', `  triggers: {b-tick: ${tick}}\n`), task('a-b', `  triggers: {tick: ${tick}}\n`)]),
      /Tasks 'a' and 'a-b' cannot be fused: both have a trigger that is called 'a-b-tick' .*: rename one/,
    );
    assert.throws(
      () =>
        mergeConfigs([task('a', '  triggers: {b-tick: {kind: http}}\n'), task('b', `  triggers: {tick: ${tick}}\n`)]),
      /Tasks 'a' and 'b' cannot be fused: both have a trigger that is called 'b-tick'/,
    );
    assert.throws(
      () => mergeConfigs([task('a', `  triggers: {a-tick: {kind: http}, tick: ${tick}}\n`)]),
      /Task 'a' has two triggers that are called 'a-tick'/,
    );
  });

  it('drops fixed ports and ingresses of fused Tasks with a warning, and keeps those of a Task alone', () => {
    const one = task('a', '  triggers: {http: {kind: http, attributes: {port: 30000, ingresses: {x: {host: h}}}}}\n');
    assert.deepEqual(mergeConfigs([one]).config.spec.triggers?.['http']?.attributes?.['port'], 30000);
    const fused = mergeConfigs([one, task('b', '')]);
    assert.deepEqual(fused.config.spec.triggers?.['http']?.attributes, {});
    assert.equal(fused.warnings.length, 2);
    assert.match(fused.warnings[0] ?? '', /port of Task 'a' is dropped/);
  });

  it('refuses Tasks that disagree, and names them', () => {
    const cases: [Task, Task, RegExp][] = [
      [
        task('a', '  runtime: python\n'),
        task('b', '  runtime: nodejs\n'),
        /'a' and 'b' cannot be fused: one is python, the other nodejs/,
      ],
      [task('a', '  runtime: python:3.11\n'), task('b', '  runtime: python:3.12\n'), /'a' and 'b'.*different versions/],
      [task('a', '  env: [{name: X, value: "1"}]\n'), task('b', '  env: [{name: X, value: "2"}]\n'), /'a' and 'b'.*X/],
      [task('a', '', '  labels: {l: "1"}\n'), task('b', '', '  labels: {l: "2"}\n'), /'a' and 'b'.*label l/],
      [
        task('a', '', '  annotations: {l: "1"}\n'),
        task('b', '', '  annotations: {l: "2"}\n'),
        /'a' and 'b'.*annotation l/,
      ],
      [
        task('a', '  build: {commands: [pip install x_y==1]}\n'),
        task('b', '  build: {commands: ["python -m pip install -q X-Y==2"]}\n'),
        /'a' and 'b'.*pin X-Y to 1 and 2/,
      ],
      [
        task('a', '  build: {commands: [npm i "@s/x@1"]}\n'),
        task('b', '  build: {commands: [npm install "@s/x@2"]}\n'),
        /'a' and 'b'.*pin @s\/x to 1 and 2/,
      ],
      [
        task('a', '  triggers: {http: {kind: http, attributes: {cors: {enabled: true}}}}\n'),
        task('b', ''),
        /'a' and 'b'.*CORS/,
      ],
    ];
    for (const [one, other, expected] of cases) assert.throws(() => mergeConfigs([one, other]), expected);
    assert.doesNotThrow(() => mergeConfigs([task('a', '  runtime: python\n'), task('b', '  runtime: python:3.12\n')]));
  });
});

describe('function.yaml', () => {
  it('matches known keys without regard to case, and keeps unknown ones', () => {
    const config = parseFunctionYaml('Spec:\n  Handler: a:b\n  RUNTIME: python\n  myOwn: {Kind: x}\n', 'function.yaml');
    assert.deepEqual(config.spec?.handler, 'a:b');
    assert.deepEqual(config.spec?.runtime, 'python');
    assert.ok('myOwn' in (config.spec ?? {}));
  });

  it('tells the line of what is wrong', () => {
    assert.throws(
      () => parseFunctionYaml('spec:\n  env:\n    - name: A\n      value: [5]\n', 'function.yaml'),
      /function\.yaml:4: spec\.env\.0\.value is a list/,
    );
    assert.throws(
      () =>
        parseFunctionYaml('spec:\n  triggers:\n    http:\n      kind: http\n      numWorkers: -1\n', 'function.yaml'),
      /function\.yaml:5: spec\.triggers\.http\.numWorkers/,
    );
    assert.throws(() => parseFunctionYaml('a: *b\n', 'function.yaml'), /function\.yaml/);
    assert.throws(() => parseFunctionYaml('- a\n', 'function.yaml'), /does not describe a function/);
  });

  it('refuses aliases that explode', () => {
    const layers = Array.from(
      { length: 20 },
      (_, index) => `l${index + 1}: &l${index + 1} [${Array.from({ length: 10 }, () => `*l${index}`).join(',')}]`,
    );
    assert.throws(
      () => parseFunctionYaml(`l0: &l0 [x]\n${layers.join('\n')}\n`, 'function.yaml'),
      /aliases expand to too many values/,
    );
  });
});

describe('a function name', () => {
  it('keeps apart groups whose names read the same, and stays within limits', () => {
    assert.notEqual(functionName([task('a', ''), task('bc', '')], 1), functionName([task('ab', ''), task('c', '')], 1));
    const long = functionName(
      Array.from({ length: 9 }, (_, index) => task(`a-rather-long-name-${index}`, '')),
      123456,
    );
    assert.ok(long.length <= 56 && /^[a-z][a-z0-9-]*[a-z0-9]$/.test(long), long);
  });
});

describe('quantities', () => {
  it('are summed in their unit, else in bytes', () => {
    assert.equal(sumQuantities('128Mi', '64Mi'), '192Mi');
    assert.equal(sumQuantities('1Gi', '512Mi'), String(1.5 * 2 ** 30));
    assert.equal(sumQuantities(100, 200), '300');
  });
});
