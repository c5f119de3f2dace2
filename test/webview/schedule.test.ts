import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import type { LiveSchedule } from '../../src/shared/views/scheduleView.ts';
import { until } from '../support/until.ts';
import { Pages, THEME_NAMES } from '../support/webview/pages.ts';

const TEXT = `{
  "0": [],
  "40": [["taska", "taskb"], ["taskc"]],
  "90": [["taska", "taskb", "taskc"], ["web", "render"]]
}
`;
const RUNTIMES = { taska: 'python', taskb: 'python', taskc: 'python:3.11', web: 'nodejs', render: 'nodejs' };
const LIVE: LiveSchedule = {
  isFollowed: true,
  note: undefined,
  isRunning: false,
  seconds: 47,
  inForce: 40,
  next: 90,
  failed: [],
  busy: undefined,
  tasks: Object.entries(RUNTIMES).map(([name, runtime]) => ({ name, runtime, isDeployed: true, state: 'ready' })),
};
/** What `JSON` leaves out of an object is undefined in the page, too. */
const begin = (text: string, live: Partial<LiveSchedule> = {}) => ({ text, live: { ...LIVE, ...live } });

describe('the board of a schedule', { concurrency: false }, () => {
  let pages: Pages;
  before(async () => {
    pages = await Pages.start('schedule', './scheduleHost.ts');
  });
  after(() => pages.close());

  async function open(
    t: { after(fn: () => Promise<void>): void },
    given: unknown,
    options: { theme?: string; width?: number; height?: number } = {},
  ): Promise<Page> {
    const page = await pages.open(t, given, options);
    await page.locator('h1', { hasText: 'fusion.schedule.json' }).waitFor();
    return page;
  }

  const textOf = (page: Page): Promise<string> => page.evaluate('host.text');
  const thing = (page: Page, label: string | RegExp) => page.getByRole('button', { name: label }).first();
  const shot = (page: Page, name: string): Promise<void> => pages.shot(page, name);
  /** Evaluated from outside: the page's policy does not allow `eval`. */
  const holds = (page: Page, expression: string): Promise<unknown> =>
    until(expression, () => page.evaluate(expression));
  async function changes(page: Page, from: string, to: string): Promise<void> {
    await holds(page, `host.text.includes(${JSON.stringify(to)})`);
    assert.ok(!(await textOf(page)).includes(from));
  }
  const focusIs = (page: Page, label: RegExp): Promise<unknown> =>
    until(`the focus on ${label}`, async () =>
      label.test(await page.evaluate("document.activeElement?.getAttribute('aria-label') ?? ''")),
    );
  async function drag(page: Page, from: Locator, to: string): Promise<void> {
    const box = await from.boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + 40, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + 60, box.y + box.height / 2 + 10, { steps: 3 });
    const target = await page.locator(to).first().boundingBox();
    assert.ok(target, to);
    await page.mouse.move(target.x + target.width / 2, target.y + target.height / 2, { steps: 5 });
    await page.mouse.up();
  }

  it('shows entries over time, with what each changes', async (t) => {
    const page = await open(t, begin(TEXT, { failed: [{ second: 90, reason: 'No worker came up' }], isRunning: true }));
    await thing(page, /^40 s in force, entry, fuses taska \+ taskb$/).waitFor();
    await thing(page, /^1:30 min next failed, entry, No worker came up, fuses /).waitFor();
    await thing(page, /^taskc, python:3\.11, fused by this entry$/).waitFor();
    assert.match(await page.locator('.clock').innerText(), /4[789] s/);
    await shot(page, 'board');
  });

  it('moves a Task by the mouse: into a group, out of one, and from the list', async (t) => {
    const page = await open(t, begin(TEXT));
    await drag(page, thing(page, /^taskc, python:3\.11$/), '[data-key="40"][data-to="0"]');
    await changes(page, '["taskc"]', '"40": [["taska", "taskb", "taskc"]]');
    // By its new words: the page shows the new text, and nothing moves under the mouse any more.
    await focusIs(page, /^taskc, python:3\.11, fused/);
    await drag(page, thing(page, /^taska, python, fused/), '[data-key="40"][data-to="new"]');
    await changes(page, '"taskc"]]\n', '"40": [["taskb", "taskc"], ["taska"]]');
    await focusIs(page, /^taska, python$/);
    await drag(page, thing(page, /^taska, python$/), '[data-key="40"][data-to="none"]');
    await changes(page, '["taska"]', '"40": [["taskb", "taskc"]]');
    await focusIs(page, /^Group 1|^40 s/);
    await drag(page, page.locator('.task', { hasText: 'web' }), '[data-key="0"][data-to="new"]');
    await changes(page, '"0": []', '"0": [["web"]]');
    // Pressed, it comes to the entry that has the focus.
    await focusIs(page, /^web, nodejs/);
    await page.locator('.task', { hasText: 'taskc' }).click();
    await changes(page, '[["web"]]', '"0": [["web"], ["taskc"]]');
    await drag(page, page.locator('.task', { hasText: 'render' }), '.toolbar');
    assert.equal(await page.locator('.ghost').count(), 0);
    assert.match(await textOf(page), /"0": \[\["web"\], \["taskc"\]\]/, 'the toolbar is no place for a Task');
  });

  it('moves a Task by the keyboard alone, and takes it back', async (t) => {
    const page = await open(t, begin(TEXT));
    await page.locator('[tabindex="0"]').first().focus();
    await page.keyboard.press('ArrowRight');
    await focusIs(page, /^40 s in force, entry/);
    for (let times = 0; times < 5; times += 1) await page.keyboard.press('ArrowDown');
    await focusIs(page, /^taskc, python/);
    await page.keyboard.press('Space');
    await shot(page, 'picked up');
    await page.keyboard.press('ArrowUp');
    assert.match(await page.locator('.target').innerText(), /taska/);
    await page.keyboard.press('Enter');
    await changes(page, '["taskc"]', '"40": [["taska", "taskb", "taskc"]]');
    await focusIs(page, /^taskc, python:3\.11, fused/);
    assert.match(await page.locator('.spoken').innerText(), /taskc is fused with taska, taskb/);
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Escape');
    await focusIs(page, /^taskc, python:3\.11, fused/);
    await page.getByText('Undo').click();
    await holds(page, `host.text === ${JSON.stringify(TEXT)}`);
  });

  it('adds, moves, duplicates and deletes entries; joins and splits groups', async (t) => {
    const page = await open(t, begin(TEXT));
    await page.evaluate('host.answers = [60, 65, 70, "render"]');
    await page.locator('[tabindex="0"]').first().focus();
    await page.keyboard.press('a');
    await focusIs(page, /^1:00 min, entry/);
    await page.keyboard.press('m');
    await focusIs(page, /^1:05 min, entry/);
    await page.keyboard.press('d');
    await focusIs(page, /^1:10 min, entry/);
    await page.keyboard.press('t');
    await focusIs(page, /^render, nodejs/);
    await changes(page, '"60"', '"70": [["render"]]');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Delete');
    await changes(page, '"70"', '"65": []');
    // Two groups, joined by dragging one onto the other, and split again.
    await drag(page, thing(page, /^Group 2: by itself$/), '[data-key="40"][data-to="0"]');
    await changes(page, '["taskc"]', '"40": [["taska", "taskb", "taskc"]]');
    await focusIs(page, /^Group 1: 3 Tasks fused/);
    await page.keyboard.press('s');
    await changes(page, '"taskb", "taskc"]]', '"40": [["taska"], ["taskb"], ["taskc"]]');
  });

  it('greys out what it shows while the text is broken, and goes on when it is mended', async (t) => {
    const page = await open(t, begin(TEXT));
    await page.evaluate(`host.replace('{"0": [')`);
    await page.getByText(/^Line 1, column 8: .*The board shows the last version/).waitFor();
    assert.equal(await page.locator('.body').evaluate((body) => body.hasAttribute('inert')), true);
    await thing(page, /^40 s in force, entry/).waitFor();
    await shot(page, 'broken');
    await page.getByText('Open as Text').first().click();
    await holds(page, "host.acts.some(({ kind }) => kind === 'openText')");
    await page.evaluate(`host.replace('{"7": []}')`);
    await thing(page, /^7 s, entry/).waitFor();
    assert.equal(await page.locator('.notice').count(), 0);
  });

  it('shows what was changed elsewhere meanwhile, and refuses what does not fit any more', async (t) => {
    const page = await open(t, begin(TEXT));
    await thing(page, /^taskc, python:3\.11$/).waitFor();
    // The page learns of it only after it has sent its own edit.
    await page.evaluate(`
      const { tell } = host.channel;
      host.channel.tell = () => {};
      host.replace('{"40": [["other"]]}');
      host.channel.tell = tell;
    `);
    await drag(page, thing(page, /^taskc, python:3\.11$/), '[data-key="40"][data-to="0"]');
    await page
      .getByRole('alert')
      .getByText(/The group taska \+ taskb is not in the entry 40 any more/)
      .waitFor();
    assert.equal(await textOf(page), '{"40": [["other"]]}');
  });

  it('says what is wrong at its place', async (t) => {
    const text = '{"x": [["taska", "taska"]], "1": [["web", "taska", "nobody"], []], "1": [["a"]], "2": 5}';
    const page = await open(t, begin(text, { isFollowed: false, note: 'No server is running.' }));
    for (const message of [
      'is no second',
      'twice',
      'No Task is called nobody',
      'One function has one runtime',
      'without Tasks',
    ])
      await page.locator('.fault', { hasText: message }).first().waitFor();
    assert.match(await page.locator('.count').innerText(), /\d errors, \d warnings/);
    await page.getByText('Use This Schedule').click();
    await holds(page, "host.acts.some(({ kind }) => kind === 'use')");
    await shot(page, 'faults');
  });

  it('invites to add an entry where there is none', async (t) => {
    const page = await open(t, begin('', { tasks: [] }));
    await page.getByText('This schedule has no entry yet').waitFor();
    await page.evaluate('host.answers = [5]');
    await page.getByText('Add Entry').click();
    await changes(page, '[[', '{\n  "5": []\n}\n');
  });

  for (const theme of THEME_NAMES)
    it(`has no fault that axe finds: ${theme}`, async (t) => {
      const text = '{"0": [["taska", "taskb"], ["nobody"]], "x": [], "90": [["web", "taska"], ["taskb"]]}';
      await pages.check(t, begin(text), theme, async (page) => {
        await thing(page, /^taskb/).waitFor();
        await thing(page, /^0 s, entry/).focus();
      });
    });

  it('of 500 entries with 100 Tasks opens quickly, and scrolls without blank columns', async (t) => {
    const names = Array.from({ length: 100 }, (_, index) => `task-${index}`);
    const value = Object.fromEntries(
      Array.from({ length: 500 }, (_, at) => [at * 10, [names.slice(0, 50 - (at % 7)), names.slice(50)]]),
    );
    const tasks = names.map((name) => ({ name, runtime: 'python', isDeployed: true, state: 'ready' }));
    const page = await open(t, begin(JSON.stringify(value), { tasks }));
    await thing(page, /^task-0, /).waitFor();
    const drawn = (await page.evaluate(
      "performance.getEntriesByType('paint').find(({ name }) => name === 'first-contentful-paint').startTime",
    )) as number;
    t.diagnostic(`first paint after ${Math.round(drawn)} ms`);
    const blank = await page.evaluate(`(async () => {
      const board = document.querySelector('.board');
      let blank = 0;
      for (let step = 0; step < 60; step += 1) {
        board.scrollLeft += 1700;
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        const { left, width, top } = board.getBoundingClientRect();
        const seen = [0.1, 0.5, 0.9].map((share) => document.elementFromPoint(left + width * share, top + 20));
        if (seen.every((element) => element?.closest('.column, .gap') == null)) blank += 1;
      }
      return blank;
    })()`);
    assert.equal(blank, 0);
    assert.ok((await page.locator('.column').count()) < 20, 'only what is seen is drawn');
    await page.keyboard.press('Tab');
    await thing(page, /, entry/).focus();
    await page.keyboard.press('End');
    await focusIs(page, /^1:23:10 h, entry/);
  });
});
