import '../../support/confined.ts';
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { parsePs, parseTasklist } from '../../../src/platform/embedded/memory/listedMemory.ts';
import { systemMemory } from '../../../src/platform/embedded/memory/systemMemory.ts';
import type { LogRecord } from '../../../src/shared/api.ts';
import { type Files, TestServer } from '../../support/server.ts';
import { functionYaml, saying } from '../../support/tasks.ts';

const MIB = 1024 ** 2;
const nodeTask = (code: string, spec = ''): Files => ({
  'function.yaml': functionYaml('nodejs', spec),
  'main.js': code,
});
const pythonTask = (code: string, spec = ''): Files => ({
  'function.yaml': functionYaml('python', spec),
  'main.py': code,
});
const limit = (memory: string): string => `  resources: {limits: {memory: ${memory}}}\n`;
const http = (settings: string): string => `  triggers:\n    http: {kind: http, ${settings}}\n`;

async function logs(server: TestServer, task: string): Promise<LogRecord[]> {
  const { text } = await server.request(`/-/tasks/${task}/logs`);
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as LogRecord]));
}

/** Takes so many MiB for good, all of it really used, and then waits to be ended. */
const PYTHON_EATER = `import os, time

kept = []

def eat(mib):
    for _ in range(mib):
        kept.append(bytearray(os.urandom(4096) * 256))
    while mib > 100:
        time.sleep(0.01)

def handler(context, event):
    if event.path == "/eat":
        eat(200)
    return str(os.getpid())
`;

describe('the memory limit of a Python function', () => {
  it('fails the event that goes beyond it, and replaces its worker', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('task', pythonTask(PYTHON_EATER, limit('128Mi')));
    const before = (await server.post('task')).text;
    const answer = await server.request('/task/eat');
    assert.equal(answer.status, 500);
    assert.match(
      answer.text,
      /^The worker ran out of memory while it ran this event \(limit 128Mi, used (12[89]|1[3-9]\d|2\d\d) MiB\)/,
    );
    assert.notEqual((await server.post('task')).text, before);
    assert.ok(
      (await logs(server, 'task')).some(
        ({ level, message }) => level === 'error' && /^Worker 0 ran out of memory while it ran an event/.test(message),
      ),
    );
    assert.equal((await server.task('task')).state, 'ready');
  });

  it('is for all workers together; the one that uses most is ended, the other goes on', async (t) => {
    const server = await TestServer.start(t);
    const flag = path.join(server.state, 'flag');
    const code = PYTHON_EATER.replace(
      '    return str',
      `    if event.path == "/wait":\n        while not os.path.exists(${JSON.stringify(flag)}):\n            ` +
        'time.sleep(0.01)\n    return str',
    );
    await server.deploy('task', pythonTask(code, `${limit('128Mi')}${http('numWorkers: 2')}`));
    const waiting = server.request('/task/wait');
    const eaten = await server.request('/task/eat');
    assert.match(eaten.text, /limit 128Mi for all workers together, used \d+ MiB/);
    await writeFile(flag, '');
    assert.equal((await waiting).status, 200);
  });

  it('counts what a worker starts, and memory that forked processes share once', async (t) => {
    const server = await TestServer.start(t);
    const code = `import os, subprocess, sys, time

kept = bytearray(os.urandom(4096) * 256 * 60)

def fork():
    child = os.fork()
    if child == 0:
        time.sleep(0.5)
        os._exit(0)
    return child

def handler(context, event):
    if event.path == "/fork":
        for child in [fork() for _ in range(3)]:
            os.waitpid(child, 0)
        return "shared"
    if event.path == "/child":
        subprocess.run([sys.executable, "-c", "import os, time; x = bytearray(os.urandom(4096) * 256 * 120); " +
          "time.sleep(600)"])
    return "x"
`;
    await server.deploy('task', pythonTask(code, limit('150Mi')));
    // Four processes of 60 MiB, which is the same memory.
    assert.deepEqual(
      [(await server.request('/task/fork')).text, (await server.task('task')).state],
      ['shared', 'ready'],
    );
    assert.match((await server.request('/task/child')).text, /ran out of memory/);
  });

  it('that is too small for the worker itself is refused with what it needs', async (t) => {
    const server = await TestServer.start(t);
    const answer = await server.put('task', pythonTask('def handler(context, event):\n    return "x"\n', limit('2Mi')));
    assert.equal(answer.status, 422);
    assert.match(
      answer.text,
      /spec\.resources\.limits\.memory is (2Mi, but its worker needs \d+ MiB before the first event\. Set it higher|too small for the code)/,
    );
    const loading = await server.put('task', pythonTask(`${PYTHON_EATER}\neat(200)\n`, limit('100Mi')));
    assert.equal(loading.status, 422);
    assert.match(
      loading.text,
      /ran out of memory while it started \(limit 100Mi, used \d+ MiB\): spec\.resources\.limits\.memory is too small/,
    );
    assert.deepEqual((await server.setup()).functions, []);
  });

  it('that is no amount is refused', async (t) => {
    const server = await TestServer.start(t);
    const answer = await server.put('task', saying('x', 'python', limit('lots')));
    assert.deepEqual(
      [answer.status, /limits\.memory is "lots": write an amount, such as 128Mi/.test(answer.text)],
      [422, true],
    );
  });

  it('makes a crash loop of a worker that always goes beyond it', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('task', pythonTask(PYTHON_EATER, limit('128Mi')));
    for (let event = 0; event < 3; event += 1)
      assert.match((await server.request('/task/eat')).text, /ran out of memory/);
    const { state, crash } = await server.task('task');
    assert.equal(state, 'crash-loop');
    assert.match(crash?.ended ?? '', /^it ran out of memory \(limit 128Mi, used \d+ MiB\) while it ran an event$/);
  });
});

describe('the memory limit of a Node.js function', () => {
  it('fails the event that fills the heap or goes beyond the limit by buffers, and lets garbage be', async (t) => {
    const server = await TestServer.start(t);
    const code = `const kept = [];
exports.handler = (context, event) => {
  if (event.path === '/heap') while (true) kept.push({ number: kept.length, text: 'x' + kept.length });
  if (event.path === '/buffers') for (let n = 0; n < 300; n += 1) kept.push(Buffer.alloc(${MIB}, n));
  if (event.path === '/buffers') return;
  if (event.path === '/garbage') for (let n = 0; n < 5e6; n += 1) context.last = { number: n, text: 'x' + n };
  context.callback('alive');
};
setInterval(() => {}, 1000);
`;
    await server.deploy('task', nodeTask(code, limit('128Mi')));
    assert.equal((await server.request('/task/garbage')).text, 'alive');
    const heap = await server.request('/task/heap');
    assert.match(
      heap.text,
      /^The worker ran out of memory while it ran this event \(limit 128Mi, (JavaScript heap out of memory|used \d+ MiB)\)/,
    );
    assert.equal((await server.post('task')).text, 'alive');
    const buffers = await server.request('/task/buffers');
    assert.match(buffers.text, /^The worker ran out of memory while it ran this event \(limit 128Mi, used \d+ MiB\)/);
    assert.equal((await server.post('task')).text, 'alive');
  });
});

describe('a worker', () => {
  it('is what Linux ends first when the machine runs out of memory', {
    skip: process.platform !== 'linux',
  }, async (t) => {
    const server = await TestServer.start(t);
    await server.deploy(
      'task',
      pythonTask('import os\n\ndef handler(context, event):\n    return open("/proc/self/oom_score_adj").read()\n'),
    );
    assert.equal((await server.post('task')).text, '1000\n');
    assert.notEqual((await readFile('/proc/self/oom_score_adj', 'utf8')).trim(), '1000');
  });

  it('that somebody else kills is told with what may have been the reason', {
    skip: process.platform === 'win32',
  }, async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('task', nodeTask("exports.handler = () => process.kill(process.pid, 'SIGKILL');"));
    assert.match(
      (await server.post('task')).text,
      /killed by SIGKILL, not by this server: the machine may have run out of memory/,
    );
  });
});

describe('the memory of processes', () => {
  it('is read for those that are there, with what they started', async (t) => {
    // The shell leads a group; what it starts uses the memory.
    const script = "const kept = Buffer.alloc(80 * 1024 ** 2, 1); console.log('ready'); setInterval(() => kept, 1000);";
    const child: ChildProcess = spawn('sh', ['-c', `"${process.execPath}" -e "${script}"; true`], {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const pid = child.pid ?? 0;
    t.after(() => process.kill(-pid, 'SIGKILL'));
    if (child.stdout) await once(child.stdout, 'data');
    const reader = systemMemory();
    for (const read of [reader.read, reader.readExactly]) {
      const use = await read([pid, 2 ** 22 + 1]);
      assert.deepEqual([...use.keys()], [pid]);
      assert.ok((use.get(pid) ?? 0) > 80 * MIB, `${use.get(pid)}`);
    }
  });

  it('is understood as ps and tasklist print it', () => {
    assert.deepEqual(
      [...parsePs('    1  2048\n 4242  1024\n 4242    76\n')],
      [
        [1, 2048 * 1024],
        [4242, 1100 * 1024],
      ],
    );
    const text =
      '"System Idle Process","0","Services","0","8 K"\r\n"node.exe","4242","Console","1","45,678 ' +
      'K"\r\n"python.exe","77","Console","1","1.045.678 K"\r\n';
    assert.deepEqual(
      [...parseTasklist(text)],
      [
        [0, 8 * 1024],
        [4242, 45_678 * 1024],
        [77, 1_045_678 * 1024],
      ],
    );
  });
});
