import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { answerDialog, readDialog } from '../support/vscode/dialogs.ts';
import { tab } from '../support/vscode/editors.ts';
import { ExampleWindow } from '../support/vscode/exampleWindow.ts';
import { chooseFromContextMenu } from '../support/vscode/menus.ts';
import { clearNotifications, waitForNotification } from '../support/vscode/notifications.ts';
import { runCommand } from '../support/vscode/quickInput.ts';
import { treeRow, waitForRow } from '../support/vscode/trees.ts';
import { openContainer } from '../support/vscode/views.ts';

const VIEW = 'Fusion';
const HANDLER = 'def handler(context, event):\n    return "answer"\n';

describe('what a deploy asks before it begins', { concurrency: false }, () => {
  let window: ExampleWindow;
  before(async () => {
    window = await ExampleWindow.open('questions', { folders: ['hello'] });
  });
  after(() => window?.close());

  const write = async (task: string, files: Record<string, string>): Promise<void> => {
    const dir = path.join(window.workspace, 'hello', task);
    await mkdir(dir, { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(dir, name), text);
  };
  const yaml = (commands: string): string =>
    `spec:\n  runtime: python\n  handler: main:handler\n  build:\n    commands: ${commands}\n`;

  it('is one question for the build commands of all Tasks, and none the next time', async () => {
    await write('taska', { 'function.yaml': yaml('["echo one", "echo two"]') });
    await write('taskb', { 'function.yaml': yaml('["echo three"]') });
    await write('taskc', { 'function.yaml': yaml('["echo one", "echo two"]'), 'main.py': HANDLER });
    await openContainer(window.page, 'Fusionizer');
    await waitForRow(window.page, VIEW, 'taskc');
    await runCommand(window.page, 'Fusionizer: Deploy All');
    const asked = await readDialog(window.page);
    await window.screenshot('build commands of all');
    assert.equal(
      asked.message,
      'To deploy 3 Tasks, these build commands run in a shell on this machine. You are asked once for each list.',
    );
    assert.match(asked.detail, /taska, taskc:\s*echo one\s*echo two\s*taskb:\s*echo three/);
    await answerDialog(window.page, 'Cancel');
    await runCommand(window.page, 'Fusionizer: Deploy All');
    await answerDialog(window.page, 'Run');
    await waitForNotification(window.page, '3 Tasks are deployed.');
    await clearNotifications(window.page);
    await write('taskb', { 'main.py': HANDLER });
    await runCommand(window.page, 'Fusionizer: Deploy All');
    await waitForNotification(window.page, '3 Tasks are deployed.');
    await clearNotifications(window.page);
  });

  it('is whether a folder without any configuration is deployed as it is; once', async () => {
    await write('bare', { 'work.py': HANDLER });
    await openContainer(window.page, 'Explorer');
    const deploy = async (): Promise<void> =>
      chooseFromContextMenu(treeRow(window.page, 'Explorer', 'bare'), 'Deploy Nuclio Task');
    await deploy();
    const asked = await readDialog(window.page);
    await window.screenshot('no configuration');
    assert.equal(asked.message, 'There is no function.yaml in bare.');
    assert.match(asked.detail, /work\.py is its only source file, so its handler is probably work:handler \(python\)/);
    await answerDialog(window.page, 'Deploy As It Is');
    await waitForNotification(window.page, 'bare is deployed: version 1 serves.');
    await clearNotifications(window.page);
    await write('bare', { 'work.py': HANDLER.replace('answer', 'other') });
    await deploy();
    await waitForNotification(window.page, 'bare is deployed: version 2 serves.');
    await clearNotifications(window.page);
  });

  it('makes function.yaml where that is wanted, and deploys nothing then', async () => {
    await write('bare2', { 'work.py': HANDLER });
    await chooseFromContextMenu(treeRow(window.page, 'Explorer', 'bare2'), 'Deploy Nuclio Task');
    await answerDialog(window.page, 'Create function.yaml');
    await tab(window.page, 'function.yaml').waitFor();
    await openContainer(window.page, 'Fusionizer');
    await waitForRow(window.page, VIEW, 'bare2', ({ description }) => description.startsWith('not deployed'));
  });

  it('is nothing where an inline configuration says how', async () => {
    await write('inline', {
      'work.py': `# @nuclio.configure\n#\n# function.yaml:\n#   spec:\n#     handler: work:handler\n\n${HANDLER}`,
    });
    await openContainer(window.page, 'Explorer');
    await chooseFromContextMenu(treeRow(window.page, 'Explorer', 'inline'), 'Deploy Nuclio Task');
    await waitForNotification(window.page, 'inline is deployed: version 1 serves.');
    await openContainer(window.page, 'Fusionizer');
    await waitForRow(window.page, VIEW, 'inline', ({ description }) => description.startsWith('ready'));
  });
});
