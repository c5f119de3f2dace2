import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { LogRecord, Operation } from '../../../src/shared/api.ts';
import { type Files, TestServer } from '../../support/server.ts';
import { functionYaml, saying } from '../../support/tasks.ts';
import { until } from '../../support/until.ts';

const nodeTask = (code: string, spec = ''): Files => ({
  'function.yaml': functionYaml('nodejs', spec),
  'main.js': code,
});
const pythonTask = (code: string, spec = '', runtime = 'python'): Files => ({
  'function.yaml': functionYaml(runtime, spec),
  'main.py': code,
});
const commands = (...list: string[]): string =>
  `  build:\n    commands:\n${list.map((command) => `      - ${JSON.stringify(command)}\n`).join('')}`;

async function logs(server: TestServer, task: string): Promise<LogRecord[]> {
  const { text } = await server.request(`/-/tasks/${task}/logs`);
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as LogRecord]));
}

describe('build commands', () => {
  it('install a package from PyPI once, and take it from the cache afterwards', async (t) => {
    const server = await TestServer.start(t);
    const code = 'import inflection\n\ndef handler(context, event):\n    return inflection.pluralize("task")\n';
    const spec = commands('pip install inflection==0.5.1');
    await server.deploy('one', pythonTask(code, spec));
    assert.equal((await server.post('one')).text, 'tasks');
    const id = '0f0f0f0f-0000-4000-8000-000000000003';
    const again = await server.put('two', pythonTask(`${code}# two\n`, spec), { 'Fusionizer-Operation': id });
    assert.equal(again.status, 200, again.text);
    assert.equal((await server.post('two')).text, 'tasks');
    const { log } = (await server.request(`/-/operations/${id}`)).json<Operation>();
    assert.deepEqual(log, ['build commands: done before, taken from the cache']);
    assert.equal((await readdir(path.join(server.state, 'envs'))).length, 1);
  });

  it('install a package from npm once, globally or not', async (t) => {
    const server = await TestServer.start(t);
    const code =
      "const isNumber = require('is-number');\nconst isOdd = require('is-odd');\nexports.handler = (c) => c.callback(String(isNumber('3') && isOdd(3)));";
    await server.deploy(
      'one',
      nodeTask(
        code,
        commands(
          'npm install --no-audit --no-fund is-number@7.0.0',
          'npm install -g --no-audit --no-fund is-odd@3.0.1',
        ),
      ),
    );
    assert.equal((await server.post('one')).text, 'true');
  });

  it('install packages that an ES module imports', async (t) => {
    const server = await TestServer.start(t);
    const spec = commands('npm install --no-audit --no-fund is-number@7.0.0 @sindresorhus/is@7.0.1');
    await server.deploy('one', {
      'function.yaml': functionYaml('nodejs', spec).replace('main:handler', 'main.mjs:handler'),
      'main.mjs':
        "import is from '@sindresorhus/is';\nimport isNumber from 'is-number';\nexport const handler = (c) => c.callback(String(isNumber('3') && is.string('x')));\n",
    });
    assert.equal((await server.post('one')).text, 'true');
  });

  it('that want the files of the Task are told that there are none', async (t) => {
    const server = await TestServer.start(t);
    const answer = await server.put('task', pythonTask('', commands('pip install -r requirements.txt')));
    assert.match(answer.text, /requirements\.txt.*run in an empty folder, without the Task's files/s);
  });

  it('that the interpreter satisfies already make no environment', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy(
      'one',
      pythonTask('def handler(context, event):\n    return "x"\n', commands('pip install pip')),
    );
    assert.deepEqual(await readdir(path.join(server.state, 'envs')), []);
  });

  it('that use the package manager of a system are refused', async (t) => {
    const server = await TestServer.start(t);
    const answer = await server.put('one', nodeTask('', commands('apt-get install -y curl')));
    assert.equal(answer.status, 422);
    assert.match(answer.text, /apt-get.*--allow-system-commands/);
  });

  it('are merged without repeats when Tasks are fused', async (t) => {
    const server = await TestServer.start(t, { allowSystemCommands: true });
    const spec = commands('ls -A | wc -l > count.txt');
    await server.deploy('one', nodeTask("exports.handler = (c) => c.callback('1');", spec));
    await server.deploy('two', nodeTask("exports.handler = (c) => c.callback('2');", spec));
    assert.equal((await server.changeSetup('PUT', [['one', 'two']])).status, 200);
    assert.equal((await readdir(path.join(server.state, 'envs'))).length, 1);
  });
});

describe('spec.env', () => {
  it('reaches the handler; a value from the cluster is read from .env, else refused with its name', async (t) => {
    const server = await TestServer.start(t);
    const spec =
      '  env:\n    - {name: PLAIN, value: one}\n    - name: SECRET\n      valueFrom: {secretKeyRef: {name: s, key: k}}\n';
    const code = 'exports.handler = (c) => c.callback(process.env.PLAIN + process.env.SECRET);';
    const refused = await server.put('task', nodeTask(code, spec));
    assert.equal(refused.status, 422);
    assert.match(refused.text, /spec\.env\.SECRET.*SECRET=.*\.env/);
    await server.deploy('task', { ...nodeTask(code, spec), '.env': 'SECRET="two"\n' });
    assert.equal((await server.post('task')).text, 'onetwo');
  });

  it('is refused for Tasks of one function whose .env files disagree, and taken where they agree', async (t) => {
    const server = await TestServer.start(t);
    const spec = '  env:\n    - name: DATABASE\n      valueFrom: {secretKeyRef: {name: s, key: k}}\n';
    const task = nodeTask('exports.handler = (c) => c.callback(process.env.DATABASE);', spec);
    await server.deploy('one', { ...task, '.env': 'DATABASE=first\n' });
    await server.deploy('two', { ...task, '.env': 'DATABASE=second\n' });
    const refused = await server.changeSetup('PUT', [['one', 'two']]);
    assert.equal(refused.status, 422);
    assert.match(
      refused.text,
      /'one' and 'two' cannot be fused: their \.env files set the environment variable DATABASE to different values/,
    );
    assert.deepEqual([(await server.post('one')).text, (await server.post('two')).text], ['first', 'second']);
    await server.deploy('two', { ...task, '.env': 'DATABASE=first\n' });
    assert.equal((await server.changeSetup('PUT', [['one', 'two']])).status, 200);
    // What a Task does not declare does not matter to the others.
    await server.deploy('three', { ...saying('3', 'nodejs'), '.env': 'DATABASE=third\n' });
    assert.equal((await server.changeSetup('PUT', [['three', 'one', 'two']])).status, 200);
    assert.deepEqual([(await server.post('one')).text, (await server.post('three')).text], ['first', '3']);
  });
});

describe('times that are longer than a timer can wait', () => {
  it('end nothing early', async (t) => {
    const server = await TestServer.start(t);
    const flag = path.join(server.state, 'flag');
    const code = `const fs = require('node:fs');
exports.handler = (context) => {
  fs.writeFileSync(${JSON.stringify(`${flag}.begun`)}, '');
  const timer = setInterval(() => fs.existsSync(${JSON.stringify(flag)}) && (clearInterval(timer), context.callback('waited')), 10);
};
`;
    const trigger = '  triggers:\n    http: {kind: http, workerAvailabilityTimeoutMilliseconds: 99999999999}\n';
    await server.deploy(
      'task',
      nodeTask(code, `  eventTimeout: 9999999h\n  readinessTimeoutSeconds: 99999999\n${trigger}`),
    );
    const running = server.post('task');
    await until('the event to begin', () => existsSync(`${flag}.begun`));
    const queued = server.post('task');
    await until('an event to wait for a worker', async () =>
      /^fusionizer_waiting_events\{.*\} 1$/m.test((await server.request('/-/metrics')).text),
    );
    await writeFile(flag, '');
    assert.deepEqual([(await running).text, (await queued).text], ['waited', 'waited']);
  });

  it('are refused when they are negative', async (t) => {
    const server = await TestServer.start(t);
    const answer = await server.put('task', nodeTask('', '  readinessTimeoutSeconds: -1\n'));
    assert.equal(answer.status, 422);
    assert.match(answer.text, /function\.yaml:\d+: spec\.readinessTimeoutSeconds/);
  });
});

describe('a worker', () => {
  it('that dies answers its event with 500, is started again, and the others go on', async (t) => {
    const server = await TestServer.start(t);
    const code = "exports.handler = (c, e) => e.path === '/die' ? process.exit(9) : c.callback('alive');";
    await server.deploy('task', nodeTask(code, '  triggers:\n    http: {kind: http, numWorkers: 2}\n'));
    const died = await server.request('/task/die');
    assert.equal(died.status, 500);
    assert.match(died.text, /exit status 9/);
    assert.equal((await server.post('task')).text, 'alive');
    await until('two workers', async () => (await server.setup()).functions[0]?.workers === 2);
    assert.ok(
      (await logs(server, 'task')).some((record) =>
        /ended \(exit status 9\) and is started again/.test(record.message),
      ),
    );
  });

  it('that takes longer than eventTimeout answers 408 and is replaced', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy(
      'task',
      pythonTask(
        'def handler(context, event):\n    while event.path == "/hang":\n        pass\n    return "alive"\n',
        '  eventTimeout: 300ms\n',
      ),
    );
    const hung = await server.request('/task/hang');
    assert.deepEqual([hung.status, hung.text], [408, '{"error": "handler timed out"}']);
    assert.equal((await server.post('task')).text, 'alive');
  });

  it('that stays busy makes the next event wait, then answer 503', async (t) => {
    const server = await TestServer.start(t);
    const code =
      "let free;\nexports.handler = (c, e) => e.path === '/hold' ? (free = () => c.callback('held')) : c.callback('x');\nprocess.on('SIGUSR2', () => free());";
    await server.deploy(
      'task',
      nodeTask(
        `${code}\nsetInterval(() => {}, 1000);\nconsole.log('pid', process.pid);`,
        '  triggers:\n    http: {kind: http, workerAvailabilityTimeoutMilliseconds: 50}\n',
      ),
    );
    const held = server.request('/task/hold');
    await until('an event that finds no worker', async () => (await server.post('task')).status === 503);
    const pid = (await logs(server, 'task'))
      .map((record) => /^pid (\d+)/.exec(record.message)?.[1])
      .find((found) => found !== undefined);
    process.kill(Number(pid), 'SIGUSR2');
    assert.equal((await held).text, 'held');
  });

  it('takes bodies up to the limit; a larger one gets the answer that Nuclio gives', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('task', nodeTask('exports.handler = (c, e) => c.callback(e.body);'));
    const body = Buffer.alloc(4 * 1024 * 1024, 'x');
    const whole = await server.request('/task', { method: 'POST', body });
    assert.ok(whole.body.equals(body));
    const large = await server.request('/task', { method: 'POST', body: Buffer.concat([body, body]) });
    assert.deepEqual([large.status, large.text], [400, 'Error when parsing request']);
  });

  it('passes headers beyond ASCII both ways, and none that describe the message itself', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy(
      'task',
      nodeTask(
        "exports.handler = (c, e) => c.callback(new c.Response(e.headers['X-In'], { 'X-Out': 'žluť', 'Content-Length': '1', Connection: 'close' }, 'text/plain', 200));",
      ),
    );
    const answer = await server.request('/task', {
      method: 'POST',
      headers: { 'X-In': Buffer.from('kůň').toString('latin1') },
    });
    assert.equal(answer.text, 'kůň');
    assert.equal(Buffer.from(String(answer.headers['x-out']), 'latin1').toString(), 'žluť');
  });
});

describe('logs', () => {
  it('carry Task and trace; prints are records too; follow streams them', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy(
      'task',
      pythonTask(
        'def handler(context, event):\n    print("printed")\n    context.logger.warn_with("careful", a=1)\n    return "x"\n',
      ),
    );
    const followed: string[] = [];
    const follower = http.get(new URL('/-/tasks/task/logs?follow=true&level=warn', server.url), (response) =>
      response.on('data', (chunk) => followed.push(String(chunk))),
    );
    await new Promise((resolve) => follower.once('response', resolve));
    const answer = await server.post('task');
    await until('the followed log record', () => followed.join('').includes('careful'));
    follower.destroy();
    await until('the printed line in the log', async () =>
      (await logs(server, 'task')).some((record) => record.stream === 'stdout' && record.message === 'printed'),
    );
    const record = (await logs(server, 'task')).find(({ message }) => message === 'careful');
    assert.deepEqual(
      [record?.level, record?.task, record?.trace, record?.with['a']],
      ['warn', 'task', answer.headers['fusionizer-trace-id'], 1],
    );
    assert.ok(!followed.join('').includes('printed'));
  });

  it('that come in a flood are dropped with a note of how much, and the server goes on answering', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('calm', saying('calm'));
    const code =
      'def handler(context, event):\n    while event.path == "/flood":\n        print("x" * 1000)\n    return "x"\n';
    await server.deploy('loud', pythonTask(code, '  eventTimeout: 3s\n'));
    const flood = server.request('/loud/flood');
    await until('the note of what was dropped', async () =>
      (await logs(server, 'loud')).some(({ message }) =>
        /[1-9]\d* KiB of its prints and logs were dropped/.test(message),
      ),
    );
    assert.equal((await server.post('calm')).text, 'calm');
    assert.equal((await flood).status, 408);
    assert.equal((await server.post('loud')).text, 'x');
  });

  it('of more than a reader takes at once are given whole', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('task', saying('x'));
    const record: Omit<LogRecord, 'message'> = {
      time: 0,
      level: 'info',
      with: {},
      task: 'task',
      function: null,
      trace: null,
      stream: 'log',
    };
    for (let count = 0; count < 1500; count += 1)
      server.server.logs.push({ ...record, message: 'x'.repeat(4000) }, ['task']);
    assert.equal((await logs(server, 'task')).length, 1500);
  });
});

describe('a runtime', () => {
  it('python:3.x that is not installed runs with the default one, with a warning', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('task', pythonTask('def handler(context, event):\n    return "x"\n', '', 'python:3.99'));
    assert.match((await server.task('task')).warnings.join(), /python:3\.99 is not installed here/);
    assert.equal((await server.post('task')).text, 'x');
  });

  it('that is missing fails a Python deploy with what is missing, and Node.js Tasks work', async (t) => {
    const server = await TestServer.start(t, { python: '/nowhere/python3' });
    const answer = await server.put('task', saying('x', 'python'));
    assert.equal(answer.status, 502);
    assert.match(answer.text, /Python 3\.9 or newer.*tried \/nowhere\/python3/);
    await server.deploy('other', saying('x'));
  });

  it('that Tasks cannot have is refused', async (t) => {
    const server = await TestServer.start(t);
    const answer = await server.put('task', { 'function.yaml': functionYaml('golang'), 'main.go': '' });
    assert.equal(answer.status, 422);
    assert.match(answer.text, /runtime is 'golang': a Task's runtime is python, python:3\.x or nodejs/);
  });
});

describe('a single file', () => {
  it('with inline configuration is a Task', async (t) => {
    const server = await TestServer.start(t);
    const source =
      '# @nuclio.configure\n#\n# function.yaml:\n#   spec:\n#     env:\n#       - name: WHO\n#         value: inline\n#\n\nimport os\n\ndef handler(context, event):\n    return os.environ["WHO"]\n';
    await server.deploy('task', { 'greet.py': source });
    assert.equal((await server.post('task')).text, 'inline');
    assert.equal((await server.task('task')).handler, 'greet:handler');
  });
});
