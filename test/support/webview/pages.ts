import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { packageRoot } from '../../../src/shared/packageRoot.ts';
import { startChromium } from '../chromium.ts';
import { servePage } from './servePage.ts';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong with a page, and whether something is cut off to its right. */
export async function faultsOf(page: Page): Promise<string[]> {
  // Evaluated from outside: the page's policy does not allow `eval`.
  await page.evaluate(axe);
  const found = (await page.evaluate('axe.run()')) as { violations: { id: string; nodes: { html: string }[] }[] };
  const fits = await page.evaluate('document.documentElement.scrollWidth <= innerWidth');
  return [
    ...found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
    ...(fits === true ? [] : ['something is cut off to the right']),
  ];
}

/** A page in a window of its own, until the test ends. It fails the test for any error or refused style. */
export async function watchedPage(
  t: After,
  browser: Browser,
  address: string,
  options: BrowserContextOptions,
): Promise<Page> {
  const context = await browser.newContext(options);
  const wrong: string[] = [];
  t.after(async () => {
    await context.close();
    assert.deepEqual(wrong, []);
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.location().url.endsWith('favicon.ico')) wrong.push(message.text());
  });
  await page.goto(address);
  return page;
}

export type After = { after(fn: () => Promise<void>): void };

/** Ends what a test begins in the opposite order, such as a page before its server. The runner does not. */
export function lastFirst(t: After): After {
  const closers: (() => Promise<void>)[] = [];
  t.after(async () => {
    const faults: unknown[] = [];
    for (const close of closers) await close().catch((error: unknown) => faults.push(error));
    if (faults.length > 0) throw faults[0];
  });
  return { after: (close) => void closers.unshift(close) };
}

export const THEME_NAMES = ['light', 'dark', 'hc-black', 'hc-light'] as const;
/** A window, one in which all is twice as large, and a narrow side bar. */
const SIZES = [
  ['', { width: 1100, height: 640 }],
  [' at 200 %', { width: 550, height: 320 }],
  [' in 300 px', { width: 300, height: 600 }],
] as const;

/** Opens one of the pages in Chromium, with a host in the place of the editor. */
export class Pages {
  readonly #browser: Browser;
  readonly #address: (given: unknown, theme?: string) => string;
  readonly #shots: string;
  readonly #closers: (() => Promise<void>)[];

  private constructor(
    browser: Browser,
    address: (given: unknown, theme?: string) => string,
    shots: string,
    closers: (() => Promise<void>)[],
  ) {
    this.#browser = browser;
    this.#address = address;
    this.#shots = shots;
    this.#closers = closers;
  }

  /** @param name of the page  @param host the file of the host, in this folder */
  static async start(name: string, host: string): Promise<Pages> {
    const closers: (() => Promise<void>)[] = [];
    const test = lastFirst({ after: (close) => void closers.push(close) });
    const shots = path.join(packageRoot(), 'test-results', 'webview', name);
    await mkdir(shots, { recursive: true });
    const address = await servePage(test, name, host);
    return new Pages(await startChromium(test), address, shots, closers);
  }

  async close(): Promise<void> {
    for (const close of this.#closers) await close();
  }

  /** Fails the test for any error or refused style of the page. @param given what the host begins with */
  open(t: After, given: unknown, { theme = 'light', width = 1100, height = 640 } = {}): Promise<Page> {
    return watchedPage(t, this.#browser, this.#address(given, theme), { viewport: { width, height } });
  }

  /** Kept as test-results/webview/<page>/<name>.png. */
  async shot(page: Page, name: string): Promise<void> {
    await page.screenshot({ path: path.join(this.#shots, `${name}.png`) });
  }

  /**
   * Has the page looked at by axe, in three sizes; nothing may be cut off to the right.
   * @param ready resolves when it shows all
   */
  async check(t: After, given: unknown, theme: string, ready: (page: Page) => Promise<void>): Promise<void> {
    for (const [name, size] of SIZES) {
      const page = await this.open(t, given, { theme, ...size });
      await ready(page);
      await this.shot(page, `${theme}${name}`);
      assert.deepEqual(await faultsOf(page), [], `${theme}${name}`);
    }
  }
}
