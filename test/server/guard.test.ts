import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Answer, TestServer } from '../support/server.ts';
import { functionYaml, saying } from '../support/tasks.ts';

describe('other web sites', () => {
  it('cannot reach the server by a name that their DNS points here', async (t) => {
    const server = await TestServer.start(t, { allowHosts: ['Fusionizer.example'] });
    await server.deploy('a', saying('a'));
    const { port } = server.url;
    const ask = async (host: string): Promise<number[]> =>
      Promise.all(
        ['/a/', '/-/health'].map(async (path) => (await server.request(path, { headers: { Host: host } })).status),
      );
    for (const host of [
      `localhost:${port}`,
      'localhost.',
      `LOCALHOST.:${port}`,
      'fusionizer.example.',
      `127.0.0.1:${port}`,
      `[::1]:${port}`,
      '10.1.2.3',
      'fusionizer.example',
      `FUSIONIZER.EXAMPLE:${port}`,
    ]) {
      assert.deepEqual(await ask(host), [200, 200], host);
    }
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      'localhost..',
      '10.1.2.3.',
      '.',
      'a',
    ]) {
      assert.deepEqual(await ask(host), [403, 403], host);
    }
    assert.match(
      (await server.request('/-/health', { headers: { Host: 'evil.example' } })).text,
      /--allow-host evil\.example/,
    );
  });

  it('cannot use the control API from their pages, nor invoke a Task whose CORS settings do not allow it', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('plain', saying('plain'));
    const cors = (origins: string): string =>
      `  triggers:\n    http: {kind: http, attributes: {cors: {enabled: true, allowOrigins: ["${origins}"]}}}\n`;
    await server.deploy('open', saying('open', 'nodejs', cors('http://app.example')));
    const own = server.url.origin;
    const from = (path: string, headers: Record<string, string>, method = 'POST'): Promise<Answer> =>
      server.request(path, { method, headers });
    const cases: [path: string, headers: Record<string, string>, method: string, status: number][] = [
      ['/plain', { Origin: own }, 'POST', 200],
      ['/plain', { Origin: 'http://app.example' }, 'POST', 403],
      ['/plain', { Origin: 'null' }, 'POST', 403],
      ['/plain', { 'Sec-Fetch-Site': 'cross-site' }, 'POST', 403],
      ['/plain', { 'Sec-Fetch-Site': 'same-origin', Origin: own }, 'POST', 200],
      ['/open', { Origin: 'http://app.example' }, 'POST', 200],
      ['/open', { Origin: 'http://app.example', 'Access-Control-Request-Method': 'POST' }, 'OPTIONS', 200],
      ['/open', { Origin: 'http://other.example' }, 'POST', 403],
      ['/open', { Origin: 'null' }, 'POST', 403],
      ['/-/setup', { Origin: own }, 'GET', 200],
      ['/-/setup', { Origin: 'http://app.example' }, 'GET', 403],
      ['/-/setup', { Origin: 'null' }, 'PUT', 403],
      ['/open', { Origin: 'http://app.example' }, 'DELETE', 403],
      ['/-/health', { 'Sec-Fetch-Site': 'cross-site' }, 'GET', 403],
      ['/nobody', { Origin: 'http://app.example' }, 'POST', 403],
      // The same host on another port, with and without an Origin.
      ['/plain/', { 'Sec-Fetch-Site': 'same-site' }, 'GET', 403],
      ['/open/', { 'Sec-Fetch-Site': 'same-site' }, 'GET', 403],
      ['/open', { 'Sec-Fetch-Site': 'same-site', Origin: 'http://app.example' }, 'POST', 200],
      ['/-/health', { 'Sec-Fetch-Site': 'same-site' }, 'GET', 403],
      ['/-/health', { 'Sec-Fetch-Site': 'none' }, 'GET', 200],
      // An origin that may invoke is no way around the others.
      ['/open', { 'Sec-Fetch-Site': 'cross-site', Origin: 'http://app.example' }, 'POST', 403],
      ['/plain', { Origin: `${own}.evil.example` }, 'POST', 403],
      ['/plain', { Origin: own.replace('http:', 'https:') }, 'POST', 403],
      ['/plain', { Origin: own.toUpperCase() }, 'POST', 403],
      ['/plain', { Origin: `${own}/` }, 'POST', 403],
      ['/plain', { Origin: '' }, 'POST', 403],
      ['/plain/', { 'Sec-Fetch-Dest': 'serviceworker', 'Sec-Fetch-Site': 'same-origin' }, 'GET', 403],
    ];
    for (const [path, headers, method, status] of cases) {
      const answer = await from(path, headers, method);
      assert.equal(answer.status, status, `${method} ${path} ${JSON.stringify(headers)}: ${answer.text}`);
    }
    const allowed = await from('/open', { Origin: 'http://app.example' });
    assert.equal(allowed.headers['access-control-allow-origin'], 'http://app.example');
  });

  it("get a Task's answer as a page only in a sandbox of its own", async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('page', {
      'function.yaml': functionYaml('nodejs'),
      'main.js': "exports.handler = (c) => c.callback(new c.Response('<h1>page</h1>', {}, 'text/html', 200));",
    });
    for (const destination of ['document', 'iframe', 'frame', 'embed', 'object']) {
      const answer = await server.request('/page/', { headers: { 'Sec-Fetch-Dest': destination } });
      assert.equal(answer.headers['content-security-policy'], 'sandbox allow-scripts allow-forms', destination);
    }
    assert.equal(
      (await server.request('/page/', { headers: { 'Sec-Fetch-Dest': 'empty' } })).headers['content-security-policy'],
      undefined,
    );
    // Browsers that do not say it, and programs.
    for (const [headers, policy] of [
      [{ Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }, 'sandbox allow-scripts allow-forms'],
      [{ Accept: '*/*', Cookie: 'fusionizer_token_8000=x' }, 'sandbox allow-scripts allow-forms'],
      [{ Accept: '*/*' }, undefined],
      [{}, undefined],
    ] as [Record<string, string>, string | undefined][]) {
      assert.equal(
        (await server.request('/page/', { headers })).headers['content-security-policy'],
        policy,
        JSON.stringify(headers),
      );
    }
  });
});
