import assert from 'node:assert/strict';
import net, { type AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { sandboxedPage } from '../../../../src/extension/invoke/preview/sandboxedPage.ts';
import { startChromium } from '../../../support/chromium.ts';
import { until } from '../../../support/until.ts';

/** Each tries to reach the network, to run, or to leave the preview. */
const hostile = (site: string): string[] => [
  `<script>fetch('${site}/script'); top.location = '${site}/top'; document.title = 'ran'</script>`,
  `<img src="${site}/img" onerror="document.title = 'ran'"><img srcset="${site}/srcset 1x">`,
  `<svg><image href="${site}/svg"/><use href="${site}/use#a"/><script>document.title = 'ran'</script></svg>`,
  `<svg onload="document.title = 'ran'"></svg><body onload="document.title = 'ran'" background="${site}/background">`,
  `<meta http-equiv="refresh" content="0; url=${site}/refresh">`,
  `<iframe src="${site}/iframe"></iframe><iframe srcdoc="<script>top.document.title = 'ran'</script>"></iframe>`,
  `<iframe src="javascript:top.document.title = 'ran'"></iframe><frameset><frame src="${site}/frame"></frameset>`,
  `<object data="${site}/object"></object><embed src="${site}/embed">`,
  `<style>@import '${site}/import'; body { background: url(${site}/css) }</style>`,
  `<style>@font-face { font-family: f; src: url(${site}/font) } p { font-family: f }</style><p>font</p>`,
  `<link rel="stylesheet" href="${site}/link"><LINK/rel=preconnect href="${site}/preconnect">`,
  `<link\nrel="dns-prefetch" href="${site}"><link rel="prefetch" href="${site}/prefetch">`,
  `<link rel=preload as=image href="${site}/preload">`,
  `<link rel="icon" href="${site}/icon"><link rel="manifest" href="${site}/manifest">`,
  `<video src="${site}/video" poster="${site}/poster" autoplay></video><audio src="${site}/audio" autoplay></audio>`,
  `<base href="${site}/base/"><img src="relative">`,
  `<input type="image" src="${site}/input"><table background="${site}/table"><tr><td>`,
  `"></iframe><img src="${site}/quote">`,
  `&quot;&gt;</iframe><img src="${site}/entity">`,
  `<!-- --><script>document.title = 'ran'</script><p>--></iframe></body></html><img src="${site}/closed">`,
];
const clicked = (site: string): string =>
  `<p>Shown</p><form action="${site}/form" method="post"><button id="form">Send</button></form>
   <a id="link" href="${site}/a" ping="${site}/ping">one</a> <a id="self" href="${site}/b" target="_self">two</a>
   <a id="top" target='_top' href="${site}/c">three</a> <a id="script" href="javascript:document.title = 'ran'">four</a>
   <form><button id="action" formaction="${site}/d" formtarget="_top">Send</button></form>`;

/** Counts connections, which `<link>` opens without a request. */
interface Site {
  readonly address: string;
  connections: number;
}

async function startSite(closers: (() => unknown)[]): Promise<Site> {
  const site = { address: '', connections: 0 };
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    site.connections += 1;
    sockets.add(socket.on('error', () => {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  site.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return site;
}

describe('a page in the sandbox of a preview', { concurrency: false }, () => {
  const closers: (() => unknown)[] = [];
  let page: Page;
  let site: Site;
  before(async () => {
    const browser = await startChromium({ after: (close) => closers.push(close) });
    page = await (await browser.newContext()).newPage();
    site = await startSite(closers);
  });
  after(async () => {
    for (const close of closers.reverse()) await close();
  });

  it('shows its text and its own styles', async () => {
    await page.setContent(sandboxedPage('<style>b { color: rgb(1, 2, 3) }</style><b>Order & <i>more</i></b>', 'Note'));
    const shown = page.frameLocator('iframe').locator('b');
    assert.equal(await shown.innerText(), 'Order & more');
    // As text, as the tests' types do not know pages.
    const colour = 'getComputedStyle(document.querySelector("b")).color';
    assert.equal(await page.frames()[1]?.evaluate(colour), 'rgb(1, 2, 3)');
    assert.equal(await page.locator('p').innerText(), 'Note');
  });

  it('reaches nothing, runs nothing and leaves nothing', async () => {
    for (const part of [...hostile('SITE'), hostile('SITE').join('\n')]) {
      await page.setContent(sandboxedPage(`${part.replaceAll('SITE', site.address)}<p id="end">end</p>`, 'Note'));
      // Images, frames and redirects that are tried have been tried when the frame has loaded.
      await page.waitForLoadState('load');
      assert.equal(await page.title(), '', part);
      assert.equal(page.url(), 'about:blank', part);
      assert.equal(site.connections, 0, part);
    }
    // What is opened ahead, as by <link>, is not waited for by the page: another connection begins after all of them.
    const other = await startSite(closers);
    const free = await page.context().newPage();
    await free.setContent(`<img src="${other.address}">`, { waitUntil: 'commit' });
    await until('another connection', () => other.connections > 0);
    assert.equal(site.connections, 0);
    await free.close();
  });

  it('stays when its links and buttons are clicked', async () => {
    await page.setContent(sandboxedPage(clicked(site.address), 'Note'));
    const frame = page.frameLocator('iframe');
    for (const id of ['form', 'link', 'self', 'top', 'script', 'action']) {
      await frame.locator(`#${id}`).click();
      assert.equal(await frame.locator('p').innerText(), 'Shown', id);
    }
    assert.deepEqual([site.connections, page.context().pages().length, await page.title()], [0, 1, '']);
  });

  it('would reach the network without it', async () => {
    // A policy stays with the page that had it.
    const free = await page.context().newPage();
    await free.setContent(hostile(site.address).join('\n'), { waitUntil: 'commit' });
    await until('a connection', () => site.connections > 0);
  });
});
