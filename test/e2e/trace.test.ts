import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  activeTab,
  clickCodeLens,
  codeLenses,
  editor,
  editorText,
  followLink,
  openFile,
  tab,
} from '../support/vscode/editors.ts';
import { ExampleWindow } from '../support/vscode/exampleWindow.ts';
import { clearNotifications, waitForNotification } from '../support/vscode/notifications.ts';
import { clickRow, runCommand, waitForQuickInput } from '../support/vscode/quickInput.ts';
import { clickRowAction, waitForRow } from '../support/vscode/trees.ts';
import { openContainer } from '../support/vscode/views.ts';
import { waitFor } from '../support/vscode/wait.ts';
import { webview } from '../support/vscode/webviews.ts';

const VIEW = 'Fusion';

describe('a trace in the editor, from the VSIX', { concurrency: false }, () => {
  let window: ExampleWindow;
  before(async () => {
    window = await ExampleWindow.open('trace', { folders: ['hello'] });
    await openContainer(window.page, 'Fusionizer');
    await waitForRow(window.page, VIEW, 'taska');
    for (const task of ['taska', 'taskb']) {
      await clickRowAction(window.page, VIEW, task, 'Deploy Nuclio Task');
      await waitForRow(window.page, VIEW, task, ({ description }) => description.startsWith('ready'));
    }
    await clearNotifications(window.page);
  });
  after(() => window?.close());

  const row = (task: string) =>
    webview(window.page).locator('.grid-row', { has: webview(window.page).locator(`.name:text-is("${task}")`) });
  const labels = (): Promise<string[]> =>
    webview(window.page)
      .locator('.grid-row')
      .evaluateAll((rows) => rows.map((one) => one.getAttribute('aria-label') ?? ''));
  const waitForLabels = (what: string, fits: (all: string[]) => boolean): Promise<unknown> =>
    waitFor(what, async () => fits(await labels()));
  const focusIs = (words: RegExp): Promise<unknown> =>
    waitFor(`the focus on ${words}`, async () =>
      words.test((await webview(window.page).locator(':focus').getAttribute('aria-label')) ?? ''),
    );

  it('opens from an answer: who called whom, and how', async () => {
    const { page } = window;
    await clickRowAction(page, VIEW, 'taska', 'Invoke Nuclio Task');
    await clickCodeLens(editor(page, 'default.json'), 'Send');
    await waitFor('the answer', async () => (await editorText(editor(page, 'Answer of taska'))) !== '');
    await clickCodeLens(editor(page, 'Answer of taska'), 'More...');
    await clickRow(page, 'Trace');
    await tab(page, 'Trace of taska').waitFor();
    await waitForLabels(
      'the remote call, which the function reports a moment later',
      ([first = '', second = '']) =>
        first.startsWith('taska, invocation from outside, 200') && second.includes('taskb, remote call, 200'),
    );
    await window.screenshot('trace');
  });

  it('is walked and searched by keys alone', async () => {
    const { page } = window;
    await row('taska').focus();
    await page.keyboard.press('c');
    await focusIs(/^taskb,/);
    await page.keyboard.press('Shift+C');
    await focusIs(/^taska,/);
    await page.keyboard.press('/');
    await page.keyboard.type('taskb');
    await page.keyboard.press('Enter');
    await focusIs(/^taskb,/);
    await window.screenshot('found');
  });

  it('fuses from a remote call, replays, and shows both traces', async () => {
    const { page } = window;
    await row('taskb').click();
    await webview(page).getByText('Fuse These Tasks').click();
    await waitForNotification(page, 'Made taska + taskb.');
    await waitForRow(page, VIEW, 'taska + taskb');
    await webview(page).getByText('They are in one Fusion Group now.').waitFor();
    await clearNotifications(page);
    await row('taska').click();
    await webview(page).getByText('Replay', { exact: true }).click();
    await webview(page).locator('.notice', { hasText: 'The answers ' }).waitFor();
    await tab(page, 'Two traces of taska').waitFor();
    await waitForLabels('the call as a local one', (all) => all.some((label) => label.startsWith('taskb, local call')));
    assert.equal(await webview(page).getByRole('treegrid').count(), 2);
    await window.screenshot('before and after');
  });

  it('opens from a list, and from its handler back to the code', async () => {
    const { page } = window;
    await runCommand(page, 'Fusionizer: Open Trace');
    await waitForQuickInput(page, 'Open Trace');
    await page.keyboard.press('Enter');
    await tab(page, 'Trace of taska').waitFor();
    await waitForLabels('one trace', (all) => all.length === 2);
    await row('taskb').focus();
    await page.keyboard.press('o');
    await tab(page, 'main.py').waitFor();
    await openFile(page, 'taskb/main.py');
    await window.screenshot('the handler beside');
  });

  it('opens from the line of the log that names it', async () => {
    const { page } = window;
    await runCommand(page, 'Fusionizer: Show Server Log');
    const output = page.locator('.part.panel');
    await followLink(
      output,
      output
        .locator('.detected-link')
        .filter({ hasText: /^[0-9a-f]{32}$/ })
        .first(),
    );
    await waitFor('the trace', async () => (await activeTab(page)) === 'Trace of taska');
    await window.screenshot('from the log');
    await page.keyboard.press('ControlOrMeta+J');
  });

  it('has its times above the handler, which lead to the map', async () => {
    const { page } = window;
    const calls = /^2 calls · median [\d.]+ ms · 50 % remote$/;
    const lens = await waitFor('the calls above the handler', async () =>
      (await codeLenses(editor(page, 'main.py'))).find((title) => calls.test(title)),
    );
    await window.screenshot('times above the handler');
    await clickCodeLens(editor(page, 'main.py'), lens);
    await tab(page, 'Fusion Map').waitFor();
    await webview(page).getByRole('heading', { name: 'taskb' }).waitFor();
    await webview(page).locator('.group text', { hasText: '2 fused' }).waitFor();
    await window.screenshot('the map after the fusion');
  });
});
