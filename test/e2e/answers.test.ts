import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Locator } from 'playwright-core';
import {
  activeTab,
  areLensesCut,
  clickCodeLens,
  codeLenses,
  editor,
  editorText,
  followLink,
  openFile,
  replaceText,
  tab,
} from '../support/vscode/editors.ts';
import { ExampleWindow } from '../support/vscode/exampleWindow.ts';
import { answerNotification, clearNotifications, waitForNotification } from '../support/vscode/notifications.ts';
import { clickRow, quickInput, runCommand } from '../support/vscode/quickInput.ts';
import { statusBarItem, waitForStatus } from '../support/vscode/statusBar.ts';
import { clickRowAction, rowTooltip, waitForRow } from '../support/vscode/trees.ts';
import { openContainer } from '../support/vscode/views.ts';
import { exactly, waitFor } from '../support/vscode/wait.ts';
import { webview } from '../support/vscode/webviews.ts';

const VIEW = 'Fusion';
const YAML = 'spec:\n  runtime: python\n  handler: main:handler\n';
/** One pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
).toString('hex');
/** A page that tries to run, to leave and to reach the network. */
const PAGE = `<h1>Order 7</h1><script>document.title = 'ran'</script><img src='http://127.0.0.1:9/x'>`;
/** A handler that raises an error in its third line, shows a picture or a page, or loops forever. */
const MAIN = `def handler(context, event):
    if event.path == "/":
        raise ValueError("no such order")
    if event.path == "/picture":
        return context.Response(body=bytes.fromhex("${PNG}"), content_type="image/png")
    if event.path == "/page":
        return context.Response(body="${PAGE}", content_type="text/html")
    if event.path == "/gone":
        return context.Response(body="${PAGE}", content_type="text/html", status_code=503)
    if event.path == "/json":
        return {"order": event.get_header("X-Order"), "at": event.timestamp.timestamp()}
    while True:
        pass
`;

describe('answers and what takes their place, from the VSIX', { concurrency: false }, () => {
  let window: ExampleWindow;
  let payloads: string;
  before(async () => {
    window = await ExampleWindow.open('answers');
    const folder = path.join(window.workspace, 'order');
    await mkdir(folder);
    payloads = path.join(window.workspace, '.fusionizer', 'payloads', 'order');
    await writeFile(path.join(folder, 'function.yaml'), YAML);
    await writeFile(path.join(folder, 'main.py'), MAIN);
    await openContainer(window.page, 'Fusionizer');
    // While the view reads its rows again, as after the server's start, a click may come before the row.
    await waitForStatus(window.page, 'Fusionizer :');
    await waitForRow(window.page, VIEW, 'order');
    await clickRowAction(window.page, VIEW, 'order', 'Deploy Nuclio Task');
    await waitForRow(window.page, VIEW, 'order', ({ description }) => description.startsWith('ready'));
    await clearNotifications(window.page);
  });
  after(() => window?.close());

  /** Follows the link in an editor to main.py, and waits for its line to be the active one. */
  async function follow(shown: Locator, line: number): Promise<void> {
    const { page } = window;
    // A link that wraps has several parts.
    await followLink(shown, shown.locator('.detected-link', { hasText: 'main.' }).last());
    await waitFor('the link to lead there', async () => (await activeTab(page)) === 'main.py');
    await waitFor('the line', async () =>
      ((await page.locator('.statusbar-item', { hasText: 'Ln ' }).textContent()) ?? '').includes(`Ln ${line}, `),
    );
  }

  /** Sends a text as the payload default.json, whose editor is open. */
  async function send(text: string): Promise<void> {
    await replaceText(window.page, 'default.json', text);
    await window.page.keyboard.press('ControlOrMeta+Enter');
  }

  it("name the user's files in tracebacks, and lead to the line", async () => {
    const { page } = window;
    await clickRowAction(page, VIEW, 'order', 'Invoke Nuclio Task');
    await tab(page, 'default.json').waitFor();
    await replaceText(page, 'default.json', '{}\n');
    await page.keyboard.press('ControlOrMeta+Enter');
    await tab(page, 'Answer of order').waitFor();
    const answer = editor(page, 'Answer of order');
    // The long line wraps.
    const place = `File "${path.join(window.workspace, 'order', 'main.py')}", line 3`.replaceAll(' ', '');
    await waitFor('the traceback', async () => (await editorText(answer)).replaceAll(/\s/g, '').includes(place));
    await waitFor('all lenses', async () =>
      /^500 Internal Server Error,More...$/.test(String(await codeLenses(answer))),
    );
    await window.screenshot('traceback');
    await follow(answer, 3);
    await window.screenshot('at the line');
  });

  it('name them in logs, too', async () => {
    const { page } = window;
    await clickRowAction(page, VIEW, 'order', 'Show Nuclio Task Logs');
    const output = page.locator('.part.panel');
    await output.locator('.detected-link').first().waitFor();
    await window.screenshot('logs');
    // main.py is open already, at that line.
    await tab(page, 'default.json').click();
    await waitFor('another editor', async () => (await activeTab(page)) === 'default.json');
    await follow(output, 3);
    await page.keyboard.press('ControlOrMeta+J');
  });

  it('that the document cannot show are saved, and opened by what can', async () => {
    const { page } = window;
    await tab(page, 'default.json').click();
    await replaceText(page, 'default.json', '// POST /picture\n\n{}\n');
    await page.keyboard.press('ControlOrMeta+Enter');
    const answer = editor(page, 'Answer of order');
    await waitFor('the hex dump', async () => (await editorText(answer)).includes('|.PNG'));
    await clickCodeLens(answer, 'Preview');
    await tab(page, 'Preview of order.png').waitFor();
    await window.screenshot('preview of a picture');
    await tab(page, 'Preview of order.png').click({ button: 'middle' });
    await clickCodeLens(answer, 'More...');
    await window.screenshot('more');
    await clickRow(page, 'Save');
    await waitFor('the name', async () =>
      (await quickInput(page).locator('.quick-input-box input').inputValue()).endsWith('order-answer.png'),
    );
    await page.keyboard.press('Enter');
    await answerNotification(page, 'The answer is saved in order-answer.png.', 'Open');
    await tab(page, 'order-answer.png').waitFor();
    assert.equal((await readFile(path.join(window.workspace, 'order-answer.png'))).toString('hex'), PNG);
    await window.screenshot('a picture');
    await page.keyboard.press('ControlOrMeta+F4');
  });

  it('do not stand for an invocation that was cancelled; a Task that is stuck is shown as busy', async () => {
    const { page } = window;
    await tab(page, 'Answer of order').click();
    await tab(page, 'default.json').click();
    await replaceText(page, 'default.json', '// POST /spin\n\n{}\n');
    await page.keyboard.press('ControlOrMeta+Enter');
    const answer = editor(page, 'Answer of order');
    await waitFor('the payload to say that it waits', async () =>
      /^Waiting: Cancel/.test(String(await codeLenses(editor(page, 'default.json')))),
    );
    await clickCodeLens(answer, 'Waiting: Cancel');
    await waitFor('the document to say so', async () =>
      /POST order\/spin\s+Cancelled after/.test(await editorText(answer)),
    );
    await waitFor('the lenses', async () => /Cancelled after .*,More...$/.test(String(await codeLenses(answer))));
    await waitForRow(page, VIEW, 'order', ({ description }) => description.startsWith('busy'));
    await window.screenshot('cancelled and busy');
    assert.match(
      await rowTooltip(page, VIEW, 'order'),
      /Each of its workers has been busy with one event since .*Deploy Anyway/s,
    );
    await window.screenshot('tooltip of a busy Task');
  });

  it('come again after a deploy of the same files', async () => {
    const { page } = window;
    await clickRowAction(page, VIEW, 'order', 'Deploy Nuclio Task');
    await waitForNotification(page, 'order: nothing has changed since version 1, which serves.');
    await answerNotification(page, 'order: nothing has changed', 'Deploy Anyway');
    await waitForRow(page, VIEW, 'order', ({ description }) => description.startsWith('ready · python · version 2'));
    await tab(page, 'default.json').click();
    await replaceText(page, 'default.json', '{}\n');
    await page.keyboard.press('ControlOrMeta+Enter');
    const answer = editor(page, 'Answer of order');
    await waitFor('the answer', async () => (await editorText(answer)).includes('ValueError: no such order'));
    await page.setViewportSize({ width: 800, height: 600 });
    await waitFor('the lenses', async () =>
      /^500 Internal Server Error,More...$/.test(String(await codeLenses(answer))),
    );
    await waitFor('the whole line above the answer', async () => !(await areLensesCut(answer)));
    await window.screenshot('a narrow window');
    await send('// POST /gone\n\n{}\n');
    // It is there for a few seconds only, so it is looked at first.
    const told = statusBarItem(page, 'order: 503 Service Unavailable');
    const [text, isCut] = await told.evaluate((item) => [
      item.textContent?.trim(),
      item.scrollWidth > item.clientWidth,
    ]);
    assert.deepEqual([text, isCut], ['order: 503 Service…', false]);
    await waitFor('the reason of a failure that is a page', async () =>
      /^503 Service Unavailable,More...$/.test(String(await codeLenses(answer))),
    );
    await waitFor('the whole line above the page', async () => !(await areLensesCut(answer)));
    await waitFor('the line above the payload', async () =>
      /^Send,503 Service…,/.test(String(await codeLenses(editor(page, 'default.json')))),
    );
    await window.screenshot('a page that is a failure in a narrow window');
  });

  it('are each the answer of one payload, in its line, and compared with the same one', async () => {
    const { page } = window;
    await send('// POST /json\n// X-Order: 7\n\n{}\n');
    const answer = editor(page, 'Answer of order');
    await waitFor('the answer', async () => (await editorText(answer)).includes('"order": "7"'));
    await waitFor('the whole line above it', async () => !(await areLensesCut(answer)));
    await window.screenshot('json in a narrow window');
    await page.setViewportSize({ width: 1400, height: 900 });
    await window.screenshot('json');
    await mkdir(payloads, { recursive: true });
    await writeFile(path.join(payloads, 'other.json'), '// POST /json\n// X-Order: 8\n\n{}\n');
    await openFile(page, '.fusionizer/payloads/order/other.json');
    const other = editor(page, 'other.json');
    await waitFor('the line above it', async () => String(await codeLenses(other)) === 'Send,POST order/json');
    await page.keyboard.press('ControlOrMeta+Enter');
    await waitFor('its own answer', async () =>
      /^Send,200 OK · \d+ ms,POST order.json$/.test(String(await codeLenses(other))),
    );
    await runCommand(page, 'Fusionizer: Compare Answer with Previous');
    await waitForNotification(page, 'order has answered this payload only once');
    await tab(page, 'default.json').click();
    await page.keyboard.press('ControlOrMeta+Enter');
    await waitFor('the answer', async () => (await editorText(answer)).includes('"order": "7"'));
    await runCommand(page, 'Fusionizer: Compare Answer with Previous');
    await tab(page, 'order: two answers to the same payload').waitFor();
    await page.locator('.statusbar-item', { hasText: exactly('Answer (JSON)') }).waitFor();
    await window.screenshot('comparison');
    await tab(page, 'order: two answers to the same payload').click({ button: 'middle' });
  });

  it('are shown as pages in a sandbox', async () => {
    const { page } = window;
    await tab(page, 'default.json').click();
    await send('// POST /page\n\n{}\n');
    const answer = editor(page, 'Answer of order');
    await waitFor('the bytes', async () => (await editorText(answer)).includes('<h1>Order 7</h1>'));
    await clickCodeLens(answer, 'Preview');
    await tab(page, 'Preview: Answer of order').waitFor();
    const shown = webview(page).frameLocator('iframe');
    await shown.locator('h1', { hasText: 'Order 7' }).waitFor();
    await window.screenshot('preview of a page');
    await tab(page, 'Preview: Answer of order').click({ button: 'middle' });
    await tab(page, 'default.json').click();
  });

  it('are back after a reload of the window', async () => {
    const { page } = window;
    const settings = path.join(window.workspace, '.vscode');
    await mkdir(settings, { recursive: true });
    await writeFile(path.join(settings, 'settings.json'), '{ "fusionizer.invoke.answerPlace": "below" }');
    await window.vscode.reload();
    await tab(page, 'Answer of order').waitFor();
    const answer = editor(page, 'Answer of order');
    await waitFor('the answer', async () => (await editorText(answer)).includes('<h1>Order 7</h1>'));
    await waitFor('its line', async () => /^200 OK.*,Preview,/.test(String(await codeLenses(answer))));
    await window.screenshot('after a reload');
  });

  it('open below where the settings say so', async () => {
    const { page } = window;
    await tab(page, 'Answer of order').click({ button: 'middle' });
    await tab(page, 'default.json').click();
    await send('{}\n');
    await tab(page, 'Answer of order').waitFor();
    assert.equal(await activeTab(page), 'default.json');
    const [above, below] = await Promise.all(
      ['default.json', 'Answer of order'].map((name) => editor(page, name).boundingBox()),
    );
    assert.ok(above && below && below.y > above.y + above.height, JSON.stringify([above, below]));
    await waitFor('more lenses', async () =>
      /^500 Internal Server Error · \d+ ms,Trace,Logs: 1,Headers,/.test(
        String(await codeLenses(editor(page, 'Answer of order'))),
      ),
    );
    await window.screenshot('below');
  });
});
