import '../support/confined.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Files, zip } from '../support/server.ts';
import { functionYaml, saying } from '../support/tasks.ts';
import { AttackedServer } from '../support/unharmed.ts';

type Case = [what: string, files: Files, message: RegExp];

const yaml = (text: string, others: Files = { 'main.js': 'exports.handler = (c) => c.callback();' }): Files => ({
  'function.yaml': text,
  ...others,
});
const spec = (lines: string): Files => yaml(`spec:\n  runtime: nodejs\n  handler: main:handler\n${lines}`);
const limits = (line: string): Files => spec(`  resources:\n    limits:\n      ${line}\n`);
const handler = (name: string, runtime = 'nodejs', others?: Files): Files =>
  yaml(`spec:\n  runtime: ${runtime}\n  handler: ${name}\n`, others);
const LAUGHS = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghij'].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[index]}`).join(',')}]`).join('\n')}\n`;

const YAML: Case[] = [
  ['no function.yaml', { 'README.md': 'x' }, /no function\.yaml at the top level of the zip \(it holds README\.md\)/],
  [
    'one below',
    { 'task/function.yaml': functionYaml('nodejs') },
    /zip the files inside the Task's folder, not the folder/,
  ],
  ['two source files and none', { 'a.py': '', 'b.py': '' }, /no function\.yaml.*a\.py, b\.py/],
  ['an empty one', yaml(''), /function\.yaml does not describe a function/],
  ['a list', yaml('- a\n'), /does not describe a function/],
  ['text', yaml('hello'), /does not describe a function/],
  ['a bracket that is not closed', yaml('spec:\n  handler: [main\n'), /function\.yaml:\d is not valid YAML/],
  ['tabs', yaml('spec:\n\truntime: nodejs\n'), /function\.yaml:2 is not valid YAML/],
  ['bytes that are no text', { 'function.yaml': Buffer.from([0, 255, 254, 1, 2, 3]), 'main.js': '' }, /function\.yaml/],
  ['an alias of nothing', yaml('spec: *nothing\n'), /function\.yaml/],
  [
    'aliases that explode',
    yaml(`${LAUGHS}spec: {runtime: nodejs, handler: main:handler}\n`),
    /aliases expand to too many values; write the values instead/,
  ],
  [
    'an alias of itself',
    yaml('spec: &a {runtime: nodejs, handler: main:handler, more: *a}\n'),
    /alias in it leads back to itself/,
  ],
  [
    'an alias of itself in a field that is passed on',
    spec('  triggers:\n    http: {kind: http, attributes: &a {x: *a}}\n'),
    /leads back to itself/,
  ],
  [
    '1,000 brackets',
    yaml(`spec: ${'['.repeat(1000)}`),
    /nested deeper than 100 levels: check that all brackets are closed/,
  ],
  ['1,000 dashes', yaml('- '.repeat(1000)), /nested deeper than 100 levels/],
  ['100,000 dashes', yaml('- '.repeat(100_000)), /has more than 2400 fields/],
  [
    'a variable that no process can get',
    spec(`  env: [{name: BIG, value: ${'x'.repeat(140_000)}}]\n`),
    /spec\.env\.BIG has 136\.7 KiB, and a variable can have 128 KiB: put large values into a file of the Task/,
  ],
  ['a megabyte', yaml(`# ${'x'.repeat(1024 ** 2)}\n${functionYaml('nodejs')}`), /larger than 256 KiB/],
  [
    '20 MiB of source alone',
    { 'main.js': Buffer.alloc(20 * 1024 ** 2, 32) },
    /main\.js is larger than 4 MiB.*add a small function\.yaml/,
  ],
  ['a field of a wrong type', spec('  minReplicas: many\n'), /function\.yaml:4: spec\.minReplicas/],
  [
    'a list where Nuclio wants text',
    spec('  env:\n    - {name: A, value: [1]}\n'),
    /function\.yaml:5: spec\.env\.0\.value is a list: write text/,
  ],
  [
    'an infinite number',
    spec('  targetCPU: .inf\n'),
    /function\.yaml:4: spec\.targetCPU is \.inf, which Nuclio refuses: write a number/,
  ],
  [
    'more workers than a machine has room for',
    spec('  triggers:\n    http: {kind: http, numWorkers: 100000}\n'),
    /numWorkers is 100000: .*at most 100 workers for a function/,
  ],
  [
    'the same by the old name',
    spec('  triggers:\n    http: {kind: http, maxWorkers: 10000000}\n'),
    /maxWorkers is 10000000: .*100 workers/,
  ],
  [
    'build commands that are no list',
    spec('  build: {commands: ls}\n'),
    /function\.yaml:4: spec\.build\.commands is text: write a list/,
  ],
  ['a field twice', spec('  runtime: python\n'), /function\.yaml:4: spec\.runtime is there twice: keep one/],
  ['only comments', yaml('# spec:\n#   runtime: nodejs\n'), /function\.yaml does not describe a function/],
  [
    'Latin-1',
    { 'function.yaml': Buffer.from('spec:\n  description: caf\xe9\n', 'latin1'), 'main.js': '' },
    /function\.yaml:2 is not UTF-8 text: save the file as UTF-8/,
  ],
  [
    'UTF-16',
    { 'function.yaml': Buffer.from('\ufeffspec:\n', 'utf16le'), 'main.js': '' },
    /function\.yaml:1 is UTF-16 text.*: save the file as UTF-8/,
  ],
  [
    'a list of memory',
    limits('memory: [1]'),
    /function\.yaml:6: spec\.resources\.limits\.memory is a list: write an amount, such as 128Mi/,
  ],
  [
    'memory without end',
    limits('memory: .inf'),
    /function\.yaml:6: spec\.resources\.limits\.memory is \.inf, which Nuclio refuses/,
  ],
  [
    'memory that is no amount',
    limits('memory: 128 megabytes'),
    /function\.yaml:6: spec\.resources\.limits\.memory is "128 megabytes": write an amount/,
  ],
  [
    'memory of zero',
    limits('memory: 0'),
    /function\.yaml:6: spec\.resources\.limits\.memory is 0: write an amount above zero, such as 128Mi/,
  ],
  [
    'cpu that is no amount',
    limits('cpu: -1'),
    /function\.yaml:6: spec\.resources\.limits\.cpu is -1: write an amount, such as .* 500m of cpu/,
  ],
  ...(['x', -1, 0, '[1]'] as const).map(
    (size): Case => [
      `a body limit of ${size}`,
      spec(`  triggers:\n    http:\n      kind: http\n      attributes:\n        maxRequestBodySize: ${size}\n`),
      /function\.yaml:8: spec\.triggers\.http\.attributes\.maxRequestBodySize is .*: write a number of bytes above zero, such as 4194304/,
    ],
  ),
  [
    'a variable without a name',
    spec('  env:\n    - {name: "", value: a}\n'),
    /function\.yaml:5: spec\.env\.0\.name is empty: write a variable's name/,
  ],
  [
    'a variable with its value in its name',
    spec('  env:\n    - name: A=secret\n'),
    /^function\.yaml:5: spec\.env\.0\.name contains '=' or a zero byte: write [^=]*$/,
  ],
  [
    'a zero byte in a variable',
    spec('  env:\n    - name: A\n      value: "a\\0b"\n'),
    /function\.yaml:6: spec\.env\.0\.value contains a zero byte/,
  ],
  [
    "the server's own variable",
    spec('  env:\n    - {name: FUSIONIZER_URL, value: a}\n'),
    /function\.yaml:5: spec\.env\.0\.name is FUSIONIZER_URL, which the server sets/,
  ],
  [
    'a variable that is no map',
    spec('  env:\n    - A=secret\n'),
    /^function\.yaml:5: spec\.env\.0 is text: write a map [^=]*$/,
  ],
  [
    'a runtime of which there is none',
    yaml('spec:\n  runtime: cobol\n  handler: main:handler\n'),
    /spec\.runtime is 'cobol': a Task's runtime is python, python:3\.x or nodejs/,
  ],
  ['no runtime', yaml('spec:\n  handler: main:handler\n'), /spec\.runtime is missing: write/],
];

const PY: Files = { 'main.py': 'def handler(context, event):\n    pass\n' };
const HANDLERS: Case[] = [
  [
    'none, and no file by the usual names',
    yaml('spec:\n  runtime: nodejs\n', { 'other.js': '' }),
    /spec\.handler is missing: write other:handler for exports\.handler in other\.js/,
  ],
  ['none, and no source file', yaml('spec:\n  runtime: nodejs\n', { 'a.txt': '' }), /write main:handler for exports/],
  ['one twice', spec('  handler: other:handler\n'), /function\.yaml:4: spec\.handler is there twice: keep one/],
  [
    'one twice, in two spellings',
    spec('  Handler: other:handler\n'),
    /'handler' and 'Handler' are the same field: keep one/,
  ],
  [
    'a list of them',
    yaml('spec:\n  runtime: nodejs\n  handler: [main:handler, other:handler]\n'),
    /function\.yaml:3: spec\.handler/,
  ],
  ['two in one text', handler('main:a:b'), /spec\.handler 'main:a:b' is malformed/],
  ['only a colon', handler('":"'), /':' is malformed/],
  ['no function', handler('"main:"'), /'main:' is malformed/],
  ['spaces', handler('main handler'), /malformed/],
  ['a shell command', handler('"main:handler; rm -rf /"'), /malformed/],
  ['a path out of the folder', handler('../../../etc/passwd:handler'), /no module '\.\.\/\.\.\/\.\.\/etc\/passwd'/],
  ['an absolute path', handler('/etc/passwd:handler'), /no module '\/etc\/passwd'/],
  ['a path out of the folder (Python)', handler('../main:handler', 'python', PY), /malformed/],
  ['dots (Python)', handler('..main:handler', 'python', PY), /malformed/],
  ['a module that is not there', handler('other:handler'), /no module 'other'/],
  [
    'a function that is not there',
    handler('main:other'),
    /^function\.yaml:3: spec\.handler is main:other, but main\.js has no function 'other' \(it has: handler\)$/m,
  ],
  [
    'a function that is not there (Python)',
    handler('main:other', 'python', PY),
    /^function\.yaml:3: spec\.handler is main:other, but main\.py has no function 'other' \(it has: handler\)$/m,
  ],
  [
    'something that is no function (Python)',
    handler('main:handler', 'python', {
      'main.py': 'handler = 3\nimport os\n_a = len\ndef one(): pass\nclass Two: pass\n',
    }),
    /^function\.yaml:3: spec\.handler is main:handler, but main\.py has no function 'handler' \(it has: one, Two\)$/m,
  ],
  [
    'something that is no function',
    handler('lib/main:handler', 'nodejs', { 'lib/main.js': 'exports.handler = 3; exports.limit = 1;\n' }),
    /^function\.yaml:3: .* but lib\/main\.js has no function 'handler' \(it has: no exported function\)$/m,
  ],
  [
    'a function that is not there, with inline configuration',
    {
      'main.py':
        '# @nuclio.configure\n#\n# function.yaml:\n#   spec:\n#     handler: main:run\n\ndef handle(c, e): pass\n',
    },
    /^main\.py:5: spec\.handler is main:run, but main\.py has no function 'run' \(it has: handle\)$/m,
  ],
  [
    'a function that is not there, without configuration',
    { 'main.py': 'def handle(context, event): pass\n' },
    /^main\.py: without spec\.handler, the handler is main:handler, but main\.py has no function 'handler' \(it has: handle\)$/m,
  ],
  [
    'a module that build commands do not bring',
    yaml('spec:\n  runtime: nodejs\n  handler: other:handler\n  build: {commands: ["true"]}\n'),
    /^function\.yaml:3: spec\.handler is other:handler, but there is no file other\.js in the Task's folder$/m,
  ],
  [
    'a module that build commands do not bring (Python)',
    yaml('spec:\n  runtime: python\n  handler: a.other:handler\n  build: {commands: ["true"]}\n', PY),
    /^function\.yaml:3: spec\.handler is a\.other:handler, but there is no file a\/other\.py in the Task's folder$/m,
  ],
  ['__proto__', handler('main:__proto__'), /handler|function/],
];

describe('a Task that is at fault', { concurrency: false }, () => {
  for (const [group, cases] of [
    ['by its function.yaml', YAML],
    ['by its handler', HANDLERS],
  ] as const) {
    it(`${group} is refused with what is wrong, leaves nothing behind, and the others serve`, async (t) => {
      const attacked = await AttackedServer.start(t);
      for (const [what, files, message] of cases) {
        const answer = await attacked.upload('evil', await zip(files));
        assert.deepEqual(
          [answer.status, message.test(answer.text)],
          [422, true],
          `${what}: ${answer.status} ${answer.text.slice(0, 500)}`,
        );
        await attacked.assertUnharmed(what);
      }
    });
  }
});

describe('a function.yaml that is odd, but not wrong', () => {
  it('is read: with a byte order mark, with the line ends of Windows', async (t) => {
    const { server } = await AttackedServer.start(t);
    const { 'main.js': code = '' } = saying('odd');
    assert.equal(
      (await server.put('marked', { 'function.yaml': `\ufeff${functionYaml('nodejs')}`, 'main.js': code })).status,
      200,
    );
    assert.equal(
      (
        await server.put('windows', {
          'function.yaml': functionYaml('nodejs').replaceAll('\n', '\r\n'),
          'main.js': code,
        })
      ).status,
      200,
    );
    for (const name of ['marked', 'windows']) assert.equal((await server.post(name)).text, 'odd');
  });

  it('is taken with a warning: attributes of the http trigger that stand beside them', async (t) => {
    const { server } = await AttackedServer.start(t);
    const answer = await server.put(
      'beside',
      saying('x', 'nodejs', '  triggers:\n    web: {kind: http, maxRequestBodySize: x}\n'),
    );
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual((await server.task('beside')).warnings, [
      "function.yaml:7: Nuclio does not know 'maxRequestBodySize' here and ignores it: move it into attributes",
    ]);
  });
});
