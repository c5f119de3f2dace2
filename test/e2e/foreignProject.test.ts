import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openFile } from '../support/vscode/editors.ts';
import { ExampleWindow } from '../support/vscode/exampleWindow.ts';
import { hostLog } from '../support/vscode/logs.ts';
import { contextMenuLabels } from '../support/vscode/menus.ts';
import { runCommand } from '../support/vscode/quickInput.ts';
import { statusBarTexts, waitForStatus } from '../support/vscode/statusBar.ts';
import { treeRow, waitForRow } from '../support/vscode/trees.ts';
import { openContainer, view, welcomeContent } from '../support/vscode/views.ts';
import { waitFor } from '../support/vscode/wait.ts';

const VIEW = 'Fusion';
const FILES: Record<string, string> = {
  'tsconfig.json': '{ "compilerOptions": {} } // with a comment\n',
  'main.py': 'def handler(context, event):\n    return "not a Task"\n',
  'server/index.js': 'exports.handler = () => undefined;\n',
  'server/app.yaml': 'kind: Deployment\n',
};

describe('a project without Tasks', { concurrency: false }, () => {
  let window: ExampleWindow;
  before(async () => {
    window = await ExampleWindow.open('foreign project', { folders: ['empty'] });
    for (const [name, text] of Object.entries(FILES)) {
      const file = path.join(window.workspace, 'empty', name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  });
  after(() => window?.close());

  const texts = async (): Promise<string> => (await statusBarTexts(window.page)).join(' | ');
  const buttonsOf = (text: RegExp): Promise<string[]> =>
    waitFor(`the view to say ${text}`, async () => {
      const { text: said, buttons } = await welcomeContent(window.page, VIEW);
      return text.test(said.join(' ')) && buttons;
    });

  it('does not activate the extension, whatever is opened in it', async () => {
    for (const file of ['tsconfig.json', 'main.py', 'server/index.js', 'server/app.yaml'])
      await openFile(window.page, file);
    await waitFor('the end of the start', async () =>
      (await hostLog(window.vscode)).includes('Eager extensions activated'),
    );
    await runCommand(window.page, 'Developer: Show Running Extensions');
    const names = window.page.locator('.runtime-extensions-editor .monaco-list-row .name');
    await names.first().waitFor();
    assert.doesNotMatch((await names.allTextContents()).join(), /fusion/i);
    assert.doesNotMatch(await hostLog(window.vscode), /activateExtension fusionizer/);
    assert.doesNotMatch(await texts(), /Fusionizer/);
  });

  it('has one entry in the menu of a folder, and none in those of files', async () => {
    const { page } = window;
    await runCommand(page, 'View: Close All Editors');
    await openContainer(page, 'Explorer');
    const folder = await contextMenuLabels(treeRow(page, 'Explorer', 'server'), () => window.screenshot('menus'));
    assert.deepEqual(folder.submenu, ['Deploy Nuclio Task', 'New Nuclio Task...', 'Create function.yaml']);
    assert.deepEqual(
      folder.labels.filter((label) => /Task|Fusion|function/.test(label)),
      ['Fusionizer'],
    );
    const { labels } = await contextMenuLabels(treeRow(page, 'Explorer', 'tsconfig.json'));
    assert.deepEqual(
      labels.filter((label) => /Task|Fusion|Payload/.test(label)),
      [],
    );
  });

  it('starts no server when the view is opened, which offers to make a Task', async () => {
    await openContainer(window.page, 'Fusionizer');
    assert.deepEqual(await buttonsOf(/no Nuclio Tasks in this workspace yet/), ['New Nuclio Task']);
    assert.doesNotMatch(await texts(), /Fusionizer/);
    await window.screenshot('view');
  });

  it('becomes one with Tasks as soon as there is one: with a row, a server and a status', async () => {
    const folder = path.join(window.workspace, 'empty', 'first');
    await mkdir(folder);
    await writeFile(path.join(folder, 'main.py'), FILES['main.py'] ?? '');
    await writeFile(path.join(folder, 'function.yaml'), 'spec:\n  runtime: python\n  handler: main:handler\n');
    await waitForRow(window.page, VIEW, 'first', ({ description }) => description === 'not deployed · python');
    await waitForStatus(window.page, 'Fusionizer :');
    const inline = path.join(window.workspace, 'empty', 'inline');
    await mkdir(inline);
    const head = '# @nuclio.configure\n#\n# function.yaml:\n#   spec:\n#     handler: work:handler\n\n';
    await writeFile(path.join(inline, 'work.py'), head + FILES['main.py']);
    await waitForRow(window.page, VIEW, 'inline', ({ description }) => description === 'not deployed · python');
    await runCommand(window.page, 'Fusionizer: Stop Server');
    assert.deepEqual(await buttonsOf(/server is stopped/), ['Start Server']);
    // A user who has stopped the server does not get it back by opening the view.
    await openContainer(window.page, 'Explorer');
    await openContainer(window.page, 'Fusionizer');
    assert.deepEqual(await buttonsOf(/server is stopped/), ['Start Server']);
    await window.screenshot('stopped');
    await view(window.page, VIEW).locator('.monaco-button', { hasText: 'Start Server' }).click();
    await waitForRow(window.page, VIEW, 'first');
    await waitForStatus(window.page, 'Fusionizer :');
  });
});
