import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import type { LogRecord } from '../../src/shared/api.ts';
import type { ShownSpan } from '../../src/shared/trace/traceModel.ts';
import type { Exchange } from '../../src/shared/traceApi.ts';
import type { ShownTrace } from '../../src/shared/views/traceView.ts';
import { until } from '../support/until.ts';
import { Pages, THEME_NAMES } from '../support/webview/pages.ts';

const TRACE = 'abcdef0123456789'.repeat(2);
const BEGIN = Date.UTC(2026, 0, 1);
const span = (
  callee: string,
  caller: string | null,
  [at, duration]: readonly [number, number],
  more: Partial<ShownSpan> = {},
): ShownSpan => ({
  trace: TRACE,
  span: `span-${callee}`,
  parent: caller === null ? null : `span-${caller}`,
  caller,
  callee,
  local: false,
  start: BEGIN + at,
  duration,
  status: 200,
  cold: false,
  group: [callee],
  recorded: false,
  setup: '5f3a',
  ...more,
});
const log = (task: string, at: number, level: LogRecord['level'], message: string): LogRecord => ({
  time: BEGIN + at,
  level,
  message,
  with: {},
  task,
  function: task,
  trace: TRACE,
  stream: 'log',
});

const CHECKOUT: ShownTrace = {
  id: TRACE,
  spans: [
    span('checkout', null, [0, 184], { request: 'POST /checkout', recorded: true, worker: '0' }),
    span('cart', 'checkout', [4, 60], { group: ['cart', 'price'], recorded: true, cold: true }),
    span('price', 'cart', [20, 12.4], { local: true, group: ['cart', 'price'] }),
    span('payment', 'checkout', [66, 100], { recorded: true, status: 502, waited: 20 }),
    span('bank', 'payment', [70, 90], { status: 0 }),
    span('mail', 'checkout', [170, 60], { mode: 'async' }),
    span('stray', 'gone', [30, 8]),
  ],
  logs: [log('cart', 10, 'info', 'loading cart 7'), log('payment', 160, 'error', 'bank does not answer')],
};
const EXCHANGES: Record<string, Exchange> = {
  'span-checkout': {
    request: {
      method: 'POST',
      path: '/checkout',
      headers: { 'Content-Type': 'application/json', Authorization: '***' },
      body: '{"order":"A-7","items":[{"id":1},{"id":2}]}',
      encoding: 'utf8',
      size: 43,
      truncated: false,
    },
    answer: {
      status: 200,
      headers: { 'Content-Type': 'application/json' },
      body: '{"total":42}',
      encoding: 'utf8',
      size: 12,
      truncated: false,
    },
    masked: true,
  },
  'span-payment': {
    request: {
      method: 'POST',
      path: '/payment',
      headers: {},
      body: `iban DE00 ${'x'.repeat(60_000)}`,
      encoding: 'utf8',
      size: 90_000,
      truncated: true,
    },
    answer: null,
    masked: false,
  },
};
const GROUPS = [['checkout'], ['cart', 'price'], ['payment'], ['bank'], ['mail']];
const given = (traces: readonly ShownTrace[] = [CHECKOUT]) => ({
  shown: { traces, groups: GROUPS },
  exchanges: EXCHANGES,
});

describe('the page of a trace', { concurrency: false }, () => {
  let pages: Pages;
  before(async () => {
    pages = await Pages.start('trace', './tracePageHost.ts');
  });
  after(() => pages.close());

  const row = (page: Page, task: string) =>
    page.locator('.grid-row', { has: page.locator(`.name:text-is("${task}")`) });
  const names = (page: Page): Promise<string[]> => page.locator('.grid-row .name').allInnerTexts();
  const acts = (page: Page): Promise<unknown> => page.evaluate('host.acts');
  const details = (page: Page) => page.locator('.details');
  const focusIs = (page: Page, words: RegExp): Promise<unknown> =>
    until(`the focus on ${words}`, async () =>
      words.test(await page.evaluate("document.activeElement?.getAttribute('aria-label') ?? ''")),
    );
  const shown = (page: Page): Promise<void> => details(page).getByText('Request', { exact: true }).last().waitFor();

  it('shows who called whom, how and how long, and what was logged', async (t) => {
    const page = await pages.open(t, given());
    await shown(page);
    assert.deepEqual(await names(page), ['checkout', 'cart', 'price', 'payment', 'bank', 'mail', 'stray']);
    const said = await page
      .locator('.grid-row')
      .evaluateAll((rows) => rows.map((one) => one.getAttribute('aria-label')));
    assert.deepEqual(said, [
      'checkout, invocation from outside, 200, 184 ms, on the critical path',
      'cart, remote call, 200, 60.0 ms, on the critical path, cold start, 1 log',
      'price, local call, 200, 12.4 ms, on the critical path',
      'payment, remote call, failed, 502, 100 ms, on the critical path, waited 20.0 ms for a worker, 1 log',
      'bank, remote call, failed, no answer, 90.0 ms, on the critical path',
      'mail, asynchronous call, 200, 60.0 ms',
      'stray, remote call, 200, 8.00 ms, on the critical path, Its caller was not recorded',
    ]);
    await row(page, 'payment').click();
    await details(page).getByText('bank does not answer').waitFor();
    await details(page).getByText('No answer came.').waitFor();
    await pages.shot(page, 'trace');
  });

  it('is walked by keys: along the tree, the critical path and the errors', async (t) => {
    const page = await pages.open(t, given());
    await shown(page);
    await row(page, 'checkout').focus();
    await page.keyboard.press('ArrowDown');
    await focusIs(page, /^cart,/);
    await page.keyboard.press('ArrowLeft');
    assert.deepEqual(await names(page), ['checkout', 'cart', 'payment', 'bank', 'mail', 'stray']);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await focusIs(page, /^price,/);
    await page.keyboard.press('ArrowLeft');
    await focusIs(page, /^cart,/);
    await page.keyboard.press('e');
    await focusIs(page, /^payment,/);
    await page.keyboard.press('e');
    await focusIs(page, /^bank,/);
    await page.keyboard.press('Shift+C');
    await focusIs(page, /^payment,/);
    await page.keyboard.press('End');
    await focusIs(page, /^stray,/);
    await page.keyboard.press('Home');
    await focusIs(page, /^checkout,/);
    await page.keyboard.press('o');
    await until('the act', async () => ((await acts(page)) as unknown[]).length === 1);
    assert.deepEqual(await acts(page), [{ kind: 'openTask', task: 'checkout' }]);
  });

  it('finds names, and values in what was recorded, and opens what they are in', async (t) => {
    const page = await pages.open(t, given());
    await shown(page);
    await row(page, 'checkout').focus();
    await page.keyboard.press('ArrowLeft');
    assert.deepEqual(await names(page), ['checkout', 'stray']);
    await page.keyboard.press('/');
    await page.keyboard.type('iban');
    await page.locator('.steps', { hasText: 'finds 1' }).waitFor();
    await page.keyboard.press('Enter');
    await focusIs(page, /^payment,/);
    await page.locator('.grid-row.found.cursor').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('no such thing');
    await page.locator('.steps', { hasText: 'finds 0' }).waitFor();
  });

  it('shows only what fits its filters, with the way to it', async (t) => {
    const page = await pages.open(t, given());
    await shown(page);
    await page.getByRole('button', { name: 'Errors', exact: true }).click();
    assert.deepEqual(await names(page), ['checkout', 'payment', 'bank']);
    await page.getByRole('button', { name: 'Cold starts' }).click();
    await page.getByText('No span fits these filters.').waitFor();
    await page.getByRole('button', { name: 'Errors', exact: true }).click();
    assert.deepEqual(await names(page), ['checkout', 'cart']);
  });

  it('offers to fuse a remote call, and says where the two are together already', async (t) => {
    const page = await pages.open(t, given());
    await shown(page);
    await row(page, 'cart').click();
    await details(page).getByText('Fuse These Tasks').click();
    await until('the act', async () => ((await acts(page)) as unknown[]).length === 1);
    assert.deepEqual(await acts(page), [{ kind: 'fuse', tasks: ['checkout', 'cart'] }]);
    await page.evaluate(`host.channel.tell('groups', [['checkout', 'cart', 'price']])`);
    await details(page).getByText('They are in one Fusion Group now.').waitFor();
    await row(page, 'price').click();
    await details(page).getByText('The request of a local call is not recorded').waitFor();
    assert.equal(await details(page).getByText('Fuse These Tasks').count(), 0);
  });

  it('shows two traces on one axis, the second with its change', async (t) => {
    const fused: ShownTrace = {
      id: TRACE.replace('abc', '123'),
      spans: [
        span('checkout', null, [0, 92], { request: 'POST /checkout', recorded: true }),
        span('cart', 'checkout', [2, 0.4], { local: true, group: ['checkout', 'cart'] }),
      ],
      logs: [],
    };
    const page = await pages.open(t, given([CHECKOUT, fused]));
    await shown(page);
    assert.equal(await page.getByRole('treegrid').count(), 2);
    await page.getByText('2.50 x as quick').waitFor();
    const widths = await page
      .locator('.bar.outer')
      .evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect().width));
    assert.ok(Math.abs((widths[0] ?? 0) / (widths[1] ?? 1) - 2) < 0.02, String(widths));
    await pages.shot(page, 'two traces');
    await page.getByText('Show Only This').last().click();
    await until('the act', async () => ((await acts(page)) as unknown[]).length === 1);
    assert.deepEqual(await acts(page), [{ kind: 'only', trace: fused.id }]);
  });

  it('keeps its place when more of the trace comes', async (t) => {
    const page = await pages.open(t, given([{ ...CHECKOUT, spans: CHECKOUT.spans.slice(0, 4) }]));
    await shown(page);
    await row(page, 'payment').focus();
    await page.evaluate(`host.channel.tell('show', ${JSON.stringify(given().shown)})`);
    await row(page, 'bank').waitFor();
    await focusIs(page, /^payment,/);
  });

  it('shows a trace of nothing, and names of 40 characters', async (t) => {
    const empty = await pages.open(t, given([{ id: TRACE, spans: [], logs: [] }]));
    await empty.getByText('Nothing of this trace is recorded.').waitFor();
    const long = 'a'.repeat(40);
    const page = await pages.open(t, given([{ id: TRACE, spans: [span(long, null, [0, 5])], logs: [] }]), {
      width: 300,
    });
    await row(page, long).waitFor();
    assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true);
  });

  for (const theme of THEME_NAMES)
    it(`has no fault that axe finds: ${theme}`, (t) =>
      pages.check(t, given(), theme, async (page) => {
        await shown(page);
        await row(page, 'cart').focus();
        await page.getByRole('button', { name: 'Remote only' }).focus();
      }));

  it('of 2,000 spans draws within a second, and scrolls without blank rows', async (t) => {
    const spans = Array.from({ length: 2000 }, (_, at) =>
      span(`task-${at}`, at === 0 ? null : `task-${Math.floor((at - 1) / 3)}`, [at * 0.4, 900 - at * 0.4]),
    );
    const page = await pages.open(t, given([{ id: TRACE, spans, logs: [] }]));
    await row(page, 'task-0').waitFor();
    const drawn = (await page.evaluate(
      "performance.getEntriesByType('paint').find(({ name }) => name === 'first-contentful-paint').startTime",
    )) as number;
    t.diagnostic(`first paint after ${Math.round(drawn)} ms`);
    const blank = await page.evaluate(`(async () => {
      const grid = document.querySelector('.grid-scroll');
      let blank = 0;
      for (let step = 0; step < 60; step += 1) {
        grid.scrollTop += 700;
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        const { top, bottom } = grid.getBoundingClientRect();
        const rows = [...document.querySelectorAll('.grid-row')].filter((row) => {
          const box = row.getBoundingClientRect();
          return box.bottom > top && box.top < bottom;
        });
        if (rows.length < Math.floor((bottom - top) / 24)) blank += 1;
      }
      return blank;
    })()`);
    assert.equal(blank, 0);
    assert.ok((await page.locator('.grid-row').count()) < 100, 'only those in sight are drawn');
    await row(page, 'task-0').focus();
    await page.keyboard.press('End');
    const last = "document.activeElement?.getAttribute('aria-rowindex')";
    await until('the focus on the last row', async () => (await page.evaluate(last)) === '2000');
  });
});
