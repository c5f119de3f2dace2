import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { packageRoot } from '../../src/shared/packageRoot.ts';
import { startChromium } from '../support/chromium.ts';
import { TestServer } from '../support/server.ts';
import { calling, saying } from '../support/tasks.ts';
import { until } from '../support/until.ts';
import { type After, faultsOf, lastFirst, watchedPage } from '../support/webview/pages.ts';

const SHOTS = path.join(packageRoot(), 'test-results', 'webview', 'browser');
/** A Task's page that tries to read the server's pages and traces, and says what it got. */
const SPY = `<p id="got">nothing</p><script>
Promise.allSettled(['/-/ui', '/-/traces'].map((path) => fetch(path).then((answer) => answer.text())))
  .then((all) => { document.title = all.map(({ status }) => status).join(); });
</script>`;

describe('the pages of a server in a browser', { concurrency: false }, () => {
  const closers: (() => Promise<void>)[] = [];
  let browser: Browser;
  before(async () => {
    await mkdir(SHOTS, { recursive: true });
    browser = await startChromium({ after: (close) => void closers.push(close) });
  });
  after(async () => {
    for (const close of closers) await close();
  });

  const open = (t: After, address: string, colorScheme: 'light' | 'dark'): Promise<Page> =>
    watchedPage(t, browser, address, { viewport: { width: 1100, height: 640 }, colorScheme });

  const rows = (page: Page): Promise<string[]> =>
    page.locator('.grid-row').evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? ''));
  const rowsAre = (page: Page, what: string, fits: (all: string[]) => boolean): Promise<unknown> =>
    until(what, async () => fits(await rows(page)));

  for (const auth of ['auto', 'always'] as const)
    it(`show what was invoked, a trace, and it again after a fusion (tokens: ${auth})`, async (test) => {
      const t = lastFirst(test);
      const server = await TestServer.start(t, { auth });
      const token = (await readFile(path.join(server.state, 'token'), 'utf8').catch(() => '')).trim();
      const headers = auth === 'always' ? { Authorization: `Bearer ${token}` } : {};
      for (const [name, files] of [
        ['cart', calling('cart', 'price')],
        ['price', saying('price')],
      ] as const)
        assert.equal((await server.put(name, files, headers)).status, 200);
      assert.equal((await server.post('cart', { order: 'A-7' }, headers)).status, 200);
      const query = auth === 'always' ? `?token=${token}` : '';
      const page = await open(t, `${server.url.origin}/-/ui${query}`, auth === 'always' ? 'dark' : 'light');
      await rowsAre(page, 'the invocation', ([first = '']) => /^200, POST \/cart, .* at /.test(first));
      assert.equal(new URL(page.url()).search, '', 'the token is not in the address any more');
      await server.post('price', {}, headers);
      await rowsAre(page, 'another one, as it happens', ([first = '']) => /^200, POST \/price/.test(first));
      await page.getByLabel('Task').fill('cart');
      await rowsAre(page, 'only those of cart', (all) => all.length === 1);
      await page.screenshot({ path: path.join(SHOTS, `invocations ${auth}.png`) });
      assert.deepEqual(await faultsOf(page), []);
      await page.setViewportSize({ width: 300, height: 600 });
      await page.screenshot({ path: path.join(SHOTS, `invocations ${auth} in 300 px.png`) });
      assert.deepEqual(await faultsOf(page), []);
      await page.setViewportSize({ width: 1100, height: 640 });
      await page.locator('.grid-row').first().focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/-\/ui\/trace\?id=/);
      await rowsAre(page, 'both spans', ([, second = '']) => /^price, remote call, 200/.test(second));
      await page.locator('.grid-row').first().focus();
      await page.keyboard.press('/');
      await page.keyboard.type('a-7');
      await page.keyboard.press('Enter');
      await page.locator('.grid-row.found.cursor', { hasText: 'cart' }).waitFor();
      await page.screenshot({ path: path.join(SHOTS, `trace ${auth}.png`) });
      await page.locator('.grid-row', { hasText: 'price' }).click();
      await page.getByText('Fuse These Tasks').click();
      await page.locator('.notice', { hasText: 'Made cart + price.' }).waitFor();
      await page.getByText('They are in one Fusion Group now.').waitFor();
      await page.locator('.grid-row', { hasText: 'cart' }).click();
      await page.getByText('Replay', { exact: true }).click();
      await page.locator('.notice', { hasText: 'The answers are the same.' }).waitFor();
      await rowsAre(page, 'the local call', (all) => all.some((row) => row.startsWith('price, local call')));
      assert.equal(new URL(page.url()).searchParams.getAll('id').length, 2, 'an address for both');
      await page.screenshot({ path: path.join(SHOTS, `two traces ${auth}.png`) });
      assert.deepEqual(await faultsOf(page), []);
      await page.reload();
      await until('both again', async () => (await page.getByRole('treegrid').count()) === 2);
      await page.getByText('Show Only This').first().click();
      await until('one', async () => (await page.getByRole('treegrid').count()) === 1);
      await page.getByText('Compare with...').click();
      await page.locator('dialog select').waitFor();
      await page.keyboard.press('Enter');
      await until('both once more', async () => (await page.getByRole('treegrid').count()) === 2);
    });

  it('edit the schedule, and save it through the API', async (test) => {
    const t = lastFirst(test);
    const server = await TestServer.start(t);
    for (const name of ['cart', 'price']) await server.deploy(name, saying(name));
    const put = (entries: unknown): Promise<unknown> =>
      server.request('/-/schedule', { method: 'PUT', body: JSON.stringify({ entries }) });
    const entries = async (): Promise<unknown> =>
      (await server.request('/-/schedule')).json<{ entries: unknown }>().entries;
    await put({ 0: [] });
    const page = await open(t, `${server.url.origin}/-/ui/schedule`, 'light');
    const thing = (label: RegExp) => page.getByRole('button', { name: label }).first();
    await thing(/^0 s/).focus();
    await page.keyboard.press('a');
    await page.locator('dialog input').fill('1:30');
    await page.keyboard.press('Enter');
    await thing(/^1:30 min/).waitFor();
    await page.keyboard.press('t');
    await page.locator('dialog select').selectOption('cart');
    await page.keyboard.press('Enter');
    await thing(/^cart, nodejs/).waitFor();
    await page.screenshot({ path: path.join(SHOTS, 'schedule.png') });
    assert.deepEqual(await faultsOf(page), []);
    assert.deepEqual(await entries(), [{ second: 0, setup: [] }], 'not saved yet');
    await page.getByText('Save', { exact: true }).click();
    await until('the entry', async () => JSON.stringify(await entries()).includes('{"second":90,"setup":[["cart"]]}'));
    await page.getByText('Save', { exact: true }).waitFor({ state: 'detached' });
    await page.getByText('Undo').click();
    await page.getByText('Save', { exact: true }).waitFor();
    await put({ 7: [['price']] });
    await page.getByText('Save', { exact: true }).click();
    await page.getByText('Others have changed the schedule meanwhile.').first().waitFor();
    assert.deepEqual(await entries(), [{ second: 7, setup: [['price']] }]);
    await page.getByText('Redo').click();
    await page.getByText('Save', { exact: true }).click();
    await until('the entry', async () => JSON.stringify(await entries()).includes('"second":90'));
    await put({ 8: [] });
    await thing(/^8 s/).waitFor();
  });

  it('show the map, live, and fuse on it', async (test) => {
    const t = lastFirst(test);
    const server = await TestServer.start(t);
    await server.deploy('cart', calling('cart', 'price'));
    await server.deploy('price', saying('price'));
    const page = await open(t, `${server.url.origin}/-/ui/map`, 'light');
    const node = (name: string) => page.locator(`[data-task="${name}"]`);
    await node('cart').waitFor();
    assert.equal(await page.locator('.edge.remote').count(), 1, 'only that of the legend');
    for (let n = 0; n < 3; n += 1) assert.equal((await server.post('cart', {})).status, 200);
    await page.locator('.edge-label', { hasText: /^3 · / }).waitFor();
    assert.match((await node('cart').locator('.task-line').textContent()) ?? '', /^3 in · nodejs/);
    await page.screenshot({ path: path.join(SHOTS, 'map.png') });
    assert.deepEqual(await faultsOf(page), []);
    await page.getByRole('button', { name: 'Fuse price + cart' }).click();
    await page.locator('.notice', { hasText: 'Made price + cart.' }).waitFor();
    await page.locator('.group text', { hasText: '2 fused' }).waitFor();
    await server.post('cart', {});
    await page.locator('svg.map .edge.local').waitFor();
    await page.getByLabel('Setup', { exact: true }).selectOption('all');
    await until('both kinds', async () => (await page.locator('svg.map .edge').count()) === 2);
    await page.reload();
    await until('the same after a reload', async () => (await page.locator('svg.map .edge').count()) === 2);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export SVG' }).click();
    const file = await (await download).path();
    assert.match(await readFile(file, 'utf8'), /^<svg .*price/s);
  });

  it('say what is wrong: without a token, for a trace and a page that are not there', async (test) => {
    const t = lastFirst(test);
    const server = await TestServer.start(t, { auth: 'always' });
    assert.equal((await server.request('/-/ui')).status, 401);
    const open_ = await TestServer.start(t);
    const page = await open(t, `${open_.url.origin}/-/ui/trace`, 'light');
    await page.getByText('There is no trace to show.').waitFor();
    for (const target of ['/-/ui/nothing', '/-/ui/files/nothing.js', '/-/ui/files/..%2f..%2fcli.cjs']) {
      const answer = await open_.request(target);
      assert.deepEqual([answer.status, /\/-\/ui shows what there is/.test(answer.text)], [404, true], target);
    }
  });

  it("are out of reach of a Task's page", async (test) => {
    const t = lastFirst(test);
    const server = await TestServer.start(t);
    await server.deploy('spy', {
      ...saying(''),
      'main.js':
        'exports.handler = (context) => ' +
        `context.callback(new context.Response(${JSON.stringify(SPY)}, {}, 'text/html', 200));\n`,
    });
    const context = await browser.newContext();
    t.after(() => context.close());
    const page = await context.newPage();
    await page.goto(`${server.url.origin}/spy/`);
    await until('its attempts', async () => (await page.title()) === 'rejected,rejected');
  });
});
