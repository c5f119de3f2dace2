import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import JSZip from 'jszip';
import type { Page } from 'playwright-core';
import { packageRoot } from '../../src/shared/packageRoot.ts';
import { startChromium } from '../support/chromium.ts';
import { shownPictures } from '../support/vscode/pictures.ts';
import { vsix } from '../support/vscode/vsix.ts';

/** As vsce renders it; it has no types. */
type Markdown = new (options: { html: boolean }) => { render(text: string): string };
const MarkdownIt: Markdown = createRequire(import.meta.url)('markdown-it');

/** The sites that the extension links. Tests have no internet: a new one is tried by hand, and then added. */
const SITES = [
  'https://nuclio.io',
  'https://github.com/nuclio/nuclio',
  'https://keepachangelog.com/en/1.1.0/',
  'https://semver.org',
];
/** The extension's own page in the Marketplace. It is there once the extension is. */
const OWN_PAGE = 'https://marketplace.visualstudio.com/items?itemName=';

/** About the Marketplace's column, and its colours in both themes. */
const STYLE = `:root { color-scheme: light dark; font: 14px/1.6 sans-serif }
body { margin: 0 auto; padding: 0 16px; max-width: 728px; background: light-dark(#fff, #1e1e1e) }
a { color: light-dark(#0064bf, #4daafc) } img { max-width: 100% } pre { overflow: auto }
table { border-collapse: collapse } td, th { border: 1px solid light-dark(#ccc, #555); padding: 4px 8px }`;

interface Setting {
  default: unknown;
}
interface Manifest {
  name: string;
  publisher: string;
  version: string;
  repository: string;
  homepage: string;
  bugs: { url: string };
  galleryBanner: { color: string; theme: string };
  categories: string[];
  keywords: string[];
  contributes: Record<string, unknown> & {
    commands: { title: string }[];
    configuration: { properties: Record<string, Setting> };
    walkthroughs: { steps: { media: { markdown: string } }[] }[];
  };
}

describe("the extension's page, from the VSIX", { concurrency: false }, () => {
  const closers: (() => Promise<void>)[] = [];
  const scope = { after: (close: () => Promise<void>) => void closers.unshift(close) };
  let zip: JSZip;
  let page: Page;
  let manifest: Manifest;
  let strings: Record<string, string>;
  const text = async (name: string): Promise<string> =>
    (await zip.file(`extension/${name}`)?.async('string')) ?? assert.fail(`no ${name} in the package`);

  before(async () => {
    zip = await JSZip.loadAsync(await readFile(await vsix(scope)));
    manifest = JSON.parse(await text('package.json'));
    strings = JSON.parse(await text('package.nls.json'));
    page = await (await startChromium(scope)).newPage({ viewport: { width: 760, height: 900 } });
  });
  after(async () => {
    for (const close of closers) await close();
  });

  const show = async (name: string): Promise<void> => {
    const html = new MarkdownIt({ html: true }).render(await text(name));
    await page.setContent(`<!doctype html><title>${name}</title><style>${STYLE}</style>${html}`);
  };
  const texts = (selector: string): Promise<string[]> => page.locator(selector).allInnerTexts();
  const assertLeads = (link: string): void =>
    assert.ok(SITES.includes(link) || link.startsWith(`${OWN_PAGE}${manifest.publisher}.${manifest.name}`), link);

  it('says what it is, how to begin, what can be set, what is asked, and what it does not do', async () => {
    await show('readme.md');
    assert.deepEqual(await texts('h1'), ['Fusionizer for Nuclio']);
    const sections = ['What you get', 'Five steps', 'What it needs', 'Settings', 'Questions', 'What it does not do'];
    assert.deepEqual(await texts('h2'), [...sections, 'Licence']);
    assert.equal(await page.locator('ol > li').count(), 5);
    const asked = (await texts('p > strong')).filter((one) => one.endsWith('?')).join(' ');
    for (const word of ['Docker', 'Python', 'server elsewhere', 'Kubernetes', 'sent anywhere', 'port'])
      assert.match(asked, new RegExp(word), asked);
  });

  it('shows its pictures: in VS Code those that are inside the page are, and no file of the package is', async () => {
    await show('readme.md');
    const pictures = await shownPictures(page.mainFrame());
    assert.ok(pictures.length >= 2);
    for (const { source, alt, width } of pictures) {
      assert.match(source, /^data:image\/png;base64,/);
      assert.ok(alt.length > 20, alt);
      assert.ok(width > 1200, `${alt}: ${width} pixels`);
    }
  });

  for (const name of ['readme.md', 'changelog.md']) {
    it(`has links in ${name} that lead somewhere: absolute ones only, as VS Code follows no others`, async () => {
      await show(name);
      const links = await page.locator('a').evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
      assert.ok(links.length > 0);
      for (const link of links) assertLeads(link);
    });
  }

  it('has every setting with its default, in the order of the editor', async () => {
    await show('readme.md');
    const rows = await page
      .locator('table tr:has(td)')
      .evaluateAll((all) => all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent ?? '')));
    const properties = Object.entries(manifest.contributes.configuration.properties);
    assert.deepEqual(rows.map(([name]) => name).sort(), properties.map(([name]) => name).sort());
    for (const [name, value, says] of rows) {
      const expected = String(manifest.contributes.configuration.properties[name ?? '']?.default);
      assert.equal(value, expected === '' ? 'empty' : expected, name);
      assert.ok((says ?? '').length > 20, name);
      assert.doesNotMatch(says ?? '', /%|docs\//, `${name} names what is not in the package`);
    }
  });

  it('names commands by the titles that they have', async () => {
    const titles = manifest.contributes.commands.map(({ title }) => strings[title.slice(1, -1)]);
    const named = [...(await text('readme.md')).matchAll(/\*Fusionizer: ([^*]+)\*/g)].map(([, title]) => title);
    assert.ok(named.length >= 4);
    for (const title of named) assert.ok(titles.includes(title), `no command has the title ${title}`);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`is not wider than its column, ${colorScheme}`, async () => {
      await page.emulateMedia({ colorScheme });
      await show('readme.md');
      const wide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      assert.ok(wide <= 0, `${wide} pixels too wide`);
      const kept = path.join(packageRoot(), 'test-results', 'e2e', 'marketplace');
      await mkdir(kept, { recursive: true });
      await page.screenshot({ path: path.join(kept, `${colorScheme}.png`), fullPage: true });
    });
  }

  it('has a manifest with addresses, a banner, and categories that are true', () => {
    for (const link of [manifest.repository, manifest.homepage, manifest.bugs.url]) assertLeads(link);
    assert.match(manifest.galleryBanner.color, /^#[\da-f]{6}$/);
    assert.equal(manifest.galleryBanner.theme, 'dark');
    // It marks faults in function.yaml. It has no tests to run, nothing to debug, and grammars of answers only.
    assert.deepEqual(manifest.categories, ['Other', 'Linters']);
    assert.equal(manifest.contributes['debuggers'], undefined);
    const grammars = manifest.contributes['grammars'] as { language: string }[];
    for (const { language } of grammars) assert.match(language, /^fusionizer-/);
    assert.ok(manifest.keywords.length <= 30, 'the Marketplace takes 30');
  });

  it('is of a version that the changelog begins with, with its date', async () => {
    const [, version, date] = /^## \[(.*?)\] - (.*)$/m.exec(await text('changelog.md')) ?? [];
    assert.equal(version, manifest.version);
    assert.match(date ?? '', /^\d{4}-\d\d-\d\d$/);
  });

  it('has a walkthrough with a picture in each step, and no port that may be another one', async () => {
    const steps = manifest.contributes.walkthroughs.flatMap((one) => one.steps);
    for (const { media } of steps) {
      const step = await text(media.markdown);
      const [, said = '', picture = ''] = /^!\[(.+)\]\((\w+\.png)\)$/m.exec(step) ?? [];
      assert.ok(said.length > 20, media.markdown);
      assert.ok(zip.file(`extension/${path.posix.dirname(media.markdown)}/${picture}`), `${picture} is not there`);
      assert.doesNotMatch(step, /:\d{4}/, media.markdown);
    }
  });
});
