import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { multipart, TestServer, zip } from '../support/server.ts';
import { calling, functionYaml, saying } from '../support/tasks.ts';
import { until } from '../support/until.ts';

describe('the four requests of the original Fusionizer', () => {
  it('deploys, shows, invokes and deletes a Task with the same texts', async (t) => {
    const server = await TestServer.start(t);
    const deployed = await server.put('taskb', saying('hello'));
    assert.deepEqual([deployed.status, deployed.text], [200, "Successfully deployed Task 'taskb'"]);
    assert.equal(
      (await server.request('/taskb')).text,
      "Task 'taskb':\nCurrently deployed with other Tasks: None\nStatus: ready",
    );
    assert.equal((await server.post('taskb')).text, 'hello');
    const deleted = await server.request('/taskb', { method: 'DELETE' });
    assert.deepEqual([deleted.status, deleted.text], [200, "Successfully deleted Task 'taskb'"]);
    const gone = await server.post('taskb');
    assert.deepEqual([gone.status, gone.text], [422, "No Task 'taskb' could be found\n"]);
  });

  it('answers 422 wherever the original does, and the whole range of HTTP on its own addresses', async (t) => {
    const server = await TestServer.start(t);
    const form = multipart(await zip(saying('x')), 'other');
    const text = { 'Content-Type': 'multipart/form-data; boundary=b' };
    const asText = '--b\r\nContent-Disposition: form-data; name="zip_file"\r\n\r\nx\r\n--b--\r\n';
    for (const [method, target, status, code, options] of [
      ['GET', '/nobody', 422, 'not-found', {}],
      ['HEAD', '/nobody', 422, 'not-found', {}],
      ['POST', '/nobody', 422, 'not-found', {}],
      ['DELETE', '/nobody', 422, 'not-found', {}],
      ['POST', '/nobody?x=1', 422, 'not-found', {}],
      ['PUT', '/taska', 422, 'task', {}],
      ['PUT', '/taska', 422, 'task', form],
      ['PUT', '/taska', 422, 'task', { headers: text, body: asText }],
      ['POST', '/nobody/', 404, 'not-found', {}],
      ['GET', '/-/tasks/nobody', 404, 'not-found', {}],
      ['POST', '/-/tasks/nobody/invoke', 404, 'not-found', {}],
      ['DELETE', '/-/operations/nobody', 404, 'not-found', {}],
    ] as const) {
      const answer = await server.request(target, { method, ...options });
      const got = [answer.status, answer.headers['fusionizer-error']];
      assert.deepEqual(got, [status, code], `${method} ${target}: ${answer.text}`);
    }
  });

  it('lists the whole group, with the Task itself', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('taska', calling('a', 'taskb'));
    await server.deploy('taskb', saying('b'));
    await server.changeSetup('PUT', [['taska', 'taskb']]);
    assert.equal(
      (await server.request('/taska')).text,
      "Task 'taska':\nCurrently deployed with other Tasks: ['taska', 'taskb']\nStatus: ready",
    );
  });

  it('passes sub-paths, queries and every method on', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('echo', {
      'function.yaml': functionYaml('nodejs'),
      'main.js':
        'exports.handler = (context, event) => context.callback({ method: event.method, path: event.path, fields: ' +
        'event.fields, body: event.body.toString() });',
    });
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'POST']) {
      const answer = await server.request('/echo/a%20b/..//c?x=1&x=2&y=a+b', {
        method,
        ...(method === 'POST' ? { body: 'hi' } : {}),
      });
      assert.deepEqual(
        answer.json(),
        { method, path: '/c', fields: { x: '2', y: 'a b' }, body: method === 'POST' ? 'hi' : '' },
        method,
      );
    }
    const root = await server.request('/-/tasks/echo/invoke?z=1', { method: 'GET' });
    assert.deepEqual(root.json(), { method: 'GET', path: '/', fields: { z: '1' }, body: '' });
    assert.equal((await server.request('/echo/', { method: 'DELETE' })).json<{ path: string }>().path, '/');
  });

  it('answers errors as plain text, or as a problem when JSON is accepted', async (t) => {
    const server = await TestServer.start(t);
    const plain = await server.request('/nobody');
    assert.match(String(plain.headers['content-type']), /^text\/plain/);
    const problem = await server.request('/nobody', { headers: { Accept: 'application/json' } });
    assert.equal(problem.headers['content-type'], 'application/problem+json');
    assert.deepEqual(problem.json(), {
      type: 'about:blank',
      title: 'Unprocessable Entity',
      status: 422,
      detail: "No Task 'nobody' could be found",
      code: 'not-found',
    });
  });

  it('suggests a name for one that is no DNS label', async (t) => {
    const server = await TestServer.start(t);
    const answer = await server.put('My_Task', saying('x'));
    assert.equal(answer.status, 400);
    assert.match(answer.text, /such as 'my-task'/);
  });
});

describe('a deploy that fails', () => {
  it('names the cause and the line, and what served before still serves', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('task', saying('first'));
    const cases: [name: string, files: Record<string, string>, expected: RegExp][] = [
      [
        'bad YAML',
        { 'function.yaml': 'spec:\n  runtime: nodejs\n  handler: [main', 'main.js': '' },
        /function\.yaml:3 is not valid YAML/,
      ],
      [
        'no runtime',
        { 'function.yaml': 'spec:\n  handler: main:handler\n', 'main.js': '' },
        /spec\.runtime is missing/,
      ],
      ['missing module', { 'function.yaml': functionYaml('nodejs'), 'other.js': '' }, /has no module 'main'/],
      [
        'missing handler',
        { 'function.yaml': functionYaml('nodejs'), 'main.js': 'exports.other = () => {};' },
        /handler/,
      ],
      [
        'import error',
        { 'function.yaml': functionYaml('nodejs'), 'main.js': "\n\nrequire('./nowhere');" },
        /main\.js:3.*nowhere/s,
      ],
      ['syntax error', { 'function.yaml': functionYaml('nodejs'), 'main.js': 'let a = 1;\nlet b = ;\n' }, /main\.js:2/],
      [
        'crash in initContext',
        {
          'function.yaml': functionYaml('nodejs'),
          'main.js': "exports.initContext = () => {\n  throw new Error('no luck');\n};\nexports.handler = () => {};",
        },
        /main\.js:2.*no luck/s,
      ],
      [
        'exit while it starts',
        { 'function.yaml': functionYaml('nodejs'), 'main.js': 'process.exit(7);' },
        /exit status 7/,
      ],
      [
        'failing build command',
        {
          'function.yaml': functionYaml(
            'nodejs',
            '  build:\n    commands:\n      - echo reason of failure && exit 3\n',
          ),
          'main.js': '',
        },
        /failed \(exit status 3\): reason of failure/,
      ],
      [
        'python import error',
        { 'function.yaml': functionYaml('python'), 'main.py': 'import os\nimport nowhere_at_all\n' },
        /main\.py:2.*nowhere_at_all/s,
      ],
      [
        'python init_context',
        {
          'function.yaml': functionYaml('python'),
          'main.py':
            'def init_context(context):\n    raise ValueError("no luck")\n\ndef handler(context, event):\n    pass\n',
        },
        /main\.py:2.*no luck/s,
      ],
    ];
    for (const [name, files, expected] of cases) {
      const answer = await server.put('task', files);
      assert.equal(answer.status, 422, `${name}: ${answer.text}`);
      assert.match(answer.text, expected, name);
      assert.equal((await server.post('task')).text, 'first', name);
    }
    assert.match((await server.task('task')).lastError ?? '', /no luck/);
    await server.deploy('task', saying('second'));
    assert.equal((await server.task('task')).lastError, null);
    await until(
      'the removal of the builds of failed deploys',
      async () => (await readdir(path.join(server.state, 'builds'))).length === 1,
    );
    assert.deepEqual(await readdir(path.join(server.state, 'tmp')), []);
  });
});

describe('a redeploy', () => {
  it('of unchanged content does nothing unless forced', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('task', saying('x'));
    const before = await server.task('task');
    assert.equal((await server.put('task', saying('x'))).status, 200);
    assert.deepEqual((await server.task('task')).function, before.function);
    assert.equal((await server.put('task', saying('x'), { 'Fusionizer-Force': 'true' })).status, 200);
    assert.notEqual((await server.task('task')).function, before.function);
    assert.equal((await server.task('task')).version, 2);
  });

  it('can be cancelled while it starts, and the old version serves on', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('task', saying('old'));
    const id = '0f0f0f0f-0000-4000-8000-000000000002';
    const files = {
      'function.yaml': functionYaml('nodejs', '  build:\n    commands:\n      - sleep 600\n'),
      'main.js': '',
    };
    const deploy = server.put('task', files, { 'Fusionizer-Operation': id });
    await until('the build command to run', async () =>
      (await server.request(`/-/operations/${id}`)).text.includes('sleep 600'),
    );
    await server.request(`/-/operations/${id}`, { method: 'DELETE' });
    const answer = await deploy;
    assert.deepEqual([answer.status, answer.text], [409, 'The operation was cancelled: nothing was changed\n']);
    assert.equal((await server.post('task')).text, 'old');
  });
});
