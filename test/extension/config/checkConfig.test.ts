import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { checkConfig } from '../../../src/extension/config/checkConfig.ts';
import { RUNTIMES, TEMPLATES, templateOf } from '../../../src/task/templates.ts';
import { check, config, PYTHON, schema } from '../../support/checkConfig.ts';
import { temporaryFolder } from '../../support/folder.ts';

test('templates and examples are without fault', async (context) => {
  for (const runtime of RUNTIMES) {
    for (const kind of TEMPLATES) {
      const files = templateOf({ runtime, kind }, 'task');
      assert.deepEqual(await check(context, files['function.yaml'] ?? '', files), [], `${runtime} ${kind}`);
    }
  }
  for (const entry of await readdir('examples', { recursive: true })) {
    if (path.basename(entry) !== 'function.yaml' || entry.includes('node_modules')) continue;
    const file = path.resolve('examples', entry);
    assert.deepEqual(await checkConfig({ text: await readFile(file, 'utf8'), file, schema }), [], entry);
  }
});

test('text that is no YAML is marked where it breaks', async (context) => {
  assert.match((await check(context, 'spec:\n  runtime: [python\n')).join(), /^\d:\d+-\d+ error yaml: /);
  assert.deepEqual(await check(context, '- a\n'), [
    '0:0-3 error invalid: function.yaml does not describe a function: it needs at least spec.runtime and spec.handler',
  ]);
});

test('a key that Nuclio does not know is marked, with the near one', async (context) => {
  const text = config(
    '  trigers: {}\n  timeoutSeconds: 30\n  build:\n    comands: [pip install x]\n  env:\n' +
      '    - name: A\n      vaule: "1"\n',
  ).replace('metadata:', 'meta: {}\nmetadata:\n  lables: {}');
  assert.deepEqual(await check(context, text, PYTHON), [
    "0:0-4 warning unknown-key: Nuclio does not know 'meta' here and ignores it: did you mean 'metadata'? " +
      'It is there already: remove this one',
    "2:2-8 warning unknown-key: Nuclio does not know 'lables' here and ignores it: did you mean " +
      "'labels'? [replace labels]",
    "7:2-9 warning unknown-key: Nuclio does not know 'trigers' here and ignores it: did you mean " +
      "'triggers'? [replace triggers]",
    "8:2-16 warning unknown-key: Nuclio does not know 'timeoutSeconds' here and ignores it: remove " +
      'it, or move it to where it belongs',
    "10:4-11 warning unknown-key: Nuclio does not know 'comands' here and ignores it: did you mean " +
      "'commands'? [replace commands]",
    "13:6-11 warning unknown-key: Nuclio does not know 'vaule' here and ignores it: did you mean " +
      "'value'? [replace value]",
  ]);
});

test('no false alarms: the case of keys, names of the user, and fields that belong to a platform', async (context) => {
  const text = config(`  Env: []
  triggers:
    mine:
      kind: http
      attributes: {ingresses: {some: {host: a.b, whatever: 1}}, port: 8080, unheardOf: 1}
    tick: {kind: cron, attributes: {interval: 30s, event: {headers: {X-Any: "1"}}}}
  platform: {attributes: {restartPolicy: {name: always}}}
  resources: {limits: {memory: 128Mi, example.com/fpga: 1}}
  securityContext: {runAsUser: 1000}
  sidecars: [{name: x}]
  volumes: [{volume: {name: a, hostPath: {path: /x}}, volumeMount: {name: a, mountPath: /y}}]
`).replace('  name: task', '  name: task\n  creationTimestamp: null\n  labels: {any: thing}\n  annotations: {a/b: c}');
  assert.deepEqual(await check(context, text, PYTHON), []);
});

test('a value of a wrong type is marked', async (context) => {
  assert.deepEqual(await check(context, config('  env:\n    - name: A\n      value: [1]\n'), PYTHON), [
    '7:13-16 error invalid: spec.env.0.value is a list: write text',
  ]);
});

test('what Nuclio reads otherwise than it looks, or not at all, is marked', async (context) => {
  const text = config(
    '  env:\n    - {name: A, value: 8080}\n    - name: B\n      value: yes\n' +
      '  build:\n    directives: {preCopy: [{kind: RUN, value: ls}]}\n' +
      '---\nspec: {}\n',
  );
  assert.deepEqual(await check(context, text, PYTHON), [
    '8:13-16 warning surprise: spec.env.1.value is true to Nuclio, and not the text as written: put it in quotes ' +
      '[replace "yes"]',
    '10:4-14 warning surprise: spec.build.directives has no effect on the embedded platform: write its RUN lines as ' +
      'spec.build.commands',
    '11:0-3 warning surprise: a second document begins here: Nuclio reads the first one only, so it has no effect. ' +
      'Remove it, or the line ---',
  ]);
});

test('every fault is marked at once: none hides another one', async (context) => {
  const text = `metadata:
  name: My_Task
spec:
  runtime: golang
  handler: nowhere:handler
  env:
    - value: {a: 1}
      name: A=B
    - just text
    - name: LAST
      value: [b]
  minReplicas: many
  resources:
    limits:
      cpu: much
      memory: 0
  triggers:
    - kind: http
`;
  assert.deepEqual((await check(context, text, PYTHON)).sort(), [
    '10:13-16 error invalid: spec.env.2.value is a list: write text',
    '11:15-19 error invalid: spec.minReplicas is "many": write a number',
    '14:11-15 error invalid: spec.resources.limits.cpu is "much": write an amount, such as 128Mi of ' +
      'memory or 500m of cpu',
    '15:14-15 error invalid: spec.resources.limits.memory is 0: write an amount above zero, such as ' +
      '128Mi, or remove the field',
    '16:2-10 error invalid: spec.triggers is a list: write a map of names and their values, or remove the field',
    "1:8-15 error name: \"My_Task\" cannot be a Task's name: use lowercase letters, digits and '-', " +
      "starting with a letter, at most 40 characters, such as 'my-task' [replace my-task]",
    "3:11-17 error runtime: spec.runtime is 'golang': a Task's runtime is python, python:3.x or " +
      'nodejs [replace python]',
    "4:11-26 error handler: spec.handler is 'nowhere:handler', but the Task has no module " +
      "'nowhere': add nowhere.py, or write the module that has the handler [replace main:handler]",
    '6:13-19 error invalid: spec.env.0.value is a map: write text',
    "7:12-15 error invalid: spec.env.0.name contains '=' or a zero byte: write only the variable's " +
      'name here, and its value into value [replace A]',
    '8:6-15 error invalid: spec.env.1 is text: write a map of fields and their values, or remove the field. ' +
      "A variable is an item '- {name: A, value: x}'",
  ]);
});

test('a field that is at fault is not said to be missing too, and what hangs on it is left open', async (context) => {
  const codes = async (text: string): Promise<string[]> =>
    (await check(context, text, PYTHON)).map((line) => line.split(':').slice(0, 2).join(':').trim());
  assert.deepEqual(await codes('metadata: []\nspec: text\n'), ['0:10-12 error invalid', '1:6-10 error invalid']);
  assert.deepEqual(await codes('spec:\n  runtime: [python]\n  handler: [3]\n'), [
    '1:11-19 error invalid',
    '2:11-14 error invalid',
  ]);
  // What the commands install is not known, so a module may come from there.
  assert.deepEqual(await codes(config('  build: {commands: pip install x}\n').replace('main:', 'installed:')), [
    '5:20-33 error invalid',
  ]);
});

test('a key that is there twice is marked at its second place, and hides nothing else', async (context) => {
  assert.deepEqual(await check(context, `${config('')}  runtime: golang\n  minReplicas: -1\n`, PYTHON), [
    '5:2-9 error invalid: spec.runtime is there twice: keep one of them',
    '6:15-17 error invalid: spec.minReplicas is -1: write a number from 0',
  ]);
  assert.deepEqual(await check(context, config('').replace('  handler', '  Runtime: nodejs\n  handler'), PYTHON), [
    "4:2-9 error invalid: 'runtime' and 'Runtime' are the same field: keep one of them",
  ]);
});

test('the runtime is missing, or is none that Tasks have', async (context) => {
  assert.deepEqual(await check(context, 'spec:\n  handler: main:handler\n', PYTHON), [
    "0:0-4 error runtime: spec.runtime is missing: write 'runtime: python' or 'runtime: nodejs' " +
      '[insert runtime: python]',
  ]);
  assert.deepEqual(
    await check(context, 'spec:\n  runtime: golang\n  handler: main:handler\n', {
      'main.js': 'exports.handler = () => {};',
    }),
    [
      "1:11-17 error runtime: spec.runtime is 'golang': a Task's runtime is python, python:3.x or " +
        'nodejs [replace nodejs]',
    ],
  );
});

test('a new entry is indented as its neighbours are; a map on one line is left to its author', async (context) => {
  const fixOf = async (text: string): Promise<unknown> => {
    const folder = await temporaryFolder(context, PYTHON);
    const problems = await checkConfig({ text, file: path.join(folder, 'function.yaml'), schema });
    return problems.find(({ code }) => code === 'runtime')?.fixes[0];
  };
  assert.deepEqual(await fixOf('# top\nspec:\n    # in\n    handler: main:handler\n'), {
    kind: 'insert',
    line: 3,
    text: '    runtime: python\n',
  });
  assert.deepEqual(await fixOf('spec:\n'), { kind: 'insert', line: 1, text: '  runtime: python\n' });
  assert.deepEqual(await fixOf('spec: {handler: main:handler}\n'), undefined);
  assert.deepEqual(await fixOf('metadata: {}\n'), { kind: 'insert', line: 0, text: 'spec:\n  runtime: python\n' });
});

test("the handler's module or function is not there", async (context) => {
  assert.deepEqual(await check(context, config('')), [
    "4:11-23 error handler: spec.handler is 'main:handler', but the Task has no module 'main': add " +
      'main.py, or write the module that has the handler [create main.py]',
  ]);
  assert.deepEqual(await check(context, config('').replace('main:handler', 'main.py')), [
    "4:11-18 error handler: spec.handler 'main.py' is malformed: write main:handler for a function handler in main.py",
  ]);
  assert.deepEqual(await check(context, config('').replace('main:handler', 'main.py:handler'), PYTHON), [
    "4:11-26 error handler: spec.handler is 'main.py:handler', but Python's modules are named without .py: write " +
      'main:handler [replace main:handler]',
  ]);
  assert.deepEqual(
    await check(context, config('').replace('main:handler', 'm\u00fcll:handler'), {
      'm\u00fcll.py': 'def handler(): 1',
    }),
    [],
  );
  assert.deepEqual(await check(context, config('').replace('main:handler', 'main:handel'), PYTHON), [
    "4:11-22 warning function: spec.handler is main:handel, but main.py has no function 'handel' (it has: handler) " +
      '[replace main:handler]',
  ]);
  assert.deepEqual(
    await check(context, config('  build: {commands: [pip install x]}\n').replace('main:', 'installed.module:')),
    [],
  );
});

test('functions are found in many forms, and doubt is no warning', async (context) => {
  const python = [
    'async def handler(c, e):',
    'handler = lambda c, e: 1',
    'from other import handler',
    'from other import *',
    'if True:\n    def handler(c, e):',
  ];
  for (const source of python)
    assert.deepEqual(await check(context, config(''), { 'main.py': `${source}\n` }), [], source);
  const nodejs = [
    'module.exports.handler = 1',
    'module.exports = { a, handler }',
    'export const handler = 1',
    'export async function handler() {}',
    'const handler = 1;\nexport { handler };',
    "module.exports = require('../other')",
    "export * from '../other.js'",
    'module.exports = { ...other }',
    "module.exports = { ['handler']: 1 }",
    'module.exports =\n  make();',
  ];
  const spec = config('').replace('python', 'nodejs');
  for (const source of nodejs) assert.deepEqual(await check(context, spec, { 'main.js': `${source}\n` }), [], source);
  for (const source of [
    '// exports.handler = 1\nexports.other = handler;',
    'module.exports = { hndler: async (context) => 1 };',
    'module.exports =\n{\n  first() {},\n  second,\n};',
  ])
    assert.equal((await check(context, spec, { 'main.js': `${source}\n` })).length, 1, source);
});

test('a name that is no DNS label', async (context) => {
  assert.match(
    (await check(context, config('').replace('task', 'My_Task'), PYTHON)).join(),
    /^1:8-15 error name: "My_Task" cannot .* 'my-task' \[replace my-task\]$/,
  );
  const unnamed = 'spec:\n  runtime: python\n  handler: main:handler\n';
  assert.match(
    (await check(context, unnamed, PYTHON, 'My Task')).join(),
    /^0:0-5 error name: .*folder's name.* \[insert metadata:\n {2}name: my-task\]$/,
  );
});

test('triggers that the embedded platform has not, that no Nuclio has, and that cannot work', async (context) => {
  const text = config(
    '  triggers:\n    a: {kind: kafka-cluster}\n    b: {kind: htpp}\n    c: {kind: cron, attributes: {}}\n',
  );
  const [a, b, c] = await check(context, text, PYTHON);
  assert.match(a ?? '', /^6:14-27 information trigger-platform: .*kafka-cluster/);
  assert.match(
    b ?? '',
    /^7:14-18 error trigger: No Nuclio has triggers of kind 'htpp': did you mean 'http'\? \[replace http\]/,
  );
  assert.match(c ?? '', /^8:4-5 error trigger: cron trigger 'c': it has neither/);
});

test('a line that is meant as the mark of an inline configuration is marked while it is written', async (context) => {
  const dir = await temporaryFolder(context);
  const marks = async (name: string, line: string): Promise<string[]> => {
    const text = `x = 1\n${line}\n#\n# function.yaml:\n#   metadata:\n#     name: a\n\n`;
    const found = await checkConfig({ text, file: path.join(dir, name), schema });
    return found.map(
      ({ severity, line, from, to, fixes: [fix] }) =>
        `${severity} ${line}:${from}-${to} ${fix && 'text' in fix && fix.text}`,
    );
  };
  assert.deepEqual(await marks('main.py', '  # @nuclio.config'), ['warning 1:2-18 # @nuclio.configure']);
  assert.deepEqual(await marks('main.js', '# @nuclio.configure'), ['warning 1:0-19 // @nuclio.configure']);
  assert.deepEqual(await marks('main.mjs', '// nuclio: configuration'), ['warning 1:0-24 // @nuclio.configure']);
  assert.deepEqual(await marks('main.py', '# how nuclio configures it'), []);
  assert.deepEqual(await marks('main.py', '# @nuclio.ignore'), []);
  // Beside a function.yaml it is a comment like any other.
  await writeFile(path.join(dir, 'function.yaml'), config(''));
  assert.deepEqual(await marks('main.py', '# @nuclio.config'), []);
});
