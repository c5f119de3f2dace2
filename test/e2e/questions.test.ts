import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { answerDialog, readDialog } from '../support/vscode/dialogs.ts';
import { openFile, replaceText, save, tab } from '../support/vscode/editors.ts';
import { ExampleWindow } from '../support/vscode/exampleWindow.ts';
import { chooseFromContextMenu } from '../support/vscode/menus.ts';
import {
  answerNotification,
  clearNotifications,
  notifications,
  waitForNotification,
} from '../support/vscode/notifications.ts';
import { problems } from '../support/vscode/problems.ts';
import {
  closeQuickInput,
  pick,
  quickInput,
  quickInputMessage,
  runCommand,
  typeIntoQuickInput,
  waitForQuickInput,
} from '../support/vscode/quickInput.ts';
import { waitForStatus } from '../support/vscode/statusBar.ts';
import { treeRow, treeRows, waitForRow } from '../support/vscode/trees.ts';
import { openContainer } from '../support/vscode/views.ts';
import { waitFor } from '../support/vscode/wait.ts';

const VIEW = 'Fusion';
const HANDLER = 'def handler(context, event):\n    return "answer"\n';

describe('what a deploy asks before it begins', { concurrency: false }, () => {
  let window: ExampleWindow;
  before(async () => {
    window = await ExampleWindow.open('questions', {
      folders: ['hello'],
      settings: { 'fusionizer.deploy.onSave': true },
    });
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
      'To deploy 3 Nuclio Tasks, these build commands run in a shell on this machine. ' +
        'You are asked once for each list.',
    );
    assert.match(asked.detail, /taska, taskc:\s*echo one\s*echo two\s*taskb:\s*echo three/);
    await answerDialog(window.page, 'Cancel');
    await runCommand(window.page, 'Fusionizer: Deploy All');
    await answerDialog(window.page, 'Run');
    await waitForNotification(window.page, '3 Nuclio Tasks are deployed.');
    await clearNotifications(window.page);
    await write('taskb', { 'main.py': HANDLER });
    await runCommand(window.page, 'Fusionizer: Deploy All');
    await waitForNotification(window.page, '3 Nuclio Tasks are deployed.');
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

  describe('where another folder has the name', { concurrency: false }, () => {
    const PYTHON = 'metadata:\n  name: cart\nspec:\n  runtime: python\n  handler: cart:handler\n';
    const NODE = 'metadata:\n  name: cart\nspec:\n  runtime: nodejs\n  handler: shop:handler\n';
    const question = 'cart was deployed from shop. Replace it with the Nuclio Task in basket?';
    const deploy = async (only: { hasText: string } | { hasNotText: string }): Promise<void> => {
      await runCommand(window.page, 'Fusionizer: Deploy Nuclio Task');
      await waitForQuickInput(window.page, 'Deploy Nuclio Task');
      await quickInput(window.page).locator('.monaco-list-row', { hasText: 'cart' }).filter(only).click();
    };
    const carts = async (): Promise<string[]> =>
      (await treeRows(window.page, VIEW)).filter(({ label }) => label === 'cart').map(({ description }) => description);
    const served = async (): Promise<string | undefined> => (await carts()).find((row) => row.startsWith('ready'));

    it('is a warning in both configurations, and in each row', async () => {
      await write('shop', {
        'function.yaml': NODE,
        'shop.js': 'exports.handler = (context) => context.callback("shop");\n',
      });
      await write('basket', { 'function.yaml': PYTHON, 'cart.py': HANDLER });
      await openContainer(window.page, 'Fusionizer');
      await waitFor('both rows', async () => (await carts()).length === 2);
      await deploy({ hasNotText: 'basket' });
      await waitForNotification(window.page, 'cart is deployed: version 1 serves.');
      await clearNotifications(window.page);
      await waitFor('the rows', served);
      assert.deepEqual(await carts(), [
        'not deployed · name is used twice · basket · python',
        'ready · name is used twice · shop · nodejs · version 1',
      ]);
      const all = await waitFor('both marks', async () => {
        const found = Object.values(await problems(window.page)).flat();
        const names = found.filter(({ message }) => message.includes('has the name cart'));
        return names.length === 2 && names;
      });
      assert.deepEqual(all.map(({ severity, place }) => `${severity} ${place}`).sort(), [
        'warning Ln 2, Col 9',
        'warning Ln 2, Col 9',
      ]);
      assert.ok(all.some(({ message }) => message.startsWith('shop has the name cart')));
      await window.screenshot('name is used twice');
    });

    it('is whether that one is replaced; Cancel changes nothing', async () => {
      await deploy({ hasText: 'basket' });
      const asked = await readDialog(window.page);
      await window.screenshot('replace');
      assert.equal(asked.message, question);
      assert.deepEqual(asked.buttons.sort(), ['Cancel', 'Replace']);
      await answerDialog(window.page, 'Cancel');
      assert.match((await served()) ?? '', /^ready .* shop · nodejs · version 1$/);
    });

    it('is a message without a dialog on save, once', async () => {
      await openFile(window.page, 'basket/cart.py');
      const saveWith = async (comment: string): Promise<void> => {
        await replaceText(window.page, 'cart.py', `# ${comment}\n${HANDLER}`);
        await save(window.page);
      };
      await saveWith('one');
      const { buttons } = await waitForNotification(window.page, question);
      assert.deepEqual(buttons, ['Replace', 'Cancel']);
      await window.screenshot('replace on save');
      await answerNotification(window.page, question, 'Cancel');
      await saveWith('two');
      await waitForStatus(window.page, 'cart is not deployed: another folder has its name.');
      assert.ok((await notifications(window.page)).every(({ message }) => message !== question));
    });

    it('is refused for a new Task, and Replace replaces', async () => {
      await runCommand(window.page, 'Fusionizer: New Nuclio Task...');
      await pick(window.page, 'Python: Plain');
      await waitForQuickInput(window.page, 'New Nuclio Task');
      await typeIntoQuickInput(window.page, 'cart');
      await waitFor('the refusal', async () =>
        /^The Task in (shop|basket) has this name: choose another one/.test(await quickInputMessage(window.page)),
      );
      await window.screenshot('new Task');
      await closeQuickInput(window.page);
      await deploy({ hasText: 'basket' });
      await readDialog(window.page);
      // The default button, by the keyboard.
      await window.page.keyboard.press('Enter');
      await waitForNotification(window.page, 'cart is deployed: version 2 serves.');
      await clearNotifications(window.page);
      await waitFor('the rows', async () => (await served())?.includes('version 2'));
      assert.match((await served()) ?? '', /^ready · name is used twice · basket · python/);
      await window.screenshot('replaced');
      // The Task of the other folder is not the one that is meant there.
      const other = window.page.locator('.monaco-list-row', { hasText: 'not deployed · name is used twice' });
      await chooseFromContextMenu(other, 'Invoke Nuclio Task...');
      const { buttons } = await waitForNotification(window.page, 'cart is deployed, but not from shop.');
      assert.deepEqual(buttons, ['Deploy and Invoke']);
      await clearNotifications(window.page);
    });

    it('is one question after Deploy All', async () => {
      await write('basket', { 'function.yaml': PYTHON.replace('cart', 'basket') });
      await waitForRow(window.page, VIEW, 'basket');
      await waitFor('one cart', async () => (await carts()).length === 1);
      await runCommand(window.page, 'Fusionizer: Deploy All');
      const asked = await answerDialog(window.page, 'Replace');
      assert.equal(asked.message, 'cart was deployed from basket. Replace it with the Nuclio Task in shop?');
      await waitForNotification(window.page, 'cart is deployed: version 3 serves.');
      const marks = async () =>
        Object.values(await problems(window.page))
          .flat()
          .filter(({ message }) => message.includes('has the name'));
      await waitFor('no mark', async () => (await marks()).length === 0);
    });
  });
});
