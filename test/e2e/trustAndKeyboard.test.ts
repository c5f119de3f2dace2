import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { activeTab, editor, editorText, tab } from '../support/vscode/editors.ts';
import { ExampleWindow } from '../support/vscode/exampleWindow.ts';
import { commandByKeys, focusedPart, focusRowByKeys, menuByKeys } from '../support/vscode/keyboard.ts';
import { clearNotifications, notifications } from '../support/vscode/notifications.ts';
import { quickPickLabels, runCommand, waitForQuickInput } from '../support/vscode/quickInput.ts';
import { waitForStatus } from '../support/vscode/statusBar.ts';
import { treeRows, treeText, waitForRow } from '../support/vscode/trees.ts';
import { clickViewAction, openContainer, view } from '../support/vscode/views.ts';
import { waitFor } from '../support/vscode/wait.ts';

const VIEW = 'Fusion';
const THEMES = [
  ['Default Dark Modern', 'vs-dark'],
  ['Default Light Modern', 'vs'],
  ['Default High Contrast', 'hc-black'],
  ['Default High Contrast Light', 'hc-light'],
] as const;

describe('a user in Restricted Mode, who then trusts the folder and works by keys alone', {
  concurrency: false,
}, () => {
  let window: ExampleWindow;
  before(async () => {
    window = await ExampleWindow.open('trust and keyboard', { folders: ['hello'], trusted: false });
  });
  after(() => window?.close());

  const announced = (text: RegExp): Promise<string> =>
    waitFor(`${text} to be announced`, async () => {
      const alerts = window.page.locator('.part.statusbar [role="alert"]');
      return (await alerts.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''))).find((one) =>
        text.test(one),
      );
    });
  const pictures = async (what: string): Promise<void> => {
    for (const [theme, kind] of THEMES) {
      await window.changeWorkspace(['hello'], { 'workbench.colorTheme': theme });
      await window.page.locator(`.monaco-workbench.${kind}`).waitFor();
      await window.screenshot(`${what}, ${theme}`);
    }
  };

  it('sees the Tasks, and what to do; nothing says that a server failed', async () => {
    const { page } = window;
    await openContainer(page, 'Fusionizer');
    await waitForRow(page, VIEW, 'taskb', ({ description }) => description === 'not deployed · python');
    assert.match(await view(page, VIEW).innerText(), /Restricted Mode: Nuclio Tasks are shown/);
    await waitForStatus(page, 'Fusionizer restricted');
    await pictures('restricted');
    await runCommand(page, 'Fusionizer: Deploy Nuclio Task');
    await waitFor('the refusal', async () => (await notifications(page)).length === 1);
    const [told] = await notifications(page);
    assert.match(told?.message ?? '', /^This workspace is not trusted, so nothing of it is run/);
    await waitForStatus(page, 'Fusionizer restricted');
    await clearNotifications(page);
    await runCommand(page, 'Fusionizer: Server Actions...');
    await waitForQuickInput(page, 'Fusionizer Server');
    assert.deepEqual(
      (await quickPickLabels(page)).map((label) => label.trim()),
      ['Manage Workspace Trust', 'Show Server Log', 'Open Settings'],
    );
    await page.keyboard.press('Escape');
    assert.equal((await treeRows(page, VIEW)).length, 2);
  });

  it('trusts it while the view is hidden, and finds a server when it is shown', async () => {
    const { page } = window;
    await clickViewAction(page, VIEW, 'Manage Workspace Trust');
    await tab(page, 'Workspace Trust').waitFor();
    await openContainer(page, 'Explorer');
    await page.locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ }).click();
    await waitForStatus(page, 'Fusionizer stopped');
    await window.screenshot('trusted while hidden');
    await runCommand(page, 'View: Close All Editors');
    await commandByKeys(page, 'Fusionizer: Focus on Fusion Setup View');
    await waitForStatus(page, 'Fusionizer :');
    await waitForRow(page, VIEW, 'taska');
    assert.doesNotMatch(await view(page, VIEW).innerText(), /Restricted Mode/);
  });

  it('looks at Tasks as in the Explorer: Space and Shift with arrows keep the focus, Enter takes it away', async () => {
    const { page } = window;
    await focusRowByKeys(page, 'taska');
    await page.keyboard.press('Space');
    await waitFor('the handler', async () => (await activeTab(page)) === 'main.py');
    assert.equal(await focusedPart(page), 'sidebar');
    await page.keyboard.press('Shift+ArrowDown');
    await waitFor(
      'both rows',
      async () => (await treeRows(page, VIEW)).filter(({ selected }) => selected).length === 2,
    );
    assert.equal(await focusedPart(page), 'sidebar');
    await page.keyboard.press('Enter');
    await waitFor('the focus in the editor', async () => (await focusedPart(page)) === 'editor');
    await page.locator('.part.sidebar .monaco-list-row .label-name', { hasText: 'taskb' }).click();
    assert.equal(await focusedPart(page), 'sidebar');
    await window.screenshot('a look');
  });

  it('deploys two Tasks, invokes one and reads its answer', async () => {
    const { page } = window;
    for (const task of ['taskb', 'taska']) {
      await commandByKeys(page, 'Fusionizer: Focus on Fusion Setup View');
      await focusRowByKeys(page, task);
      const before = (await treeText(page, VIEW)).split('\n').map((line) => line.split(' ')[0]);
      await menuByKeys(page, 'Deploy Nuclio Task');
      await waitForRow(page, VIEW, task, ({ description }) => description.startsWith('ready'));
      const rows = (await treeText(page, VIEW)).split('\n').map((line) => line.split(' ')[0]);
      assert.deepEqual(rows, before, 'no row has moved');
      assert.equal(await focusedPart(page), 'sidebar');
    }
    await menuByKeys(page, 'Invoke Nuclio Task...');
    await tab(page, 'default.json').waitFor();
    await waitFor('the focus in the payload', async () => (await focusedPart(page)) === 'editor');
    await page.keyboard.press('ControlOrMeta+Enter');
    assert.match(await announced(/^taska: /), /^taska: 200 OK · /);
    await tab(page, 'Answer of taska').waitFor();
    assert.equal(await activeTab(page), 'default.json');
    await page.keyboard.press('ControlOrMeta+2');
    await waitFor('the answer', async () => (await activeTab(page)) === 'Answer of taska');
    assert.match(await editorText(editor(page, 'Answer of taska')), /taska says/);
    await window.screenshot('answer');
  });

  it('fuses them and splits them', async () => {
    const { page } = window;
    await clearNotifications(page);
    await commandByKeys(page, 'Fusionizer: Focus on Fusion Setup View');
    await focusRowByKeys(page, 'taska');
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowDown');
    await menuByKeys(page, 'Fuse Selected');
    const group = await waitForRow(page, VIEW, 'taska + taskb');
    assert.equal(group.spoken, 'Fusion Group of 2 Tasks: taska, taskb, ready');
    assert.equal(group.description, '2 Tasks · ready');
    // VS Code reads out notifications.
    await waitFor('the notification to be read out', async () =>
      /Made taska \+ taskb/.test((await page.locator('.monaco-aria-container .monaco-alert').allTextContents()).join()),
    );
    await pictures('fused');
    await page.setViewportSize({ width: 800, height: 600 });
    await window.screenshot('800 x 600');
    // What a zoom of 200 % leaves of a window of 1400 x 900.
    await page.setViewportSize({ width: 700, height: 450 });
    await window.screenshot('zoom 200');
    await page.setViewportSize({ width: 1400, height: 900 });
    await commandByKeys(page, 'Fusionizer: Focus on Fusion Setup View');
    await focusRowByKeys(page, 'taskb');
    await menuByKeys(page, /^Split Nuclio Task/);
    await waitForRow(page, VIEW, 'taskb', ({ level }) => level === 1);
  });
});
