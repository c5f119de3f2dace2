import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { dragTo } from '../support/vscode/board.ts';
import { tab } from '../support/vscode/editors.ts';
import { ExampleWindow } from '../support/vscode/exampleWindow.ts';
import { answerNotification, clearNotifications, waitForNotification } from '../support/vscode/notifications.ts';
import { acceptFileName, runCommand } from '../support/vscode/quickInput.ts';
import { serverAddress, waitForStatus } from '../support/vscode/statusBar.ts';
import { waitForRow } from '../support/vscode/trees.ts';
import { clickViewAction, openContainer } from '../support/vscode/views.ts';
import { waitFor } from '../support/vscode/wait.ts';
import { webview } from '../support/vscode/webviews.ts';

const VIEW = 'Fusion Setup';

describe('the fusion map in the editor, from the VSIX', { concurrency: false }, () => {
  let window: ExampleWindow;
  let address: string;
  before(async () => {
    window = await ExampleWindow.open('map', { folders: ['hello'] });
    const { page } = window;
    await openContainer(page, 'Fusionizer');
    await waitForStatus(page, 'Fusionizer :');
    await waitForRow(page, VIEW, 'taska');
    await runCommand(page, 'Fusionizer: Deploy All');
    await waitForNotification(page, '2 Nuclio Tasks are deployed.');
    await clearNotifications(page);
    address = await serverAddress(page);
  });
  after(() => window?.close());

  const map = () => webview(window.page);
  const task = (name: string) => map().locator(`[data-task="${name}"]`);
  const invoke = async (): Promise<void> => {
    assert.equal((await fetch(`${address}/taska`, { method: 'POST', body: '{"a": 1}' })).status, 200);
  };
  const place = async (name: string): Promise<string | null> => task(name).getAttribute('transform');

  it('opens from the view, and shows calls as they happen', async () => {
    const { page } = window;
    await clickViewAction(page, VIEW, 'Show Fusion Map');
    await tab(page, 'Fusion Map').waitFor();
    await task('taska').waitFor();
    await invoke();
    await map().locator('.edge-label', { hasText: /^1 · / }).waitFor();
    assert.equal(await map().locator('svg.map .edge.remote').count(), 1);
    await window.screenshot('a remote call');
  });

  it('fuses by a drag; the tree follows, and what did not change stays', async () => {
    const { page } = window;
    const before = await place('taska');
    await dragTo(page, task('taskb'), task('taska'));
    await waitForNotification(page, 'Made taska + taskb.');
    await waitForRow(page, VIEW, 'taska + taskb');
    await map().locator('.group text', { hasText: '2 fused' }).waitFor();
    assert.equal(await place('taska'), before);
    await invoke();
    // A straight line has no height, so that it does not count as visible.
    await map().locator('svg.map .edge.local').waitFor({ state: 'attached' });
    assert.equal(await place('taska'), before);
    await window.screenshot('a local call');
  });

  it('splits by Undo and by a key, and fuses by keys alone', async () => {
    const { page } = window;
    await answerNotification(page, 'Made taska + taskb.', 'Undo');
    await waitFor('two groups', async () => (await map().locator('.group').count()) === 0);
    await clearNotifications(page);
    await task('taskb').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await waitForNotification(page, 'Made taska + taskb.');
    await map().locator('.group text', { hasText: '2 fused' }).waitFor();
    await clearNotifications(page);
    await task('taska').focus();
    await page.keyboard.press('Delete');
    await waitForNotification(page, 'Split out taska; left taskb');
    await waitFor('two groups', async () => (await map().locator('.group').count()) === 0);
    await clearNotifications(page);
  });

  it('shows an earlier setup as it was', async () => {
    const setups = map().getByLabel('Setup', { exact: true });
    await waitFor('the setup before', async () => (await setups.locator('option').count()) > 2);
    await setups.selectOption({ index: 2 });
    await map().locator('.group text', { hasText: '2 fused, earlier' }).waitFor();
    await window.screenshot('an earlier setup');
    await setups.selectOption('current');
    await waitFor('the setup in force', async () => (await map().locator('.group').count()) === 0);
  });

  it('is saved as a picture, and opens a handler', async () => {
    const { page } = window;
    await map().getByRole('button', { name: 'Export SVG' }).click();
    await acceptFileName(page);
    await map().getByRole('alert').getByText('The map is saved in fusion-map.svg.').waitFor();
    assert.match(await readFile(path.join(window.workspace, 'hello', 'fusion-map.svg'), 'utf8'), /^<svg .*taska/s);
    await task('taskb').focus();
    await page.keyboard.press('o');
    await tab(page, 'main.py').waitFor();
    await window.screenshot('the handler beside');
  });
});
