import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ExampleWindow } from '../support/vscode/exampleWindow.ts';
import { clearNotifications, waitForNotification } from '../support/vscode/notifications.ts';
import { runCommand } from '../support/vscode/quickInput.ts';
import { statusBarItem, waitForStatus } from '../support/vscode/statusBar.ts';
import { waitForRow } from '../support/vscode/trees.ts';
import { openContainer, view, welcomeContent } from '../support/vscode/views.ts';
import { waitFor } from '../support/vscode/wait.ts';

const VIEW = 'Fusion';
const THEMES = [
  ['Default Dark Modern', 'vs-dark'],
  ['Default High Contrast', 'hc-black'],
  ['Default Light Modern', 'vs'],
  ['Default High Contrast Light', 'hc-light'],
] as const;

/** Takes a screenshot in each kind of theme, for people to look at. */
async function picture(window: ExampleWindow, folder: string, what: string): Promise<void> {
  for (const [theme, kind] of THEMES) {
    await window.changeWorkspace([folder], { 'workbench.colorTheme': theme });
    await window.page.locator(`.monaco-workbench.${kind}`).waitFor();
    await window.screenshot(`${what}, ${theme}`);
  }
}

const says = async (window: ExampleWindow, text: RegExp): Promise<string[]> =>
  waitFor(`the view to say ${text}`, async () => {
    const { text: said, buttons } = await welcomeContent(window.page, VIEW);
    return text.test(said.join(' ')) && buttons;
  });

describe('the empty view', { concurrency: 1 }, () => {
  it('says that the server could not be started, and why; and starts it once the setting is mended', async (t) => {
    const window = await ExampleWindow.open('welcome failed', {
      folders: ['hello'],
      settings: { 'fusionizer.optimizer.module': 'nowhere.mjs' },
    });
    t.after(() => window.close());
    await openContainer(window.page, 'Fusionizer');
    const told = await waitForNotification(window.page, /nowhere\.mjs/);
    assert.deepEqual([told.severity, told.buttons], ['error', ['Show Log', 'Open Settings']]);
    await waitForStatus(window.page, 'Fusionizer failed');
    assert.deepEqual(await says(window, /could not be started\..*log.*settings/), ['Start Again']);
    await clearNotifications(window.page);
    await picture(window, 'hello', 'failed');
    await statusBarItem(window.page, 'Fusionizer failed').first().hover();
    const hover = window.page
      .locator('.workbench-hover-container:visible .workbench-hover', { hasText: 'Fusionizer Server' })
      .last();
    await hover.waitFor();
    assert.match(await hover.innerText(), /nowhere\.mjs[\s\S]*Start/);
    await window.screenshot('why');
    await window.changeWorkspace(['hello'], { 'fusionizer.optimizer.module': '' });
    await waitForStatus(window.page, 'Fusionizer :');
    await waitForRow(window.page, VIEW, 'taska');
  });

  it('offers to start a server that was stopped, and to make a Task where there is none', async (t) => {
    const window = await ExampleWindow.open('welcome stopped', { folders: ['empty'] });
    t.after(() => window.close());
    await openContainer(window.page, 'Fusionizer');
    assert.deepEqual(await says(window, /no Nuclio Tasks in this workspace yet/), ['New Nuclio Task']);
    await picture(window, 'empty', 'nothing');
    await runCommand(window.page, 'Fusionizer: Start Server');
    await waitForStatus(window.page, 'Fusionizer :');
    await runCommand(window.page, 'Fusionizer: Stop Server');
    assert.deepEqual(await says(window, /server is stopped/), ['Start Server']);
    await picture(window, 'empty', 'stopped');
    await view(window.page, VIEW).locator('.monaco-button', { hasText: 'Start Server' }).click();
    await waitForStatus(window.page, 'Fusionizer :');
  });
});
