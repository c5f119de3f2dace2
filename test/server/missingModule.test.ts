import assert from 'node:assert/strict';
import { it } from 'node:test';
import { commandToAdd, missingModule } from '../../src/task/missingModule.ts';
import { type Files, TestServer } from '../support/server.ts';
import { nodeTask, pythonTask, saying } from '../support/tasks.ts';
import { until } from '../support/until.ts';

const ADDED = (command: string): RegExp =>
  new RegExp(`it is not installed: add '${command.replaceAll(/[.()]/g, '\\$&')}' to spec\\.build\\.commands`);
const python = (module: string, files: Files = {}): Files => ({
  ...pythonTask(`import ${module}\n\n\ndef handler(context, event):\n    return 1\n`),
  ...files,
});
const nodejs = (module: string, files: Files = {}): Files => ({
  ...nodeTask(`require('${module}');\nexports.handler = (c) => c.callback();\n`),
  ...files,
});

const CASES: [what: string, files: Files, message: RegExp, command: string | undefined][] = [
  [
    'a package of Python',
    python('no_such_module'),
    /main\.py:1: ModuleNotFoundError.*or the file no_such_module\.py if it is the Task's own/,
    'pip install no_such_module',
  ],
  ['one with another name', python('fitz.utils'), /No module named 'fitz'/, 'pip install pymupdf'],
  [
    'a namespace, whose name is no package',
    python('azure.storage.blob'),
    /is not installed: add a command that installs its package .*, such as 'pip install azure-storage-blob' for/,
    undefined,
  ],
  [
    'with requirements.txt',
    python('no_such_module', { 'requirements.txt': 'no-such-module\n' }),
    /No module named/,
    'pip install -r requirements.txt',
  ],
  ['with pyproject.toml', python('no_such_module', { 'pyproject.toml': '' }), /No module named/, 'pip install .'],
  [
    'a package of Node.js',
    nodejs('no-such-package/lib/x'),
    /main\.js:1: Error: Cannot find module/,
    'npm install no-such-package',
  ],
  ['one with a scope', nodejs('@scope/name/x'), /Cannot find module/, 'npm install @scope/name'],
  [
    'one of package.json',
    nodejs('no-such-package', { 'package.json': '{"dependencies": {"no-such-package": "1"}}' }),
    /Cannot find module/,
    'npm install',
  ],
  [
    'one of package-lock.json',
    nodejs('no-such-package', {
      'package.json': '{"dependencies": {"no-such-package": "1"}}',
      'package-lock.json': '{}',
    }),
    /Cannot find module/,
    'npm ci',
  ],
  [
    'an ES module',
    {
      ...nodeTask(''),
      'main.js': '',
      'main.mjs': '',
      'function.yaml': 'spec: {runtime: nodejs, handler: "es.mjs:handler"}\n',
      'es.mjs': "import 'no-such-package';\nexport const handler = 1;\n",
    },
    /Cannot find package/,
    'npm install no-such-package',
  ],
  ["a file of the Task's own", nodejs('./lib'), /Cannot find module '\.\/lib'/, undefined],
  [
    "a part of the Task's own package",
    python('lib.nothing', { 'lib/__init__.py': '' }),
    /No module named 'lib\.nothing'/,
    undefined,
  ],
];

it('a deploy that fails for a missing module says which build command to add', async (t) => {
  const server = await TestServer.start(t);
  for (const [what, files, message, command] of CASES) {
    const answer = await server.put('task', files);
    assert.equal(answer.status, 422, `${what}: ${answer.text}`);
    assert.match(answer.text, message, what);
    if (command !== undefined) assert.match(answer.text, ADDED(command), what);
    assert.equal(commandToAdd(answer.text), command, what);
  }
});

it('a handler that imports a missing module leaves the advice in the log of its Task, alone and fused', async (t) => {
  const server = await TestServer.start(t);
  const groups: [names: string[], advice: string, files: Files[]][] = [
    [
      ['py', 'py-good'],
      "add 'pip install no_such_module' to spec.build.commands, or the file no_such_module.py if it is the Task's own",
      [
        pythonTask('def handler(context, event):\n    import no_such_module.part\n'),
        pythonTask('def handler(context, event):\n    return "good"\n'),
      ],
    ],
    [
      ['js', 'js-good'],
      "add 'npm install no-such-package' to spec.build.commands",
      [nodeTask("exports.handler = () => require('no-such-package');"), saying('good')],
    ],
  ];
  for (const [[bad = '', good = ''], advice, [badFiles = {}, goodFiles = {}]] of groups) {
    await server.deploy(good, goodFiles);
    for (const fused of [false, true]) {
      await server.deploy(bad, fused ? { ...badFiles, note: 'another version' } : badFiles);
      if (fused) await server.changeSetup('PATCH', [[bad, good]]);
      const found = async (): Promise<number> =>
        (await server.logs(bad)).filter(
          ({ message, task }) =>
            task === bad &&
            message.startsWith(`Task '${bad}' lacks`) &&
            message.endsWith(`: it is not installed: ${advice}`),
        ).length;
      const before = await found();
      for (let times = 0; times < 2; times += 1) assert.equal((await server.post(bad)).status, 500);
      assert.equal((await server.post(good)).text, 'good');
      await until('the advice', async () => (await found()) === before + 1);
    }
    assert.ok(!(await server.logs(good)).some(({ task, message }) => task === good && message.includes('lacks')));
  }
});

it('names of modules are told from paths and from other failures', () => {
  const messages: [message: string, family: 'python' | 'nodejs', module: string | undefined][] = [
    ["ModuleNotFoundError: No module named 'a.b.c'", 'python', 'a'],
    ["ImportError: cannot import name 'x' from 'y'", 'python', undefined],
    ["Error: Cannot find module 'a-b/c'", 'nodejs', 'a-b'],
    ["Error: Cannot find module '@a/b/c'", 'nodejs', '@a/b'],
    ...['./a', '../a', '/a', 'C:\\a', 'node:nothing', '#a', '$(x)'].map((path): [string, 'nodejs', undefined] => [
      `Error: Cannot find module '${path}'`,
      'nodejs',
      undefined,
    ]),
  ];
  for (const [message, family, module] of messages) assert.equal(missingModule(message, family), module, message);
});
