import '../support/confined.ts';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { type Answer, type Files, multipart, TestServer, zip } from '../support/server.ts';
import { functionYaml, type Runtime, saying } from '../support/tasks.ts';

/**
 * Tasks that look at all that they are given: environment, arguments, open files, working directory with all files
 * below it, request.
 */
const SPIES: Record<Runtime, Files> = {
  nodejs: {
    'function.yaml': functionYaml('nodejs', '  build:\n    commands:\n      - env > build-environment.txt\n'),
    'main.js': `const fs = require('node:fs');
const path = require('node:path');
const link = (fd) => {
  try { return fs.readlinkSync('/proc/self/fd/' + fd); } catch { return ''; }
};
const proc = process.platform === 'linux' ? { fds: fs.readdirSync('/proc/self/fd').map(link) } : {};
const below = (dir) => fs.readdirSync(dir, { recursive: true })
  .map((name) => path.join(dir, name))
  .filter((file) => fs.statSync(file).isFile())
  .map((file) => fs.readFileSync(file, 'latin1'));
exports.handler = (c, e) => c.callback({
  environment: process.env, arguments: [process.argv, process.execArgv, process.title], ...proc,
  files: below(process.cwd()).concat(below(__dirname)),
  built: fs.readFileSync(path.join(process.env.NODE_PATH.split(':')[0], '..', 'build-environment.txt'), 'utf8'),
  request: [e.headers, e.path, e.fields, e.body.toString(), e.url] });
`,
  },
  python: {
    'function.yaml': functionYaml('python', '  build:\n    commands:\n      - env > build-environment.txt\n'),
    'main.py': `import gc, json, os, sys

def below(top):
    for folder, _, names in os.walk(top):
        for name in names:
            with open(os.path.join(folder, name), encoding="latin-1") as file:
                yield file.read()

def fds():
    for fd in os.listdir("/proc/self/fd"):
        try:
            yield os.readlink("/proc/self/fd/" + fd)
        except OSError:
            yield ""

def handler(context, event):
    with open(os.path.join(os.environ["VIRTUAL_ENV"], "work", "build-environment.txt")) as file:
        built = file.read()
    open_files = list(fds()) if sys.platform == "linux" else []
    return {"environment": dict(os.environ), "arguments": sys.argv + sys.orig_argv, "fds": open_files,
            "files": list(below(os.getcwd())) + list(below(os.path.dirname(__file__))), "built": built,
            "memory": [text for text in gc.get_objects() if isinstance(text, str)],
            "request": [event.headers, event.path, event.fields, repr(event.body), event.url]}
`,
  },
};

async function start(
  t: Parameters<typeof TestServer.start>[0],
  auth: 'auto' | 'always',
): Promise<{ server: TestServer; token: string; asAdmin: Record<string, string> }> {
  const server = await TestServer.start(t, { auth });
  const token = (await readFile(path.join(server.state, 'token'), 'utf8')).trim();
  return { server, token, asAdmin: { Authorization: `Bearer ${token}` } };
}

describe('a Task that looks for the admin token', { concurrency: false }, () => {
  for (const runtime of ['nodejs', 'python'] as const) {
    it(`does not find it in what it is given (${runtime})`, async (t) => {
      const { server, token, asAdmin } = await start(t, 'always');
      // What the server's user has in the environment for the command line must not get there either.
      process.env['FUSIONIZER_TOKEN'] = token;
      t.after(() => {
        delete process.env['FUSIONIZER_TOKEN'];
      });
      const deployed = await server.put('spy', SPIES[runtime], asAdmin);
      assert.equal(deployed.status, 200, deployed.text);
      // The second one is that of another server on this host.
      const cookie = { Cookie: `a=1; fusionizer_token_${server.url.port}=${token}; b=2; fusionizer_token_9=${token}` };
      for (const headers of [asAdmin, cookie, { ...asAdmin, ...cookie }, { authorization: `bearer  ${token}` }]) {
        const seen = await server.request('/spy/?q=1', {
          method: 'POST',
          headers: headers as Record<string, string>,
          body: 'body',
        });
        assert.equal(seen.status, 200, seen.text);
        assert.ok(seen.text.length > 500 && seen.text.includes('FUSIONIZER_TOKEN'));
        assert.ok(!seen.text.includes(token), 'the token is in what the Task sees');
        const { fds } = seen.json<{ fds?: string[] }>();
        assert.ok(!fds?.some((file) => file.startsWith(server.state) && !file.includes('/builds/')), String(fds));
      }
    });
  }

  it('does not find it in a request where none is asked for either', async (t) => {
    const { server, token } = await start(t, 'auto');
    const code = 'exports.handler = (c, e) => c.callback(e.headers);';
    await server.deploy('spy', { 'function.yaml': functionYaml('nodejs'), 'main.js': code });
    const seen = await server.request('/spy/', {
      headers: { Authorization: `Bearer ${token}`, Cookie: `mine=1; fusionizer_token_${server.url.port}=${token}` },
    });
    assert.ok(!seen.text.includes(token));
    assert.equal(seen.json<Record<string, string>>()['Cookie'], 'mine=1');
  });
});

describe('a token', () => {
  it('that is missing, wrong, or in the wrong place lets nobody in, from no address', async (t) => {
    const server = await TestServer.start(t, { host: '0.0.0.0' });
    const token = (await readFile(path.join(server.state, 'token'), 'utf8')).trim();
    const attempts: Record<string, string>[] = [
      {},
      { Authorization: token },
      { Authorization: `Basic ${Buffer.from(`admin:${token}`).toString('base64')}` },
      { Authorization: `Bearer ${token.slice(0, -1)}` },
      { Authorization: `Bearer ${token}x` },
      { Authorization: `Bearer ${token.toUpperCase()}` },
      { Authorization: `Bearer x ${token}` },
      { Authorization: 'Bearer ' },
      { Authorization: 'Bearer .' },
      { Cookie: `token=${token}` },
      { Cookie: `xfusionizer_token_${server.url.port}=${token}` },
      { Cookie: `fusionizer_token_${server.url.port}=` },
      { 'X-Token': token },
      { 'X-Forwarded-For': '127.0.0.1', 'X-Real-IP': '127.0.0.1', Forwarded: 'for=127.0.0.1' },
      { Host: `127.0.0.1:${server.url.port}` },
    ];
    for (const headers of attempts) {
      for (const [method, target] of [
        ['GET', '/-/tasks'],
        ['PUT', '/a'],
        ['POST', '/a'],
        ['GET', '/a/'],
        ['GET', '/-/tasks/a/invoke'],
      ] as const) {
        const answer = await server.request(target, { method, headers });
        assert.equal(answer.status, 401, `${method} ${target} ${JSON.stringify(headers)}`);
        assert.ok(!answer.text.includes(token.slice(0, 8)));
      }
    }
  });

  it('in an address counts for a page of the control API that is opened, and for nothing else', async (t) => {
    const { server, token, asAdmin } = await start(t, 'always');
    assert.equal((await server.put('a', saying('a'), asAdmin)).status, 200);
    const query = `token=${token}`;
    for (const [method, target] of [
      ['POST', `/a?${query}`],
      ['GET', `/a/?${query}`],
      ['PUT', `/-/setup?${query}`],
      ['DELETE', `/a?${query}`],
      ['PUT', `/b?${query}`],
      ['GET', `//evil.example/-/setup?${query}`],
      ['GET', `/-/tasks/a/invoke?${query}`],
      ['HEAD', `/-/setup?${query}`],
      ['GET', '/-/setup?token=x&token='.concat(token)],
      ['GET', `/-/setup#?${query}`],
    ] as const) {
      assert.equal((await server.request(target, { method })).status, 401, `${method} ${target}`);
    }
    // Where a browser would go on from such an address is never another site.
    for (const target of [
      '/.//evil.example',
      '/\\evil.example',
      '/-/..//evil.example',
      '/%2f/evil.example',
      '/-/\\evil.example',
    ]) {
      const answer = await server.request(`${target}?${query}`);
      assert.notEqual(answer.status, 303, target);
    }
    const page = await server.request(`/-/tasks?x=%2F&${query}`);
    assert.deepEqual([page.status, page.headers.location], [303, '/-/tasks?x=%2F']);
    const foreign = await server.request(`/-/tasks?${query}`, { headers: { 'Sec-Fetch-Site': 'cross-site' } });
    assert.deepEqual([foreign.status, foreign.headers['set-cookie']], [403, undefined]);
  });

  it('is found among several cookies of its name, which pages of this host may set', async (t) => {
    const { server, token } = await start(t, 'always');
    const name = `fusionizer_token_${server.url.port}`;
    const ask = async (cookie: string): Promise<number> =>
      (await server.request('/-/health', { headers: { Cookie: cookie } })).status;
    assert.equal(await ask(`${name}=other; ${name}=${token}`), 200);
    assert.equal(await ask(`${name}=${token}; ${name}=other`), 200);
    assert.equal(await ask(`${name}=other; ${name}=another`), 401);
  });

  it('of a function does nothing that only the admin may, however the path is written', async (t) => {
    const { server, asAdmin } = await start(t, 'always');
    const spy = {
      'function.yaml': functionYaml('nodejs'),
      'main.js': 'exports.handler = (c) => c.callback(process.env.FUSIONIZER_TOKEN);',
    };
    assert.equal((await server.put('spy', spy, asAdmin)).status, 200);
    const held = (await server.request('/spy', { method: 'POST', headers: asAdmin })).text;
    const refused: [method: string, target: string][] = [
      ['GET', '/-/tasks'],
      ['GET', '/-/tasks/'],
      ['GET', '/-/tasks/spy/logs'],
      ['GET', '/-/tasks/spy?x'],
      ['GET', '/-/tasks/spy/'],
      ['GET', '/-/tasks/../setup'],
      ['GET', '/-/tasks/..%2fsetup'],
      ['DELETE', '/-/tasks/spy'],
      ['POST', '/-/traces/'],
      ['POST', '/-/traces?x'],
      ['GET', '/-/events'],
      ['GET', '/-/metrics'],
      ['GET', '/-/health'],
      ['GET', '/spy'],
      ['DELETE', '/spy'],
      ['PUT', '/evil'],
      ['PATCH', '/-/setup'],
      ['PUT', '/-/schedule'],
      ['DELETE', '/-/operations/0f0f0f0f-0000-4000-8000-000000000001'],
    ];
    const form = multipart(await zip(saying('evil')));
    for (const headers of [
      { Authorization: `Bearer ${held}` },
      { Cookie: `fusionizer_token_${server.url.port}=${held}` },
    ] as Record<string, string>[]) {
      for (const [method, target] of refused) {
        const answer: Answer = await server.request(target, {
          method,
          headers: { ...headers, ...(method === 'PUT' ? form.headers : {}) },
          ...(method === 'PUT' ? { body: form.body } : {}),
        });
        assert.deepEqual(
          [answer.status, /A function's token can only invoke Tasks and send traces/.test(answer.text)],
          [403, true],
          `${method} ${target}`,
        );
      }
      assert.equal((await server.request('/-/health?token='.concat(held))).status, 401);
    }
    assert.equal((await server.request('/-/tasks', { headers: asAdmin })).json<unknown[]>().length, 1);
    // A name put before another function's signature is no token.
    const [, signature = ''] = held.split(/\.(.*)/s);
    for (const forged of [`other.${signature}`, `.${signature}`, `${held}.x`, signature, `spy-x.${signature}`]) {
      assert.equal(
        (await server.request('/spy', { method: 'POST', headers: { Authorization: `Bearer ${forged}` } })).status,
        401,
        forged,
      );
    }
  });
});
