import '../support/confined.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Files } from '../support/server.ts';
import { functionYaml, type Runtime } from '../support/tasks.ts';
import { AttackedServer } from '../support/unharmed.ts';

/**
 * What a handler does at a path; `want` is the answer. What JSON has not, nuclio-sdk sends as its text, and Node.js
 * leaves out.
 */
interface Misdeed {
  path: string;
  code: string;
  want: { status: number; text: RegExp };
}

const TIMEOUT = '  eventTimeout: 1s\n';
const MIB = 1024 ** 2;

const PYTHON: Misdeed[] = [
  { path: 'hang', code: 'while True: pass', want: { status: 408, text: /handler timed out/ } },
  { path: 'sleep', code: 'import time; time.sleep(600)', want: { status: 408, text: /handler timed out/ } },
  {
    path: 'exit',
    code: 'import os; os._exit(3)',
    want: {
      status: 500,
      text: /ended while it ran this event \(exit status 3\)\. What .* in the log of Task '(.+)': GET \/-\/tasks\/\1\/logs, or `/,
    },
  },
  { path: 'abort', code: 'import os; os.abort()', want: { status: 500, text: /killed by SIGABRT/ } },
  {
    path: 'kill',
    code: 'import os, signal; os.kill(os.getpid(), signal.SIGKILL)',
    want: { status: 500, text: /killed by SIGKILL/ },
  },
  {
    path: 'recursion',
    code: 'f = lambda g: g(g); return f(f)',
    want: { status: 500, text: /RecursionError|recursion/ },
  },
  { path: 'print', code: 'while True: print("x" * 4000)', want: { status: 408, text: /timed out/ } },
  {
    path: 'print-line',
    code: 'import sys\n        while True: sys.stdout.write("x" * 65536)',
    want: { status: 408, text: /timed out/ },
  },
  { path: 'log', code: 'while True: context.logger.info("x" * 100_000)', want: { status: 408, text: /timed out/ } },
  { path: 'huge', code: 'return b"x" * (300 << 20)', want: { status: 500, text: /300 MiB.*256 MiB/ } },
  { path: 'set', code: 'return {"a": {1, 2}}', want: { status: 200, text: /^\{"a": "\{1, 2\}"\}$/ } },
  { path: 'object', code: 'return {"a": object()}', want: { status: 200, text: /"<object object at/ } },
  { path: 'circular', code: 'a = {}; a["a"] = a; return a', want: { status: 500, text: /Circular|recursion/i } },
  { path: 'function', code: 'return {"a": print}', want: { status: 200, text: /<built-in function print>/ } },
  {
    path: 'status',
    code: 'return context.Response(status_code=99999, body="x")',
    want: { status: 500, text: /99999|status/ },
  },
  {
    path: 'header',
    code: 'return context.Response(headers={"X": "a\\r\\nSet-Cookie: b=c"}, body="x")',
    want: { status: 200, text: /^x$/ },
  },
  {
    path: 'protocol',
    code:
      'import os\n        for fd in range(3, 10):\n            try: os.write(fd, b"\\xff" * 64)\n            ' +
      'except OSError: pass\n        import time; time.sleep(600)',
    want: { status: 500, text: /worker ended/ },
  },
];

const NODEJS: Misdeed[] = [
  { path: 'hang', code: 'for (;;);', want: { status: 408, text: /handler timed out/ } },
  { path: 'sleep', code: 'setTimeout(() => {}, 600000); return;', want: { status: 408, text: /handler timed out/ } },
  { path: 'exit', code: 'process.exit(3);', want: { status: 500, text: /exit status 3/ } },
  { path: 'abort', code: 'process.abort();', want: { status: 500, text: /killed by SIGABRT/ } },
  {
    path: 'kill',
    code: "process.kill(process.pid, 'SIGKILL'); for (;;);",
    want: { status: 500, text: /killed by SIGKILL/ },
  },
  {
    path: 'recursion',
    code: 'const f = () => f(); f();',
    want: { status: 500, text: /Maximum call stack size exceeded/ },
  },
  { path: 'print', code: "for (;;) console.log('x'.repeat(4000));", want: { status: 408, text: /timed out/ } },
  { path: 'log', code: "for (;;) c.logger.info('x'.repeat(100000));", want: { status: 408, text: /timed out/ } },
  {
    path: 'huge',
    code: `return c.callback(Buffer.alloc(${300 * MIB}, 'x'));`,
    want: { status: 500, text: /300 MiB.*256 MiB/ },
  },
  { path: 'circular', code: 'const a = {}; a.a = a; return c.callback(a);', want: { status: 500, text: /circular/ } },
  { path: 'bigint', code: 'return c.callback({ a: 1n });', want: { status: 500, text: /BigInt/ } },
  {
    path: 'getter',
    code: "return c.callback({ get a() { throw new Error('no luck'); } });",
    want: { status: 500, text: /no luck/ },
  },
  { path: 'symbol', code: 'return c.callback(Symbol("x"));', want: { status: 200, text: /^$/ } },
  { path: 'throw', code: 'throw null;', want: { status: 500, text: /null/ } },
  {
    path: 'status',
    code: "return c.callback(new c.Response('x', {}, 'text/plain', 99999));",
    want: { status: 500, text: /99999|status/ },
  },
  {
    path: 'header',
    code: "return c.callback(new c.Response('x', { X: 'a\\r\\nSet-Cookie: b=c' }, 'text/plain', 200));",
    want: { status: 200, text: /^x$/ },
  },
  {
    path: 'protocol',
    code:
      "const fs = require('node:fs'); for (let fd = 3; fd < 6; fd++) try { fs.writeSync(fd, Buffer.alloc(64, " +
      '255)); } catch {} setTimeout(() => {}, 600000); return;',
    want: { status: 500, text: /worker ended/ },
  },
];

/** @param spec further lines of its `spec` */
function task(runtime: Runtime, misdeeds: readonly Misdeed[], spec: string): Files {
  if (runtime === 'python') {
    const branches = misdeeds.map(({ path, code }) => `    if event.path == "/${path}":\n        ${code}\n`).join('');
    return {
      'function.yaml': functionYaml('python', spec),
      'main.py': `def handler(context, event):\n${branches}    return "good"\n`,
    };
  }
  const branches = misdeeds.map(({ path, code }) => `  if (e.path === '/${path}') { ${code} }\n`).join('');
  return {
    'function.yaml': functionYaml('nodejs', spec),
    'main.js': `exports.handler = (c, e) => {\n${branches}  c.callback('good');\n};\n`,
  };
}

describe('a log record', () => {
  it('of any length is kept, but not whole', async (t) => {
    const attacked = await AttackedServer.start(t);
    const code =
      "exports.handler = (c) => { for (let i = 0; i < 20; i++) c.logger.infoWith('m'.repeat(20_000_000), { extra: " +
      "'x' }); c.callback('good'); };";
    await attacked.server.deploy('bad', { 'function.yaml': functionYaml('nodejs'), 'main.js': code });
    assert.equal((await attacked.server.post('bad', {}, { 'X-Nuclio-Log-Level': 'debug' })).text, 'good');
    const { text } = await attacked.server.request('/-/tasks/bad/logs');
    assert.match(text, /mmm\.\.\. \(cut: the record was too long\)/);
    assert.ok(text.length < 1_000_000, String(text.length));
    await attacked.assertUnharmed('logs', ['bad']);
  });
});

describe('a handler that misbehaves', { concurrency: false }, () => {
  for (const [runtime, misdeeds] of [
    ['python', PYTHON],
    ['nodejs', NODEJS],
  ] as const) {
    it(`gets a clear answer, and harms neither the server nor other Tasks nor its next event (${runtime})`, async (t) => {
      const attacked = await AttackedServer.start(t);
      // Only what never ends has to be quick.
      await attacked.server.deploy('endless', task(runtime, misdeeds, TIMEOUT));
      await attacked.server.deploy('bad', task(runtime, misdeeds, ''));
      for (const { path, want } of misdeeds) {
        const name = want.status === 408 ? 'endless' : 'bad';
        const answer = await attacked.server.request(`/${name}/${path}`);
        const { text } = answer;
        assert.deepEqual(
          [answer.status, want.text.test(text)],
          [want.status, true],
          `${path}: ${answer.status} ${text.slice(0, 300)}`,
        );
        assert.equal(answer.headers['set-cookie'], undefined);
        assert.equal((await attacked.server.post(name)).text, 'good', path);
        await attacked.assertUnharmed(path, ['bad', 'endless']);
      }
    });
  }
});
