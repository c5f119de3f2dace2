import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { packageRoot } from '../../src/shared/packageRoot.ts';
import type { ShownMap } from '../../src/shared/views/mapView.ts';
import { until } from '../support/until.ts';
import { Pages, THEME_NAMES } from '../support/webview/pages.ts';
import { call, deployed, SHOP } from '../support/webview/shopMap.ts';

describe('the fusion map', { concurrency: false }, () => {
  let pages: Pages;
  before(async () => {
    pages = await Pages.start('map', './mapPageHost.ts');
  });
  after(() => pages.close());

  const task = (page: Page, name: string) => page.locator(`[data-task="${name}"]`);
  const details = (page: Page) => page.locator('.details');
  const host = <T>(page: Page, what: string): Promise<T> => page.evaluate(`host.${what}`) as Promise<T>;
  const acts = async (page: Page, count: number): Promise<unknown[]> => {
    const all = (): Promise<unknown[]> => host(page, 'acts');
    await until(`${count} acts`, async () => (await all()).length >= count);
    return all();
  };
  const places = (page: Page): Promise<Record<string, string>> =>
    page
      .locator('[data-task]')
      .evaluateAll((nodes) =>
        Object.fromEntries(nodes.map((node) => [node.getAttribute('data-task'), node.getAttribute('transform')])),
      ) as Promise<Record<string, string>>;
  const focusIs = (page: Page, name: string): Promise<unknown> =>
    until(`the focus on ${name}`, async () => (await page.evaluate('document.activeElement?.dataset.task')) === name);
  const open = async (t: Parameters<Pages['open']>[0], given: ShownMap = SHOP, size = {}): Promise<Page> => {
    const page = await pages.open(t, given, size);
    await page.locator('[data-task]').first().waitFor();
    return page;
  };
  /** The middle of a Task on the screen. */
  const middle = async (page: Page, name: string): Promise<[number, number]> => {
    const box = (await task(page, name).boundingBox()) ?? assert.fail(`${name} is not to be seen`);
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  const dragTo = async (page: Page, name: string, to: [number, number]): Promise<void> => {
    await page.mouse.move(...(await middle(page, name)));
    await page.mouse.down();
    await page.mouse.move(to[0] - 20, to[1] - 5, { steps: 4 });
    await page.mouse.move(...to, { steps: 2 });
  };

  it('shows Tasks in their groups, and who calls whom, how often and how long', async (t) => {
    const page = await open(t);
    const said = await page
      .locator('[data-task]')
      .evaluateAll((nodes) => nodes.map((node) => node.querySelector('title')?.textContent));
    assert.deepEqual(said, [
      'bank; nodejs, ready; by itself; called by payment (remote)',
      'cart; python:3.11, unhealthy; fused with price; calls price (local); called by checkout (remote)',
      'checkout; python:3.11, ready; by itself; 1240 invocations from outside; ' +
        'calls cart (remote), payment (remote), mail (async)',
      'gone; not deployed; by itself; called by payment (remote)',
      'mail; python:3.11, ready; by itself; called by checkout (async)',
      'payment; python:3.11, ready; by itself; calls bank (remote), gone (remote); called by checkout (remote)',
      'price; python:3.11, ready; fused with cart; calls price (local); called by cart (local), price (local)',
    ]);
    const labels = await page.locator('.edge-label').allTextContents();
    assert.ok(labels.includes('4,800 · 0.02 ms') && labels.includes('900 · 84.0 ms · ✗ 31'), String(labels));
    const [group, cart] = [await page.locator('.group rect').boundingBox(), await task(page, 'cart').boundingBox()];
    assert.ok(group && cart && group.x < cart.x && group.y < cart.y && group.x + group.width > cart.x + cart.width);
    await details(page).getByText('7 Tasks in 6 groups').waitFor();
    await details(page).getByText('8,739 calls from Task to Task, 55 % of them local.').waitFor();
    await pages.shot(page, 'map');
  });

  it('shows the calls of one Task, and what can be done with it', async (t) => {
    const page = await open(t);
    await task(page, 'payment').click();
    await details(page).getByRole('heading', { name: 'payment' }).waitFor();
    assert.deepEqual(await details(page).locator('caption').allInnerTexts(), ['Called by', 'Calls']);
    assert.equal(await page.locator('.edge.faint').count(), 4);
    await details(page).getByRole('button', { name: 'Fuse payment + checkout' }).waitFor();
    // bank has another runtime.
    assert.deepEqual(await details(page).locator('option').allInnerTexts(), [
      'Choose a group...',
      'cart + price',
      'checkout',
      'mail',
    ]);
    await details(page).locator('select').selectOption('cart + price');
    await pages.shot(page, 'a Task');
    await details(page).getByText('Fuse cart + price + payment').last().click();
    assert.deepEqual(await acts(page, 1), [{ kind: 'fuse', tasks: ['cart', 'price', 'payment'] }]);
    await page.getByRole('alert').getByText('Made cart + price + payment.').waitFor();
    await details(page).getByText('Split Out').click();
    assert.deepEqual((await acts(page, 2))[1], { kind: 'split', task: 'payment' });
  });

  it('fuses by a drag into a group, and says before what it will make', async (t) => {
    const page = await open(t);
    const before = await places(page);
    await dragTo(page, 'checkout', await middle(page, 'price'));
    assert.equal(await page.locator('.ghost').innerText(), 'Fuse cart + price + checkout');
    await page.locator('.group.target').waitFor();
    await pages.shot(page, 'dragging');
    await page.mouse.up();
    assert.deepEqual(await acts(page, 1), [{ kind: 'fuse', tasks: ['cart', 'price', 'checkout'] }]);
    await until('one group of three', async () => (await page.locator('.group text').innerHTML()) === '3 fused');
    const { checkout: _, ...others } = await places(page);
    const { checkout: __, ...same } = before;
    assert.deepEqual(others, same, 'what did not change has moved');
  });

  it('splits by a drag out of a group, and the Task stays where it was dropped', async (t) => {
    const page = await open(t);
    const scroller = (await page.locator('.scroller').boundingBox()) ?? assert.fail();
    const to: [number, number] = [scroller.x + 60, scroller.y + scroller.height - 60];
    await dragTo(page, 'price', to);
    assert.equal(await page.locator('.ghost').innerText(), 'Split price out; leaves cart');
    await page.mouse.up();
    assert.deepEqual(await acts(page, 1), [{ kind: 'split', task: 'price' }]);
    await until('no group', async () => (await page.locator('.group').count()) === 0);
    const box = (await task(page, 'price').boundingBox()) ?? assert.fail();
    assert.ok(Math.abs(box.x - to[0]) < 40 && Math.abs(box.y - to[1]) < 40, JSON.stringify(box));
  });

  it('does nothing for a drop that cannot be, and says why; Escape ends a drag', async (t) => {
    const page = await open(t);
    await dragTo(page, 'bank', await middle(page, 'checkout'));
    const why = 'bank is nodejs, checkout is python:3.11: they cannot run in one function';
    assert.equal(await page.locator('.ghost').innerText(), why);
    await page.mouse.up();
    await page.getByRole('alert').getByText(why).waitFor();
    await dragTo(page, 'mail', await middle(page, 'checkout'));
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.ghost').count(), 0);
    await page.mouse.up();
    assert.deepEqual(await host(page, 'acts'), []);
  });

  it('is used by keys: walked, chosen, fused, split and opened', async (t) => {
    const page = await open(t);
    await task(page, 'checkout').focus();
    await page.keyboard.press('ArrowRight');
    const next = (await page.evaluate('document.activeElement.dataset.task')) as string;
    assert.ok(['cart', 'mail', 'payment'].includes(next), next);
    await page.keyboard.press('ArrowLeft');
    await focusIs(page, 'checkout');
    await page.keyboard.press('Enter');
    await details(page).getByRole('heading', { name: 'checkout' }).waitFor();
    await page.keyboard.press('Escape');
    await details(page).getByText('7 Tasks in 6 groups').waitFor();
    await page.keyboard.press('o');
    assert.deepEqual(await acts(page, 1), [{ kind: 'openTask', task: 'checkout' }]);
    await task(page, 'mail').focus();
    await page.keyboard.press('Space');
    await task(page, 'mail').and(page.locator('.carried')).waitFor();
    await page.keyboard.press('ArrowLeft');
    await focusIs(page, 'checkout');
    assert.equal(await page.getByRole('status').innerText(), 'Fuse checkout + mail');
    await page.keyboard.press('Enter');
    assert.deepEqual((await acts(page, 2))[1], { kind: 'fuse', tasks: ['checkout', 'mail'] });
    await until('the group', async () => (await page.locator('.group').count()) === 2);
    await focusIs(page, 'checkout');
    await page.keyboard.press('Delete');
    assert.deepEqual((await acts(page, 3))[2], { kind: 'split', task: 'checkout' });
    await page.keyboard.press('/');
    await page.keyboard.type('PRI');
    await page.keyboard.press('Enter');
    await details(page).getByRole('heading', { name: 'price' }).waitFor();
  });

  it('goes on living without moving anything: other counts, other calls, a new Task', async (t) => {
    const page = await open(t);
    await task(page, 'payment').click();
    await task(page, 'mail').focus();
    const before = await places(page);
    const calls = [...SHOP.calls.calls.slice(1), call(null, 'checkout', { count: 1241 }), call('mail', 'bank')];
    const tasks = [...SHOP.tasks, deployed('stock')];
    const groups = [...SHOP.groups, ['stock']];
    await page.evaluate(`host.change(${JSON.stringify({ tasks, groups, calls: { ...SHOP.calls, calls } })})`);
    await task(page, 'stock').waitFor();
    const { stock, ...others } = await places(page);
    assert.ok(stock);
    assert.deepEqual(others, before);
    await page.getByText('1,241 in').waitFor();
    await details(page).getByRole('heading', { name: 'payment' }).waitFor();
    await focusIs(page, 'mail');
  });

  it('asks for the calls of a time and of a setup; an earlier one cannot be changed', async (t) => {
    const page = await open(t);
    await page.getByLabel('Calls', { exact: true }).selectOption('Last minute');
    const setups = page.getByLabel('Setup', { exact: true });
    assert.match((await setups.locator('option').allInnerTexts())[2] ?? '', /^old1, until .* \(40 calls\)$/);
    await setups.selectOption('old1');
    await until('both', async () => (await host<unknown[]>(page, 'filters')).length === 2);
    assert.deepEqual(await host(page, 'filters'), [
      { window: 60, setup: 'current' },
      { window: 60, setup: 'old1' },
    ]);
    await page.getByText('2 fused, earlier').waitFor();
    await task(page, 'price').focus();
    await page.keyboard.press('Delete');
    await page.getByRole('alert').getByText('This setup is not in force').waitFor();
    assert.deepEqual(await host(page, 'acts'), []);
  });

  it('is exported as a picture that stands by itself, SVG and PNG', async (t) => {
    const page = await open(t, SHOP, { theme: 'dark' });
    const dir = path.join(packageRoot(), 'test-results', 'webview', 'map');
    await mkdir(dir, { recursive: true });
    const contents: string[] = [];
    for (const ending of ['svg', 'png']) {
      await page.getByRole('button', { name: `Export ${ending.toUpperCase()}` }).click();
      await page.getByRole('alert').getByText(`Saved as fusion-map.${ending}.`).waitFor();
      const { content } = (await host<{ content: string }[]>(page, 'pictures')).at(-1) ?? assert.fail();
      await writeFile(path.join(dir, `export.${ending}`), content, ending === 'svg' ? 'utf8' : 'base64');
      contents.push(content);
    }
    const [svg = '', png = ''] = contents;
    assert.match(svg, /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    assert.match(svg, /checkout/);
    assert.doesNotMatch(svg, /var\(|class=|<script|role=/);
    const bytes = Buffer.from(png, 'base64');
    assert.deepEqual([...bytes.subarray(1, 4)].map((code) => String.fromCharCode(code)).join(''), 'PNG');
    const width = Number(/ width="([\d.]+)"/.exec(svg)?.[1]);
    assert.equal(bytes.readUInt32BE(16), Math.floor(width * 2));
  });

  it('shows what it can of nothing, and of long names', async (t) => {
    const nothing = await pages.open(t, {
      ...SHOP,
      tasks: [],
      groups: [],
      calls: { ...SHOP.calls, calls: [] },
    });
    await nothing.getByText('No Task is deployed. Deploy one, and it is shown here.').waitFor();
    const long = 'a'.repeat(40);
    const page = await open(t, { ...SHOP, tasks: [deployed(long)], groups: [[long]] }, { width: 300 });
    await task(page, long).click();
    assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true);
  });

  for (const theme of THEME_NAMES)
    it(`has no fault that axe finds: ${theme}`, (t) =>
      pages.check(t, SHOP, theme, async (page) => {
        await task(page, 'payment').click();
        await task(page, 'cart').focus();
        await details(page).getByRole('heading', { name: 'payment' }).waitFor();
      }));

  it('of 100 Tasks with 300 edges draws within a second', async (t) => {
    const names = Array.from({ length: 100 }, (_, index) => `task-${index}`);
    const groups = Array.from({ length: 50 }, (_, index) => names.slice(2 * index, 2 * index + 2));
    const calls = Array.from({ length: 300 }, (_, n) =>
      call(names[n % 100] ?? '', names[(n * 37 + 11 + Math.floor(n / 100)) % 100] ?? '', { count: n + 1 }),
    );
    const page = await open(t, {
      ...SHOP,
      tasks: names.map((name) => deployed(name)),
      groups,
      calls: { ...SHOP.calls, calls },
    });
    assert.equal(await page.locator('svg.map .edge').count(), 300);
    const first = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0";
    await until('the first paint', async () => ((await page.evaluate(first)) as number) > 0);
    const drawn = (await page.evaluate(first)) as number;
    t.diagnostic(`first paint after ${Math.round(drawn)} ms`);
    await pages.shot(page, '100 Tasks');
    await task(page, 'task-42').hover();
    await pages.shot(page, '100 Tasks, one of them');
  });
});
