import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { answerDialog } from '../support/vscode/dialogs.ts';
import { clickCodeLens, editor, editorText, tab } from '../support/vscode/editors.ts';
import { ExampleWindow } from '../support/vscode/exampleWindow.ts';
import { answerNotification, clearNotifications, waitForNotification } from '../support/vscode/notifications.ts';
import { clickRow, runCommand } from '../support/vscode/quickInput.ts';
import { clickRowAction, treeRow, waitForRow } from '../support/vscode/trees.ts';
import { openContainer } from '../support/vscode/views.ts';
import { waitFor } from '../support/vscode/wait.ts';

const VIEW = 'Fusion';
const YAML = 'spec:\n  runtime: python\n  handler: main:handler\n';
const handler = (total: number): string =>
  `def handler(context, event):\n    return {"total": ${total}, "at": event.timestamp.isoformat()}\n`;

describe('expected answers in the Test Explorer, from the VSIX', { concurrency: false }, () => {
  let window: ExampleWindow;
  let main: string;
  let expected: string;
  before(async () => {
    window = await ExampleWindow.open('test explorer', { folders: ['hello'] });
    const { page } = window;
    const folder = path.join(window.workspace, 'hello', 'cart');
    main = path.join(folder, 'main.py');
    expected = path.join(window.workspace, 'hello', '.fusionizer', 'payloads', 'cart', 'default.expected.json');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'function.yaml'), YAML);
    await writeFile(main, handler(3));
    await openContainer(page, 'Fusionizer');
    await waitForRow(page, VIEW, 'cart');
    await clickRowAction(page, VIEW, 'cart', 'Deploy Nuclio Task');
    await waitForRow(page, VIEW, 'cart', ({ description }) => description.startsWith('ready'));
    await clearNotifications(page);
  });
  after(() => window?.close());

  const item = (label: string) =>
    window.page
      .locator('.test-explorer .monaco-list-row')
      .filter({ has: window.page.locator(`.label:text("${label}")`) });
  const stateIs = (label: string, state: RegExp): Promise<unknown> =>
    waitFor(`${label} to be ${state}`, async () =>
      state.test((await item(label).first().getAttribute('aria-label')) ?? ''),
    );
  const run = async (): Promise<void> => {
    await runCommand(window.page, 'Test: Run All Tests');
  };

  it('are made from an answer', async () => {
    const { page } = window;
    await clickRowAction(page, VIEW, 'cart', 'Invoke Nuclio Task');
    await clickCodeLens(editor(page, 'default.json'), 'Send');
    await waitFor('the answer', async () => (await editorText(editor(page, 'Answer of cart'))).includes('total'));
    await clickCodeLens(editor(page, 'Answer of cart'), 'More...');
    await clickRow(page, 'Expect');
    await window.screenshot('an expected answer');
    await answerNotification(page, 'default.expected.json has the expected answer.', 'Show Tests');
    const { status, body } = JSON.parse(await readFile(expected, 'utf8'));
    assert.equal(status, 200);
    assert.equal(body.total, 3);
    await item('cart').first().waitFor();
  });

  it('are compared apart and fused, on a server of their own; a time differs each time', async () => {
    await run();
    await stateIs('cart', /Failed/);
    await window.screenshot('what differs');
    const text = await readFile(expected, 'utf8');
    await writeFile(expected, JSON.stringify({ ...JSON.parse(text), ignore: ['body.at'] }));
    await run();
    await stateIs('cart', /Passed/);
    await window.screenshot('passed');
  });

  it('find what was changed in a file, without a deploy on the server of the window', async () => {
    const { page } = window;
    await writeFile(main, handler(4));
    await run();
    await stateIs('cart', /Failed/);
    await openContainer(page, 'Fusionizer');
    await waitForRow(page, VIEW, 'cart', ({ description }) => description.startsWith('ready'));
    assert.match(await treeRow(page, VIEW, 'cart').innerText(), /version 1/);
  });

  it('are replaced after a question, and keep what is ignored', async () => {
    const { page } = window;
    await clickRowAction(page, VIEW, 'cart', 'Deploy Nuclio Task');
    await waitForRow(page, VIEW, 'cart', ({ description }) => description.includes('version 2'));
    await tab(page, 'default.json').click();
    await clickCodeLens(editor(page, 'default.json'), 'Send');
    await waitFor('the answer', async () => (await editorText(editor(page, 'Answer of cart'))).includes('4'));
    await runCommand(page, 'Fusionizer: Save Answer as Expected');
    const { message } = await answerDialog(page, 'Replace');
    assert.equal(message, 'Replace the expected answer default.expected.json?');
    await waitForNotification(page, 'default.expected.json has the expected answer.');
    const saved = JSON.parse(await readFile(expected, 'utf8'));
    assert.deepEqual([saved.body.total, saved.ignore], [4, ['body.at']]);
    await clearNotifications(page);
    await runCommand(page, 'Testing: Focus on Test Explorer View');
    await run();
    await stateIs('cart', /Passed/);
  });
});
