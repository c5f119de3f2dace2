import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ExampleWindow } from '../support/vscode/exampleWindow.ts';
import { activityBarItem, openContainer, view, welcomeContent } from '../support/vscode/views.ts';

describe('a user who has installed the VSIX and opens the examples', { concurrency: false }, () => {
  let window: ExampleWindow;
  before(async () => {
    window = await ExampleWindow.open('first-look');
  });
  after(() => window?.close());

  it('finds Fusionizer in the activity bar', async () => {
    await activityBarItem(window.page, 'Fusionizer').waitFor();
    await window.screenshot('activity bar');
  });

  it('opens the view Fusion Setup there', async () => {
    await openContainer(window.page, 'Fusionizer');
    assert.equal(await view(window.page, 'Fusion Setup').locator('.pane-header').getAttribute('aria-expanded'), 'true');
    await window.screenshot('view');
  });

  it('closes the window, and no extension host is left', async () => {
    await window.vscode.closeWindow();
  });
});

describe('a user who opens no folder', () => {
  it('is told by the view what to do', async (t) => {
    const window = await ExampleWindow.open('no-folder', { folder: false });
    t.after(() => window.close());
    await openContainer(window.page, 'Fusionizer');
    const { text, buttons } = await welcomeContent(window.page, 'Fusion');
    await window.screenshot('welcome');
    assert.deepEqual(text, ['Open a folder to write and deploy Nuclio Tasks in it.']);
    assert.deepEqual(buttons, ['Open Folder']);
  });
});
