import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { TestServer } from '../../support/server.ts';
import { functionYaml, nodeTask, pythonTask, saying } from '../../support/tasks.ts';
import { until } from '../../support/until.ts';

describe('spec.env', () => {
  it('reaches the handler; a value from the cluster is read from .env, else refused with its name', async (t) => {
    const server = await TestServer.start(t);
    const spec =
      '  env:\n    - {name: PLAIN, value: one}\n    - name: SECRET\n      valueFrom: {secretKeyRef: {name: s, ' +
      'key: k}}\n';
    const code = 'exports.handler = (c) => c.callback(process.env.PLAIN + process.env.SECRET);';
    const refused = await server.put('task', nodeTask(code, spec));
    assert.equal(refused.status, 422);
    assert.match(refused.text, /spec\.env\.SECRET.*SECRET=.*\.env/);
    await server.deploy('task', { ...nodeTask(code, spec), '.env': 'SECRET="two"\n' });
    assert.equal((await server.post('task')).text, 'onetwo');
  });

  it('is read from a .env in UTF-8, with a byte order mark or not; any other is refused with its line', async (t) => {
    const server = await TestServer.start(t);
    const spec = '  env: [{name: KEY, valueFrom: {secretKeyRef: {name: s, key: k}}}]\n';
    const task = nodeTask('exports.handler = (c) => c.callback(process.env.KEY);', spec);
    await server.deploy('task', { ...task, '.env': '\ufeffKEY=gr\u00fc\u00dfe\n' });
    assert.equal((await server.post('task')).text, 'gr\u00fc\u00dfe');
    const wrong: [bytes: Buffer, message: RegExp][] = [
      [
        Buffer.from('\ufeffKEY=value\n', 'utf16le'),
        /\.env:1 is UTF-16 text, or not text at all: save the file as UTF-8/,
      ],
      [Buffer.from('KEY=value\n', 'utf16le'), /\.env:1 is UTF-16 text/],
      [Buffer.from('A=1\nKEY=gr\xfc\xdfe\n', 'latin1'), /\.env:2 is not UTF-8 text: save the file as UTF-8/],
    ];
    for (const [bytes, message] of wrong) {
      const answer = await server.put('task', { ...task, '.env': bytes });
      assert.deepEqual([answer.status, message.test(answer.text)], [422, true], answer.text);
      assert.ok(!answer.text.includes('value') && !answer.text.includes('gr'), answer.text);
    }
  });

  it('is refused where it is larger than a process can have, one variable or all of them', async (t) => {
    const server = await TestServer.start(t);
    const kib = (count: number): string => 'x'.repeat(count * 1024);
    const fromFile = (name: string): string =>
      `  env: [{name: ${name}, valueFrom: {secretKeyRef: {name: s, key: k}}}]\n`;
    const task = (spec: string, file: string): Record<string, string> => ({
      ...nodeTask('exports.handler = (c) => c.callback(String(process.env.V0?.length));', spec),
      '.env': file,
    });
    await server.deploy('task', task(fromFile('V0'), `V0=${kib(120)}\n`));
    assert.equal((await server.post('task')).text, String(120 * 1024));
    for (const [files, message] of [
      [
        task(`  env: [{name: V0, value: ${kib(140)}}]\n`, ''),
        /function\.yaml: spec\.env\.V0 has 140\.0 KiB, and a variable can have 128 KiB: put large values into a file/,
      ],
      [
        task(fromFile('V0'), `V0=${kib(140)}\n`),
        /The file \.env of Task 'task' is larger than 128 KiB: put large values into other files/,
      ],
    ] as const) {
      const answer = await server.put('task', files);
      assert.deepEqual([answer.status, message.test(answer.text)], [422, true], answer.text.slice(0, 500));
    }
    const empty = task(fromFile('V0'), `V0=1\n${'\n'.repeat(120 * 1024)}V1=2\n`);
    const before = process.cpuUsage();
    await server.deploy('task', empty);
    assert.ok(process.cpuUsage(before).user < 3e6, 'empty lines take no time');
    assert.equal((await server.post('task')).text, '1');
    const names = Array.from({ length: 9 }, (_, n) => `V${n}`);
    for (const name of names) await server.deploy(name.toLowerCase(), task(fromFile(name), `${name}=${kib(120)}\n`));
    const refused = await server.changeSetup('PUT', [names.map((name) => name.toLowerCase())]);
    assert.equal(refused.status, 422);
    assert.match(
      refused.text,
      /function\.yaml: spec\.env has 1\.1 MiB in all, and a function can have 1 MiB: put large values into a file of/,
    );
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
      (await server.logs('task')).some((record) => /ended \(exit status 9\) and is started again/.test(record.message)),
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
      "let free;\nexports.handler = (c, e) => e.path === '/hold' ? (free = () => c.callback('held')) : " +
      "c.callback('x');\nprocess.on('SIGUSR2', () => free());";
    await server.deploy(
      'task',
      nodeTask(
        `${code}\nsetInterval(() => {}, 1000);\nconsole.log('pid', process.pid);`,
        '  triggers:\n    http: {kind: http, workerAvailabilityTimeoutMilliseconds: 50}\n',
      ),
    );
    const held = server.request('/task/hold');
    await until('an event that finds no worker', async () => (await server.post('task')).status === 503);
    const pid = (await server.logs('task'))
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
    assert.equal(large.status, 400);
    assert.match(
      large.text,
      /^Error when parsing request: .* more than 4\.0 MiB, the maxRequestBodySize of Task 'task'/,
    );
  });

  it('passes headers beyond ASCII both ways, and none that describe the message itself', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy(
      'task',
      nodeTask(
        "exports.handler = (c, e) => c.callback(new c.Response(e.headers['X-In'], { 'X-Out': 'žluť', " +
          "'Content-Length': '1', Connection: 'close' }, 'text/plain', 200));",
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
    assert.equal(answer.status, 422);
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
      '# @nuclio.configure\n#\n# function.yaml:\n#   spec:\n#     env:\n#       - name: WHO\n#         value: ' +
      'inline\n#\n\nimport os\n\ndef handler(context, event):\n    return os.environ["WHO"]\n';
    await server.deploy('task', { 'greet.py': source });
    assert.equal((await server.post('task')).text, 'inline');
    assert.equal((await server.task('task')).handler, 'greet:handler');
  });
});
