import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { startChromium, startForeignSite } from '../support/chromium.ts';
import { hostilePage } from '../support/hostilePage.ts';
import { type Files, TestServer } from '../support/server.ts';
import { functionYaml, saying } from '../support/tasks.ts';

const CORS = (origins: string): string => {
  const cors = `{enabled: true, allowOrigins: ${JSON.stringify(origins)}}`;
  return `  triggers:\n    http: {kind: http, attributes: {cors: ${cors}}}\n`;
};

/** A Task that answers with a page, and says how often it ran for anything else. */
function pageTask(html: string): Files {
  const code = `let others = [];
exports.handler = (c, e) => {
  if (e.path === '/others') return c.callback(others);
  if (e.path !== '/page') others.push(e.method + ' ' + e.path);
  c.callback(new c.Response(${JSON.stringify(html)}, { 'Cache-Control': 'max-age=60' }, 'text/html', 200));
};`;
  return { 'function.yaml': functionYaml('nodejs'), 'main.js': code };
}

async function resultsOf(page: Page | Frame): Promise<Record<string, string>> {
  const results = await page.waitForFunction('window.results', undefined, { timeout: 20_000 });
  return (await results.jsonValue()) as Record<string, string>;
}

/** Nothing worked, and nothing has happened on the server. */
async function assertHeld(
  server: TestServer,
  results: Record<string, string>,
  task: string,
  headers: Record<string, string> = {},
): Promise<void> {
  assert.ok(Object.keys(results).length > 30);
  // What a page sends blindly may end without an error: an opaque answer says nothing.
  const worked = Object.entries(results).filter(
    ([, result]) => result.startsWith('done: ') && !/^done: opaque 0 $/.test(result),
  );
  assert.deepEqual(worked, []);
  const others = (await server.request(`/${task}/others`, { headers })).json<string[]>();
  assert.deepEqual(others, []);
  const tasks = (await server.request('/-/tasks', { headers })).json<{ name: string; group: string[] }[]>();
  assert.deepEqual(
    tasks.map(({ name, group }) => [name, group.length]),
    [
      ['a', 1],
      ['b', 1],
      [task, 1],
    ],
  );
}

/** For one test, in milliseconds: a browser that stops answering is told from the others. */
const LIMIT = { timeout: 100_000 };

// Each test has a server and a browser context of its own, and mostly waits for pages.
describe('in a real browser', { concurrency: 3 }, () => {
  let browser: Browser;
  const closers: (() => Promise<void>)[] = [];
  before(async () => {
    browser = await startChromium({ after: (close) => closers.push(close) }, [
      'evil.test',
      'rebound.test',
      'server.test',
    ]);
  });
  after(async () => {
    for (const close of closers) await close();
  });

  async function open(t: { after(fn: () => Promise<void>): void }): Promise<BrowserContext> {
    const context = await browser.newContext();
    t.after(() => context.close());
    return context;
  }

  async function start(
    t: Parameters<typeof TestServer.start>[0],
    auth: 'auto' | 'always',
  ): Promise<{ server: TestServer; admin: Record<string, string> }> {
    const server = await TestServer.start(t, { auth, allowHosts: ['server.test'] });
    const token = (await readFile(path.join(server.state, 'token'), 'utf8')).trim();
    const admin: Record<string, string> = auth === 'always' ? { Authorization: `Bearer ${token}` } : {};
    for (const name of ['a', 'b']) assert.equal((await server.put(name, saying(name), admin)).status, 200);
    return { server, admin };
  }

  for (const auth of ['auto', 'always'] as const) {
    const how = auth === 'auto' ? 'without tokens' : 'the browser has the cookie';
    it(`a Task's page can do nothing to the server (${how})`, LIMIT, async (t) => {
      const { server, admin } = await start(t, auth);
      assert.equal((await server.put('page', pageTask(hostilePage('', 'page')), admin)).status, 200);
      const context = await open(t);
      const page = await context.newPage();
      if (auth === 'always') {
        const token = admin['Authorization']?.slice('Bearer '.length);
        await page.goto(`${server.url.origin}/-/health?token=${token}`);
        assert.equal(page.url(), `${server.url.origin}/-/health`);
      }
      await page.goto(`${server.url.origin}/page/page`);
      assert.equal(await page.evaluate('self.origin'), 'null');
      await assertHeld(server, await resultsOf(page), 'page', admin);
      // The same in a frame of the server's own origin.
      await page.goto(`${server.url.origin}/-/health`);
      await page.evaluate('document.body.innerHTML = \'<iframe src="/page/page"></iframe>\'');
      const frame = await page.waitForSelector('iframe').then((element) => element.contentFrame());
      assert.ok(frame);
      await frame.waitForURL(/page/);
      await assertHeld(server, await resultsOf(frame), 'page', admin);
      assert.ok(
        !context.pages().some((one) => one.url().includes('/-/health') && one !== page),
        'no window was opened',
      );
    });
  }

  it("an answer that a script of the server's own has fetched opens as no page of the server", LIMIT, async (t) => {
    const { server } = await start(t, 'auto');
    assert.equal((await server.put('page', pageTask('<h1>page</h1>'))).status, 200);
    const page = await (await open(t)).newPage();
    await page.goto(`${server.url.origin}/-/health`);
    // The handler lets browsers keep the answer: it must not come back as a page without its sandbox.
    assert.match(String(await page.evaluate("fetch('/page/page').then((answer) => answer.text())")), /<h1>/);
    await page.goto(`${server.url.origin}/page/page`);
    assert.equal(await page.evaluate('self.origin'), 'null');
  });

  it("a Task's page can do nothing to a server reached by a name, without Fetch Metadata", LIMIT, async (t) => {
    const { server, admin } = await start(t, 'always');
    const origin = `http://server.test:${server.url.port}`;
    assert.equal((await server.put('page', pageTask(hostilePage('', 'page')), admin)).status, 200);
    const page = await (await open(t)).newPage();
    const sent: Record<string, string>[] = [];
    page.on('request', (request) => void request.allHeaders().then((headers) => sent.push(headers)));
    await page.goto(`${origin}/-/health?token=${admin['Authorization']?.slice('Bearer '.length)}`);
    assert.match(String(await page.evaluate("fetch('/page/page').then((answer) => answer.text())")), /<title>hostile/);
    await page.goto(`${origin}/page/page`);
    assert.equal(await page.evaluate('self.origin'), 'null');
    await assertHeld(server, await resultsOf(page), 'page', admin);
    assert.ok(sent.length > 3 && sent.every((headers) => headers['sec-fetch-dest'] === undefined));
  });

  it("a Task's answer is no worker of the server, whoever of its own origin asks for it", LIMIT, async (t) => {
    const { server } = await start(t, 'auto');
    const code =
      'let ran = 0;\n' +
      "const script = (c) => new c.Response('postMessage(1)', {}, 'text/javascript', 200);\n" +
      "exports.handler = (c, e) => (e.path === '/ran' ? c.callback(String(ran)) : (ran++, c.callback(script(c))));";
    await server.deploy('code', { 'function.yaml': functionYaml('nodejs'), 'main.js': code });
    const page = await (await open(t)).newPage();
    await page.goto(`${server.url.origin}/-/health`);
    // Kept in a variable of the page: one that is collected as garbage would say nothing.
    const tried = await page.evaluate(`Promise.all([
      navigator.serviceWorker.register('/code/service'),
      new Promise((resolve, reject) => {
        const made = (self.worker = new Worker('/code/worker'));
        made.onmessage = resolve; made.onerror = reject;
      }),
      new Promise((resolve, reject) => {
        const made = (self.shared = new SharedWorker('/code/shared'));
        made.port.onmessage = resolve; made.onerror = reject;
      }),
    ].map((one) => Promise.race([
      one.then(() => 'works', () => 'refused'),
      new Promise((resolve) => setTimeout(resolve, 20000, 'nothing came of it')),
    ])))`);
    assert.deepEqual(tried, ['refused', 'refused', 'refused']);
    assert.equal((await server.request('/code/ran')).text, '0');
  });

  for (const [who, host] of [
    ['another port of the same host', '127.0.0.1'],
    ['another name of this machine', 'localhost'],
    ['another site', 'evil.test'],
  ] as const) {
    for (const auth of ['auto', 'always'] as const) {
      const how = auth === 'auto' ? 'without tokens' : 'the browser has the cookie';
      it(`a page of ${who} can do nothing to the server (${how})`, LIMIT, async (t) => {
        const { server, admin } = await start(t, auth);
        assert.equal((await server.put('counted', pageTask(''), admin)).status, 200);
        const site = await startForeignSite(t, hostilePage(server.url.origin, 'counted'));
        const page = await (await open(t)).newPage();
        if (auth === 'always')
          await page.goto(`${server.url.origin}/-/health?token=${admin['Authorization']?.slice('Bearer '.length)}`);
        await page.goto(`http://${host}:${site.port}/`);
        await assertHeld(server, await resultsOf(page), 'counted', admin);
      });
    }
  }

  it('a page whose name now leads to this server can do nothing', LIMIT, async (t) => {
    const { server } = await start(t, 'auto');
    await server.deploy('counted', pageTask(''));
    const page = await (await open(t)).newPage();
    // To the browser this is the page's own origin: only the Host header tells.
    const rebound = `http://rebound.test:${server.url.port}`;
    const answer = await page.goto(`${rebound}/-/health`);
    assert.equal(answer?.status(), 403);
    const tries =
      "Promise.all(['/-/tasks', '/counted/get', '/-/setup']" +
      '.map((path) => fetch(path).then((answer) => answer.status)))';
    assert.deepEqual(await page.evaluate(tries), [403, 403, 403]);
    const post = `fetch('/counted', { method: 'POST', body: 'x' }).then((answer) => answer.status)`;
    assert.equal(await page.evaluate(post), 403);
    assert.deepEqual((await server.request('/counted/others')).json(), []);
  });

  it('a Task whose CORS settings allow an origin is invoked from its page, and by no other', LIMIT, async (t) => {
    const { server } = await start(t, 'auto');
    const site = await startForeignSite(t, '<h1>application</h1>');
    const other = await startForeignSite(t, '<h1>other</h1>');
    await server.deploy('open', saying('welcome', 'nodejs', CORS(`http://127.0.0.1:${site.port}`)));
    const page = await (await open(t)).newPage();
    const call = (init: string): string =>
      `fetch('${server.url.origin}/open', ${init}).then((answer) => answer.text(), (error) => error.message)`;
    const json = "{ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' }";
    await page.goto(`http://127.0.0.1:${site.port}/`);
    assert.deepEqual(await page.evaluate(`Promise.all([${call("{ method: 'POST' }")}, ${call(json)}])`), [
      'welcome',
      'welcome',
    ]);
    await page.goto(`http://127.0.0.1:${other.port}/`);
    assert.deepEqual(await page.evaluate(`Promise.all([${call("{ method: 'POST' }")}, ${call(json)}])`), [
      'Failed to fetch',
      'Failed to fetch',
    ]);
  });
});
