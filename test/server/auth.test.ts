import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { FusionizerServerOptions } from '../../src/startServer.ts';
import { type Answer, multipart, TestServer, zip } from '../support/server.ts';
import { calling, functionYaml, type Runtime, saying } from '../support/tasks.ts';
import { until } from '../support/until.ts';

const token = async (server: TestServer): Promise<string> =>
  (await readFile(path.join(server.state, 'token'), 'utf8')).trim();

describe('a server that asks for tokens', () => {
  it('logs each request that it refuses, without the token; very many of them leave one record together', async (t) => {
    const records: string[] = [];
    const log: FusionizerServerOptions['log'] = ({ level, message }) => void records.push(`${level} ${message}`);
    const server = await TestServer.start(t, { auth: 'always', log });
    const wrong = 'a-token-that-is-wrong';
    await server.request(`/-/tasks?token=${wrong}`, { headers: { Authorization: `Bearer ${wrong}` } });
    await server.request('/a/b', { method: 'PUT', headers: { Authorization: `Bearer ${wrong}` } });
    await server.request('/-/health', { headers: { Host: 'evil.example' } });
    const refused = (): string[] => records.filter((one) => /40[13]|refused \(/.test(one));
    assert.deepEqual(refused(), [
      'warn GET /-/tasks 401 to 127.0.0.1: The token does not belong to this server',
      'warn PUT /a/b 401 to 127.0.0.1: The token does not belong to this server',
      "warn GET /-/health 403 to 127.0.0.1: The request is refused: the Host 'evil.example' is not a name of this " +
        'server: use its IP address or localhost, or start it with --allow-host evil.example',
    ]);
    await Promise.all(Array.from({ length: 50 }, () => server.request('/a', { method: 'POST' })));
    await server.server.close();
    assert.deepEqual(
      [refused().length, refused().at(-1)],
      [11, 'warn 43 more requests were refused (401, 403) in 10 s'],
    );
    assert.ok(!records.join().includes(wrong));
  });

  it('lets nobody do anything without one, or with a wrong one', async (t) => {
    const server = await TestServer.start(t, { auth: 'always' });
    const requests: [method: string, path: string][] = [
      ['GET', '/-/health'],
      ['GET', '/-/setup'],
      ['PUT', '/a'],
      ['DELETE', '/a'],
      ['POST', '/a'],
      ['GET', '/a/'],
      ['GET', '/a'],
      ['POST', '/-/traces'],
    ];
    for (const [method, target] of requests) {
      for (const headers of [
        {},
        { Authorization: 'Bearer wrong' },
        { Authorization: 'Basic abc' },
        { Cookie: `fusionizer_token_${server.url.port}=wrong` },
        { Authorization: 'Bearer a.b' },
      ]) {
        const answer = await server.request(target, { method, headers: headers as Record<string, string> });
        assert.equal(answer.status, 401, `${method} ${target} ${JSON.stringify(headers)}`);
      }
      assert.equal((await server.request(`${target}?token=wrong`, { method })).status, 401);
    }
    assert.equal((await stat(path.join(server.state, 'token'))).mode & 0o777, 0o600);
  });

  it('lets the admin token do everything, by header or by cookie; the token in a URL is exchanged for the cookie', async (t) => {
    const server = await TestServer.start(t, { auth: 'always' });
    const admin = await token(server);
    assert.equal((await server.put('a', saying('a'), { Authorization: `Bearer ${admin}` })).status, 200);
    const exchanged = await server.request(`/-/setup?x=1&token=${admin}`);
    assert.deepEqual([exchanged.status, exchanged.headers.location], [303, '/-/setup?x=1']);
    const [cookie = ''] = exchanged.headers['set-cookie'] ?? [];
    assert.match(cookie, /; HttpOnly; SameSite=Strict$/);
    assert.equal(
      (await server.request('/-/setup', { headers: { Cookie: `a=b; ${cookie.split(';')[0]}` } })).status,
      200,
    );
    assert.equal((await server.post('a', {}, { Authorization: `Bearer ${admin}` })).text, 'a');
  });

  for (const runtime of ['python', 'nodejs'] as Runtime[]) {
    it(`gives a function a token that may invoke and send traces, and nothing else (${runtime})`, async (t) => {
      const server = await TestServer.start(t, { auth: 'always' });
      const admin = await token(server);
      const asAdmin = { Authorization: `Bearer ${admin}` };
      const deploy = async (name: string, files: Record<string, string | Uint8Array>): Promise<void> => {
        const form = multipart(await zip(files));
        assert.equal(
          (
            await server.request(`/${name}`, {
              method: 'PUT',
              headers: { ...form.headers, ...asAdmin },
              body: form.body,
            })
          ).status,
          200,
        );
      };
      await deploy('caller', calling('caller', 'callee', runtime));
      await deploy('callee', saying('callee', runtime));
      assert.equal((await server.post('caller', {}, asAdmin)).text, 'caller(callee)');
      await deploy('spy', spy[runtime]);
      const seen = (
        await server.request('/spy/', {
          method: 'GET',
          headers: { ...asAdmin, Cookie: `mine=1; fusionizer_token_${server.url.port}=${admin}` },
        })
      ).json<{
        environment: string;
        headers: string;
        token: string;
      }>();
      assert.ok(!seen.environment.includes(admin) && !seen.headers.includes(admin));
      assert.ok(seen.headers.includes('mine=1'));
      const asFunction = { Authorization: `Bearer ${seen.token}` };
      const cases: [answer: Answer, status: number][] = [
        [await server.post('callee', {}, asFunction), 200],
        [await server.request('/-/tasks/callee', { headers: asFunction }), 200],
        [await server.request('/-/tasks/callee', { method: 'HEAD', headers: asFunction }), 200],
        [await server.request('/-/tasks/nobody', { headers: asFunction }), 404],
        [await server.request('/-/tasks/nobody', { method: 'HEAD', headers: asFunction }), 404],
        [await server.request('/-/tasks', { method: 'HEAD', headers: asFunction }), 403],
        [await server.request('/-/traces', { method: 'POST', headers: asFunction, body: '[]' }), 204],
        [await server.request('/-/traces', { headers: asFunction }), 403],
        [await server.request('/-/setup', { headers: asFunction }), 403],
        [await server.changeSetup('PUT', [], asFunction), 403],
        [await server.request('/callee', { method: 'DELETE', headers: asFunction }), 403],
        [await server.put('callee', saying('x'), asFunction), 403],
      ];
      for (const [answer, status] of cases) assert.equal(answer.status, status, answer.text);
      // That a Task exists is all that a function is told of another one.
      assert.deepEqual((await server.request('/-/tasks/callee', { headers: asFunction })).json(), { name: 'callee' });
      assert.equal(
        (await server.request('/-/tasks/callee', { headers: asAdmin })).json<{ version: number }>().version,
        1,
      );
      // A header of the user's own reaches the Task.
      const own = (
        await server.request('/spy/', {
          headers: { Cookie: `fusionizer_token_${server.url.port}=${admin}`, Authorization: 'Basic own' },
        })
      ).json<{
        headers: string;
      }>();
      assert.ok(own.headers.includes('Basic own'));
      await until('the record of the call', async () =>
        (await server.request('/-/traces?task=callee', { headers: asAdmin })).text.includes('"caller":"caller"'),
      );
    });
  }

  it('keeps to a cookie of its own beside another server on the same host', async (t) => {
    const [one, other] = [await TestServer.start(t, { auth: 'always' }), await TestServer.start(t, { auth: 'always' })];
    const cookieOf = async (server: TestServer): Promise<string> => {
      const { headers } = await server.request(`/-/health?token=${await token(server)}`);
      return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    };
    const cookies = [await cookieOf(one), await cookieOf(other)];
    const names = cookies.map((cookie) => cookie.split('=')[0]);
    assert.deepEqual(names, [`fusionizer_token_${one.url.port}`, `fusionizer_token_${other.url.port}`]);
    // A browser brings all cookies of a host, whichever the port.
    for (const server of [one, other])
      assert.equal((await server.request('/-/health', { headers: { Cookie: cookies.join('; ') } })).status, 200);
    assert.equal((await one.request('/-/health', { headers: { Cookie: cookies[1] ?? '' } })).status, 401);
    // Behind a tunnel the browser asks another port than the server's.
    const Host = 'localhost:9';
    const tunnelled =
      (await one.request(`/-/health?token=${await token(one)}`, { headers: { Host } })).headers['set-cookie']?.[0] ??
      '';
    assert.match(tunnelled, /^fusionizer_token_9=/);
    assert.equal(
      (await one.request('/-/health', { headers: { Host, Cookie: tunnelled.split(';')[0] ?? '' } })).status,
      200,
    );
  });

  it('asks for none on the loopback address, and for one on every other', async (t) => {
    const local = await TestServer.start(t);
    assert.equal((await local.request('/-/health')).status, 200);
    const everywhere = await TestServer.start(t, { host: '0.0.0.0' });
    assert.equal((await everywhere.request('/-/health')).status, 401);
    assert.equal(
      (await everywhere.request('/-/health', { headers: { Authorization: `Bearer ${await token(everywhere)}` } }))
        .status,
      200,
    );
  });
});

/** A Task that tells what it sees: its environment, its headers, the token that it holds. */
const spy: Record<Runtime, Record<string, string>> = {
  python: {
    'function.yaml': functionYaml('python'),
    'main.py':
      'import json, os\n\ndef handler(context, event):\n    return {"environment": json.dumps(dict(os.environ)), ' +
      '"headers": json.dumps(event.headers), "token": os.environ["FUSIONIZER_TOKEN"]}\n',
  },
  nodejs: {
    'function.yaml': functionYaml('nodejs'),
    'main.js':
      'exports.handler = (c, e) => c.callback({ environment: JSON.stringify(process.env), headers: ' +
      'JSON.stringify(e.headers), token: process.env.FUSIONIZER_TOKEN });',
  },
};
