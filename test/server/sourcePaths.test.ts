import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { LogRecord } from '../../src/shared/api.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Files, TestServer } from '../support/server.ts';
import { functionYaml, nodeTask, pythonTask } from '../support/tasks.ts';
import { until } from '../support/until.ts';

const PYTHON: Files = {
  'function.yaml': functionYaml('python'),
  'main.py': [
    'import os, sys, traceback',
    'import inner.deep',
    'def handler(context, event):',
    '    if event.path == "/where":',
    '        return os.path.abspath(__file__)',
    '    if event.path == "/said":',
    '        try:',
    '            inner.deep.fail()',
    '        except ValueError:',
    '            traceback.print_exc()',
    '            sys.stderr.flush()',
    '        return "said"',
    '    inner.deep.fail()',
    '',
  ].join('\n'),
  'inner/__init__.py': '',
  'inner/deep.py': 'def fail():\n    raise ValueError("deep")\n',
};
const NODE: Files = {
  'function.yaml': functionYaml('nodejs'),
  'main.js': "const { fail } = require('./inner/deep.js');\nexports.handler = () => {\n  fail();\n};\n",
  'inner/deep.js': "exports.fail = () => {\n  throw new Error('deep');\n};\n",
};
const MODULE: Files = {
  'function.yaml': functionYaml('nodejs').replace('main:handler', 'main.mjs:handler'),
  'main.mjs': "export function handler() {\n  throw new Error('deep');\n}\n",
};

/** A Task's folder on this machine, deployed from there. @param name the Task's, and the folder's with a space in it */
async function deployFrom(root: string, server: TestServer, name: string, files: Files): Promise<string> {
  const folder = path.join(root, `of ${name}`);
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
  }
  const answer = await server.put(name, files, { 'Fusionizer-Source': encodeURIComponent(folder) });
  assert.equal(answer.status, 200, answer.text);
  return folder;
}

const logsOf = async (server: TestServer, task: string): Promise<LogRecord[]> =>
  (await server.request(`/-/tasks/${task}/logs`)).text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): LogRecord => JSON.parse(line));

/** The files that a text names, with the line, and the text of that line. */
async function placesIn(text: string): Promise<string[]> {
  const places = [
    ...text.matchAll(
      /File "([^"]+)", line (\d+)|\((?:file:\/\/)?(\/[^:()]+):(\d+):\d+\)|at (?:file:\/\/)?(\/[^:()]+):(\d+):\d+$/gm,
    ),
  ];
  return await Promise.all(
    places.map(async ([, a, b, c, d, e, f]) => {
      const file = decodeURIComponent(a ?? c ?? e ?? '');
      const lines = (await readFile(file, 'utf8')).split('\n');
      return `${file}: ${lines[Number(b ?? d ?? f) - 1]?.trim()}`;
    }),
  );
}

describe('the places that tracebacks name', () => {
  it("are the user's files, alone and fused, in answers and in logs", async (t) => {
    const root = await temporaryFolder(t);
    const server = await TestServer.start(t);
    const one = await deployFrom(root, server, 'one', PYTHON);
    const two = await deployFrom(root, server, 'two', PYTHON);
    const check = async (): Promise<void> => {
      for (const [name, folder] of [
        ['one', one],
        ['two', two],
      ] as const) {
        const { status, text } = await server.post(name);
        assert.equal(status, 500);
        assert.deepEqual(await placesIn(text), [
          `${folder}/main.py: inner.deep.fail()`,
          `${folder}/inner/deep.py: raise ValueError("deep")`,
        ]);
        assert.doesNotMatch(text, /builds/);
      }
    };
    await check();
    assert.equal((await server.changeSetup('PUT', [['one', 'two']])).status, 200);
    await check();
    const logged = (await logsOf(server, 'one')).filter(({ message }) => message === 'Exception caught in handler');
    assert.equal(logged.length, 2);
    for (const record of logged) assert.equal((await placesIn(String(record.with['traceback']))).length, 2);
  });

  it('are those of a print, too; a path that is no place in code stays as it is', async (t) => {
    const server = await TestServer.start(t);
    const folder = await deployFrom(await temporaryFolder(t), server, 'one', PYTHON);
    await server.request('/one/said', { method: 'POST' });
    await until('the log of the printed traceback', async () =>
      (await logsOf(server, 'one')).some(({ message }) => message === 'ValueError: deep'),
    );
    const printed = (await logsOf(server, 'one'))
      .filter(({ stream }) => stream === 'stderr')
      .map(({ message }) => message);
    assert.deepEqual(await placesIn(printed.join('\n')), [
      `${folder}/main.py: inner.deep.fail()`,
      `${folder}/inner/deep.py: raise ValueError("deep")`,
    ]);
    assert.match(
      (await server.request('/one/where', { method: 'POST' })).text,
      /\/builds\/one-[^/]+\/tasks\/one\/main\.py$/,
    );
  });

  it('are those of Node.js, in CommonJS and in ES modules', async (t) => {
    const root = await temporaryFolder(t);
    const server = await TestServer.start(t);
    const common = await deployFrom(root, server, 'common', NODE);
    const module = await deployFrom(root, server, 'module', MODULE);
    const own = async (task: string): Promise<string[]> => {
      const { text } = await server.post(task);
      assert.doesNotMatch(text, /builds/);
      return await placesIn(text);
    };
    const check = async (): Promise<void> => {
      assert.deepEqual(await own('common'), [
        `${common}/inner/deep.js: throw new Error('deep');`,
        `${common}/main.js: fail();`,
      ]);
      assert.deepEqual(await own('module'), [`${module}/main.mjs: throw new Error('deep');`]);
    };
    await check();
    assert.equal((await server.changeSetup('PUT', [['common', 'module']])).status, 200);
    await check();
  });

  for (const runtime of ['python', 'nodejs'] as const) {
    it(`are the same in the answer of a local call, ${runtime}`, async (t) => {
      const root = await temporaryFolder(t);
      const server = await TestServer.start(t);
      const python = runtime === 'python';
      const caller = python
        ? pythonTask(`import os
def handler(context, event, session):
    return session.get(os.environ["FUSIONIZER_URL"] + "/callee/").text
`)
        : nodeTask(`exports.handler = async (context, event, session) =>
  context.callback(await (await session.fetch(process.env.FUSIONIZER_URL + '/callee/')).text());
`);
      await deployFrom(root, server, 'callee', python ? PYTHON : NODE);
      await deployFrom(root, server, 'caller', caller);
      const direct = (await server.post('callee')).text;
      const apart = (await server.post('caller')).text;
      assert.equal((await server.changeSetup('PUT', [['caller', 'callee']])).status, 200);
      assert.deepEqual([apart, (await server.post('caller')).text], [direct, direct]);
      assert.equal((await placesIn(direct)).length, 2);
      assert.doesNotMatch(direct, /builds|fusionizer_/);
    });
  }

  it('stay as they are where the source is on another machine', async (t) => {
    const server = await TestServer.start(t);
    await server.put('one', PYTHON, { 'Fusionizer-Source': encodeURIComponent('/nowhere/on/this/machine') });
    assert.match((await server.post('one')).text, /File ".*\/builds\/one-[^/]+\/tasks\/one\/main\.py", line 13/);
  });
});
