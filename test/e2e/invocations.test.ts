import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import type { Locator } from 'playwright-core';
import { answerDialog } from '../support/vscode/dialogs.ts';
import { activeTab, codeLenses, editor, editorText, replaceText, tab } from '../support/vscode/editors.ts';
import { ExampleWindow } from '../support/vscode/exampleWindow.ts';
import { chooseFromContextMenu, contextMenuLabels } from '../support/vscode/menus.ts';
import { answerNotification, clearNotifications, waitForNotification } from '../support/vscode/notifications.ts';
import { answerInput, clickRow, pick, runCommand, waitForQuickInput } from '../support/vscode/quickInput.ts';
import { serverAddress, waitForStatus } from '../support/vscode/statusBar.ts';
import { clickRowAction, rowTooltip, type TreeRow, treeRow, treeRows, waitForRow } from '../support/vscode/trees.ts';
import { clickViewAction, openContainer, setExpanded, view, welcomeContent } from '../support/vscode/views.ts';
import { waitFor } from '../support/vscode/wait.ts';
import { webview } from '../support/vscode/webviews.ts';

const VIEW = 'Recent Invocations';
const YAML = 'spec:\n  runtime: python\n  handler: main:handler\n';
/** Answers with a number that grows, fails, or answers the same each time. */
const ORDER = `count = 0
def handler(context, event):
    global count
    if event.path == "/fail":
        return context.Response(body="no such order", status_code=503)
    if event.path == "/same":
        return {"order": event.body, "by": event.get_header("X-Customer")}
    count += 1
    return {"count": count}
`;

describe('the view Recent Invocations, from the VSIX', { concurrency: false }, () => {
  let window: ExampleWindow;
  let address: string;
  before(async () => {
    window = await ExampleWindow.open('invocations', { folders: ['hello'] });
    const { page } = window;
    const folder = path.join(window.workspace, 'hello', 'order');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'function.yaml'), YAML);
    await writeFile(path.join(folder, 'main.py'), ORDER);
    await openContainer(page, 'Fusionizer');
    await waitForStatus(page, 'Fusionizer :');
    await waitForRow(page, 'Fusion Setup', 'order');
    await runCommand(page, 'Fusionizer: Deploy All');
    await waitForNotification(page, '3 Nuclio Tasks are deployed.');
    await clearNotifications(page);
    address = await serverAddress(page);
  });
  after(() => window?.close());

  const invoke = async (task: string, target = '', body: unknown = {}, headers = {}): Promise<string> => {
    const response = await fetch(`${address}/${task}${target}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return response.text();
  };
  const row = (label: string): Locator => treeRow(window.page, VIEW, label);
  const rowsWhen = (what: string, check: (rows: TreeRow[]) => boolean): Promise<TreeRow[]> =>
    waitFor(what, async () => {
      const rows = await treeRows(window.page, VIEW);
      return check(rows) && rows;
    });
  const labels = (rows: readonly TreeRow[]): string[] => rows.map(({ label }) => label);

  it('is closed at first, so the Fusion Setup keeps its room; open and empty, it says what to do', async () => {
    const { page } = window;
    assert.equal(await view(page, VIEW).locator('.pane-header').getAttribute('aria-expanded'), 'false');
    await page.setViewportSize({ width: 800, height: 600 });
    await window.screenshot('closed, in a small window');
    await setExpanded(page, VIEW, true);
    const { text, buttons } = await welcomeContent(page, VIEW);
    assert.match(text.join(' '), /No Nuclio Task has been invoked yet/);
    assert.deepEqual(buttons, ['Invoke Nuclio Task']);
    assert.ok(await treeRow(page, 'Fusion Setup', 'taskb').isVisible(), 'the setup is in sight');
    await window.screenshot('empty, in a small window');
  });

  it('shows an invocation a moment after it, with its calls', async () => {
    const { page } = window;
    assert.equal(await invoke('taska'), 'taska says: Hello, Task A!');
    const shown = await waitForRow(page, VIEW, '200 taska', ({ description }) => / · 1 remote · /.test(description));
    assert.match(shown.description, /^\d+(\.\d+)? ms · 1 remote · \d\d:\d\d:\d\d$/);
    assert.match(shown.spoken, /^taska answered 200 after .* ms, 0 local calls, 1 remote call, cold start, at /);
    await window.screenshot('an invocation, in a small window');
    await page.setViewportSize({ width: 1400, height: 900 });
    const tooltip = (await rowTooltip(page, VIEW, '200 taska')).replaceAll('\u00a0', ' ');
    assert.match(tooltip, /Request: POST \/taska[\s\S]*Trace: [0-9a-f]{32}/);
    await invoke('order', '/same', { id: 7 }, { 'X-Customer': 'Ada' });
    await invoke('order', '/fail');
    const rows = await rowsWhen('three rows, the newest first', ({ length }) => length === 3);
    assert.deepEqual(labels(rows), ['503 order', '200 order', '200 taska']);
    await window.screenshot('three invocations');
  });

  it('opens the trace', async () => {
    const { page } = window;
    await clickRowAction(page, VIEW, '200 taska', 'Open Trace');
    await tab(page, 'Trace of taska').waitFor();
    await webview(page).locator('.grid-row[aria-label^="taskb, remote call, 200"]').waitFor();
    await window.screenshot('a trace');
    // Room for all rows of this test: a list draws those in sight only.
    await setExpanded(page, 'Fusion Setup', false);
  });

  it('filters by status, by Task and by duration', async () => {
    const { page } = window;
    await clickViewAction(page, VIEW, 'Filter Invocations...');
    await pick(page, 'Status', 'Filter Invocations');
    await pick(page, 'error', 'Filter Invocations by Status');
    await rowsWhen('the failed one alone', (rows) => labels(rows).join() === '503 order');
    await view(page, VIEW).locator('.pane-header .description', { hasText: 'error' }).waitFor();
    await runCommand(page, 'Fusionizer: Filter Invocations...');
    await pick(page, 'Nuclio Task', 'Filter Invocations');
    await pick(page, 'taska', 'Filter Invocations by Nuclio Task');
    await waitFor('no row', async () => /fits the filter/.test((await welcomeContent(page, VIEW)).text.join(' ')));
    await window.screenshot('nothing fits the filter');
    await view(page, VIEW).locator('.monaco-button', { hasText: 'Clear Filter' }).click();
    await rowsWhen('all rows', ({ length }) => length === 3);
    await clickViewAction(page, VIEW, 'Filter Invocations...');
    await pick(page, 'Duration', 'Filter Invocations');
    await answerInput(page, '50 s', 'Filter Invocations by Duration');
    await view(page, VIEW).locator('.pane-header .description', { hasText: 'at least 50 s' }).waitFor();
    await clickViewAction(page, VIEW, 'Clear Filter');
    await rowsWhen('all rows again', ({ length }) => length === 3);
  });

  it('replays, and says whether the answers are the same', async () => {
    const { page } = window;
    await clickRowAction(page, VIEW, '200 order', 'Replay');
    const same = await waitForNotification(page, /^order gave the same answer: 200 OK in .*, before 200 OK in /);
    assert.deepEqual(same.buttons, ['Open Trace']);
    await window.screenshot('the same answer');
    await clearNotifications(page);
    await rowsWhen('the replay', ({ length }) => length === 4);
    await invoke('order');
    await rowsWhen('one more', ({ length }) => length === 5);
    await clickRowAction(page, VIEW, '200 order', 'Replay');
    await waitForNotification(page, /^order gave another answer: .* It differs in body\.count\.$/);
    await window.screenshot('another answer');
    await answerNotification(page, /another answer/, 'Compare');
    await compared(['"count": 1', '"count": 2']);
    await window.screenshot('both answers of a replay');
  });

  /** Waits for a comparison with these texts, on its sides from left to right. */
  async function compared(sides: [string, string]): Promise<void> {
    const diff = window.page.locator('.editor-group-container.active .monaco-diff-editor');
    for (const [index, side] of (['.original', '.modified'] as const).entries())
      await diff
        .locator(`${side} .view-line`, { hasText: sides[index] ?? '' })
        .first()
        .waitFor();
  }

  it('makes a payload document to edit and send, which is no file before', async () => {
    const { page } = window;
    await runCommand(page, 'View: Close All Editors');
    await invoke('order', '/same', { id: 7 }, { 'X-Customer': 'Ada' });
    await rowsWhen('one more', ({ length }) => length === 7);
    await chooseFromContextMenu(row('200 order'), 'Edit and Replay');
    await tab(page, 'replay.json').waitFor();
    const shown = editor(page, 'replay.json');
    await waitFor('the request', async () => /POST \/same[\s\S]*{"id":7}/.test(await editorText(shown)));
    const text = await editorText(shown);
    assert.match(text, /\/\/ x-customer: Ada/i);
    assert.doesNotMatch(text, /host:|content-length|traceparent/i);
    await waitFor('the lens', async () => (await codeLenses(shown)).some((lens) => /Send$/.test(lens)));
    await window.screenshot('a request to edit');
    await replaceText(page, 'replay.json', '// POST /same\n// X-Customer: Grace\n\n{"id": 8}\n');
    await page.keyboard.press('ControlOrMeta+Enter');
    const answer = editor(page, 'Answer of order');
    await waitFor('the answer', async () => /"Grace"/.test(await editorText(answer)));
    await rowsWhen('the invocation', ({ length }) => length === 8);
    assert.match(await readFile(payload('replay.json'), 'utf8'), /"id": 8/, 'what was sent is kept');
    await window.screenshot('edited and sent');
  });

  const payload = (name: string): string =>
    path.join(window.workspace, 'hello', '.fusionizer', 'payloads', 'order', name);

  it('compares with another invocation of the same Task', async () => {
    const { page } = window;
    await runCommand(page, 'View: Close All Editors');
    await chooseFromContextMenu(row('200 order'), 'Compare with...');
    await waitForQuickInput(page, 'Compare with...');
    await window.screenshot('what it can be compared with');
    await clickRow(page, { label: /503 order/, description: /\/order\/fail/ });
    await compared(['503 Service Unavailable', '200 OK']);
    await window.screenshot('two invocations');
  });

  it('copies the request as a command that a shell runs with the same answer', async () => {
    const { page } = window;
    const before = await invoke('order', '/same', { id: "it's 9" }, { 'X-Customer': 'Ada' });
    await rowsWhen('one more', ({ length }) => length === 9);
    await chooseFromContextMenu(row('200 order'), 'Copy as curl');
    const command = await waitFor('the command', async () => {
      const text = await page.evaluate<string>('navigator.clipboard.readText()');
      return text.startsWith('curl ') && text.includes('it') && text;
    });
    const { stdout } = await promisify(execFile)('sh', ['-c', `${command} --silent`]);
    assert.equal(stdout, before);
  });

  it('saves the request as a payload, and asks before it replaces one', async () => {
    const { page } = window;
    await rowsWhen('the invocation by curl', ({ length }) => length === 10);
    await chooseFromContextMenu(row('200 order'), 'Save as Payload...');
    await answerInput(page, 'ada', 'Save as Payload of order');
    await tab(page, 'ada.json').waitFor();
    const saved = await readFile(payload('ada.json'), 'utf8');
    assert.match(saved, /^\/\/ POST \/same\n[\s\S]*\n\{"id":"it's 9"\}$/);
    await chooseFromContextMenu(row('503 order'), 'Save as Payload...');
    await answerInput(page, 'ada.json', 'Save as Payload of order');
    assert.equal((await answerDialog(page, 'Cancel')).message, 'Replace the payload ada.json of order?');
    assert.equal(await readFile(payload('ada.json'), 'utf8'), saved);
    assert.match((await activeTab(page)) ?? '', /ada\.json/);
  });

  it('offers the same from the palette, and says that a secret is not recorded', async () => {
    const { page } = window;
    await invoke('order', '/same', {}, { Authorization: 'Bearer very-secret-token' });
    await rowsWhen('one more', ({ length }) => length === 11);
    await runCommand(page, 'Fusionizer: Copy as curl');
    await waitForQuickInput(page, 'Copy as curl');
    await page.keyboard.press('Enter');
    await waitForNotification(page, /The header authorization is secret and not recorded/i);
    assert.doesNotMatch(await page.evaluate<string>('navigator.clipboard.readText()'), /very-secret/);
    await clearNotifications(page);
    const { labels: menu } = await contextMenuLabels(row('200 taska'));
    assert.deepEqual(menu, [
      'Open Trace',
      'Replay',
      'Edit and Replay',
      'Compare with...',
      'Copy as curl',
      'Save as Payload...',
    ]);
    await page.setViewportSize({ width: 800, height: 600 });
    await setExpanded(page, 'Fusion Setup', true);
    await window.screenshot('eleven invocations, in a small window');
  });
});
