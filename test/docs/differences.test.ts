import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { LogRecord } from '../../src/shared/api.ts';
import { packageRoot } from '../../src/shared/packageRoot.ts';
import { type Files, TestServer } from '../support/server.ts';
import { functionYaml, type Runtime, saying } from '../support/tasks.ts';
import { until } from '../support/until.ts';

/** What docs/differences.md says and no other test shows. */

const taskIn =
  (runtime: Runtime, file: string) =>
  (code: string, spec = ''): Files => ({ 'function.yaml': functionYaml(runtime, spec), [file]: code });
const nodeTask = taskIn('nodejs', 'main.js');
const pythonTask = taskIn('python', 'main.py');
const http = (settings: string): string => `  triggers:\n    http: {kind: http, ${settings}}\n`;

/** A Python Task that calls `callee` with these arguments and answers with the status, or the exception's name. */
const pythonCaller = (args = '', spec = ''): Files =>
  pythonTask(
    `def handler(context, event, requests_session):
    url = "http://%s:8000/callee" % event.headers["Fusionizer-Server-Address"]
    try:
        answer = requests_session.post(url${args})
    except Exception as error:
        return type(error).__name__
    return "%d %s" % (answer.status_code, answer.text[:20])
`,
    spec,
  );

/** The answer of `caller` while it is apart from `callee`, then while they are fused. */
async function apartAndFused(server: TestServer): Promise<string[]> {
  const told = (): Promise<string> => server.post('caller').then(({ status, text }) => `${status} ${text}`);
  const apart = await told();
  assert.equal((await server.changeSetup('PUT', [['caller', 'callee']])).status, 200);
  return [apart, await told()];
}

describe('copied from Nuclio although surprising', () => {
  it('a Python list sends its first element, and the log says why', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('task', pythonTask('def handler(context, event):\n    return [1, 2]\n'));
    assert.equal((await server.post('task')).text, '1');
    const [record] = (await server.request('/-/tasks/task/logs?level=warn')).text
      .split('\n')
      .map((line): LogRecord => JSON.parse(line || 'null'));
    assert.match(record?.message ?? '', /return \(200, \[\.\.\.\]\)/);
  });
});

describe('a crash or a leak of Nuclio that is not copied', () => {
  it('an empty Python list is a 500 that says why, and the worker goes on', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy(
      'task',
      pythonTask('def handler(context, event):\n    return [] if event.path == "/empty" else "x"\n'),
    );
    const empty = await server.request('/task/empty');
    assert.equal(empty.status, 500);
    assert.match(empty.text, /return \(200, \[\]\)/);
    assert.equal((await server.post('task')).text, 'x');
  });

  it('a rejected async handler, and one that never calls back, are a 500 each, and the worker goes on', async (t) => {
    const server = await TestServer.start(t);
    const code = `exports.handler = async (context, event) => {
      if (event.path === '/reject') throw new Error('no');
      if (event.path === '/silent') return 'returned';
      context.callback(String(process.pid));
    };`;
    await server.deploy('task', nodeTask(code));
    const pid = (await server.post('task')).text;
    const rejected = await server.request('/task/reject');
    assert.deepEqual([rejected.status, rejected.text.split('\n')[0]], [500, 'Error in handler: Error: no']);
    const silent = await server.request('/task/silent');
    assert.equal(silent.status, 500);
    assert.match(silent.text, /without calling context\.callback/);
    assert.equal((await server.post('task')).text, pid);
  });
});

describe('the environment', () => {
  it('has the build folder as working directory; files of a Task are found beside its handler', async (t) => {
    const server = await TestServer.start(t);
    const code =
      'import os, pathlib\n\ndef handler(context, event):\n    own = pathlib.Path(__file__).parent\n    return ' +
      '{"cwd": sorted(os.listdir(".")), "data": (own / "data.txt").read_text()}\n';
    await server.deploy('task', { ...pythonTask(code), 'data.txt': 'beside' });
    const { cwd, data } = (await server.post('task')).json<{ cwd: string[]; data: string }>();
    assert.ok(cwd.includes('tasks') && !cwd.includes('data.txt'), String(cwd));
    assert.equal(data, 'beside');
  });

  it("passes the server's own variables on, below spec.env", async (t) => {
    process.env['FUSIONIZER_TEST_OWN'] = process.env['FUSIONIZER_TEST_BOTH'] = 'server';
    t.after(() => {
      delete process.env['FUSIONIZER_TEST_OWN'];
      delete process.env['FUSIONIZER_TEST_BOTH'];
    });
    const server = await TestServer.start(t);
    const code =
      'exports.handler = (c) => c.callback([process.env.FUSIONIZER_TEST_OWN, process.env.FUSIONIZER_TEST_BOTH, ' +
      'process.version]);';
    await server.deploy('task', nodeTask(code, '  env:\n    - {name: FUSIONIZER_TEST_BOTH, value: task}\n'));
    assert.deepEqual((await server.post('task')).json(), ['server', 'task', process.version]);
  });

  it('lets a plain Python handler use asyncio.run', async (t) => {
    const server = await TestServer.start(t);
    const code =
      'import asyncio\n\nasync def work():\n    return "done"\n\ndef handler(context, event):\n    return ' +
      'asyncio.run(work())\n';
    await server.deploy('task', pythonTask(code));
    assert.equal((await server.post('task')).text, 'done');
  });
});

describe('what Nuclio has and the embedded platform has not', () => {
  it('fields for images, pods and replicas are accepted and have no effect', async (t) => {
    const server = await TestServer.start(t);
    const spec = `  disable: true
  disableDefaultHTTPTrigger: true
  minReplicas: 0
  maxReplicas: 4
  resources: {limits: {cpu: 1m}, requests: {memory: 1Mi}}
  volumes: [{volume: {name: v, hostPath: {path: /nowhere}}, volumeMount: {name: v, mountPath: /data}}]
  envFrom: [{secretRef: {name: nowhere}}]
  build: {baseImage: "nowhere:1", directives: {preCopy: [{kind: RUN, value: "exit 1"}]}}
`;
    await server.deploy('task', saying('x', 'nodejs', spec));
    const { warnings } = await server.task('task');
    assert.deepEqual(
      warnings.map((warning) => /^function\.yaml:\d+: (\S+) has no effect/.exec(warning)?.[1]),
      ['spec.disable', 'spec.envFrom', 'spec.build.directives'],
    );
    assert.equal((await server.post('task')).text, 'x');
  });

  it('triggers that take events from elsewhere are refused', async (t) => {
    const server = await TestServer.start(t);
    const answer = await server.put('task', saying('x', 'nodejs', '  triggers:\n    stream: {kind: kafka-cluster}\n'));
    assert.equal(answer.status, 422);
    assert.match(
      answer.text,
      /trigger 'stream' is of kind 'kafka-cluster': .* a real Nuclio, .*, has kafka-cluster triggers/,
    );
  });
});

describe('what fusion cannot keep', () => {
  it('a callee that ends its process takes the caller along', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('caller', pythonCaller());
    await server.deploy('callee', pythonTask('import os\n\ndef handler(context, event):\n    os._exit(9)\n'));
    const [apart, fused] = await apartAndFused(server);
    assert.equal(apart, '200 500 The worker ended whi');
    assert.match(fused ?? '', /^500 The worker ended while it ran this event \(exit status 9\)/);
  });

  it('a time-out in Python ends when a plain local callee does', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('caller', pythonCaller(', timeout=0.2'));
    await server.deploy(
      'callee',
      pythonTask('import time\n\ndef handler(context, event):\n    time.sleep(1)\n    return "late"\n'),
    );
    assert.deepEqual(await apartAndFused(server), ['200 ReadTimeout', '200 ReadTimeout']);
    const began = performance.now();
    await server.post('caller');
    assert.ok(performance.now() - began >= 1000, 'not before the callee has ended');
  });

  it('eventTimeout ends the whole event, with the caller in it', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('caller', pythonCaller('', '  eventTimeout: 2s\n'));
    await server.deploy(
      'callee',
      pythonTask('def handler(context, event):\n    while True:\n        pass\n', '  eventTimeout: 200ms\n'),
    );
    assert.deepEqual(await apartAndFused(server), [
      '200 408 {"error": "handler t',
      '408 {"error": "handler timed out"}',
    ]);
  });

  it('Tasks of a function share one environment and one working directory', async (t) => {
    const server = await TestServer.start(t);
    const look = (name: string): string =>
      `import os\n\ndef handler(context, event${name === 'caller' ? ', session' : ''}):\n`;
    await server.deploy(
      'callee',
      pythonTask(`${look('callee')}    os.environ["MARK"] = "callee"\n    os.chdir(os.path.dirname(__file__))\n`),
    );
    await server.deploy(
      'caller',
      pythonTask(
        `${look('caller')}    session.post("http://%s:8000/callee" % ` +
          'event.headers["Fusionizer-Server-Address"])\n' +
          '    return "%s %s" % (os.environ.get("MARK"), os.path.basename(os.getcwd()) == "callee")\n',
      ),
    );
    assert.deepEqual(await apartAndFused(server), ['200 None False', '200 callee True']);
  });

  it('an event of one Task occupies a worker of the other', async (t) => {
    const server = await TestServer.start(t);
    const flag = path.join(server.state, 'go');
    const hold = `const fs = require('node:fs');\nexports.handler = (c) => {
      const timer = setInterval(() => {
        if (!fs.existsSync(${JSON.stringify(flag)})) return;
        clearInterval(timer);
        c.callback('held');
      }, 10);
    };`;
    await server.deploy('slow', nodeTask(hold, http('workerAvailabilityTimeoutMilliseconds: 0')));
    await server.deploy('quick', saying('quick', 'nodejs', http('workerAvailabilityTimeoutMilliseconds: 0')));
    await server.changeSetup('PUT', [['slow', 'quick']]);
    const held = server.post('slow');
    await until('an event that finds no worker', async () => (await server.post('quick')).status === 503);
    assert.equal((await server.changeSetup('PUT', [])).status, 200);
    assert.equal((await server.post('quick')).text, 'quick');
    await writeFile(flag, '');
    assert.equal((await held).text, 'held');
  });

  it('a redeploy of one Task starts the others of its function anew', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy(
      'counter',
      nodeTask('let count = 0;\nexports.handler = (c) => c.callback(String((count += 1)));'),
    );
    await server.deploy('other', saying('1'));
    await server.changeSetup('PUT', [['counter', 'other']]);
    assert.deepEqual([(await server.post('counter')).text, (await server.post('counter')).text], ['1', '2']);
    await server.deploy('other', saying('2'));
    assert.equal((await server.post('counter')).text, '1');
  });

  it('pickle in a background thread may find a module of the Task whose event runs; imports do not', async (t) => {
    const server = await TestServer.start(t);
    const one = `import builtins, importlib, pickle, threading

def work(go, found):
    go.wait()
    import helper
    found.append(helper.WHO)
    found.append(importlib.import_module("helper").WHO)
    try:
        pickle.dumps(helper.Thing())
    except pickle.PicklingError as error:
        found.append(type(error).__name__)

def handler(context, event):
    go, found = threading.Event(), []
    thread = threading.Thread(target=work, args=(go, found), daemon=True)
    builtins.shared = (go, found, thread)
    thread.start()
    return "started"
`;
    const two = `import builtins
import helper

def handler(context, event):
    go, found, thread = builtins.shared
    go.set()
    thread.join()
    return " ".join(found)
`;
    await server.deploy('one', { ...pythonTask(one), 'helper.py': 'WHO = "one"\n\nclass Thing:\n    pass\n' });
    await server.deploy('two', { ...pythonTask(two), 'helper.py': 'WHO = "two"\n\nclass Thing:\n    pass\n' });
    await server.changeSetup('PUT', [['one', 'two']]);
    assert.equal((await server.post('one')).text, 'started');
    assert.equal((await server.post('two')).text, 'one one PicklingError');
  });
});

describe('docs/differences.md', () => {
  it('names tests that are there', async () => {
    const root = packageRoot();
    const page = await readFile(path.join(root, 'docs', 'differences.md'), 'utf8');
    const all = await readdir(path.join(root, 'test'), { recursive: true });
    const files = all.filter((file) => /\.test\.(ts|js)$|test_\w+\.py$/.test(file));
    const tests = (await Promise.all(files.map((file) => readFile(path.join(root, 'test', file), 'utf8'))))
      .join('\n')
      .replaceAll("\\'", "'");
    for (const [, file = ''] of page.matchAll(/`test\/([^`]+)`/g))
      assert.ok(files.includes(path.normalize(file)), file);
    // Names of tests are sentences; shorter quotes are code.
    const names = [...page.matchAll(/"([a-zA-Z][^"]{25,})"/g), ...page.matchAll(/`(test_\w+)`/g)].map(
      ([, name = '']) => name,
    );
    assert.ok(names.length > 18);
    for (const name of names) assert.ok(tests.includes(name), name);
  });
});
