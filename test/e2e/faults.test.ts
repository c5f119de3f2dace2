import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { activeTab, editor, editorText, openFile, replaceText, save } from '../support/vscode/editors.ts';
import { ExampleWindow } from '../support/vscode/exampleWindow.ts';
import { askForQuickFixes, focusEditor, pressKeys, waitForSuggestion } from '../support/vscode/help.ts';
import { chooseFromContextMenu } from '../support/vscode/menus.ts';
import { answerNotification, clearNotifications, waitForNotification } from '../support/vscode/notifications.ts';
import { type Problem, problems, waitForProblem } from '../support/vscode/problems.ts';
import { closeQuickInput, pick, quickPickLabels, runCommand, waitForQuickInput } from '../support/vscode/quickInput.ts';
import { treeRow, treeRows, waitForRow } from '../support/vscode/trees.ts';
import { openContainer } from '../support/vscode/views.ts';
import { waitFor } from '../support/vscode/wait.ts';

const VIEW = 'Fusion';
const YAML = 'spec:\n  runtime: nodejs\n  handler: main:handler\n';
const HANDLER = 'exports.handler = (context) => context.callback("yes");\n';
const FIVE = `metadata:
  name: My_Task
spec:
  runtime: golang
  handler: nowhere:handler
  env:
    - name: LIMIT
      value: [3]
  triggers:
    - kind: http
`;

const FILES: Record<string, string> = {
  'five/function.yaml': FIVE,
  'one/same/function.yaml': YAML,
  'one/same/main.js': HANDLER,
  'two/same/function.yaml': YAML,
  'two/same/main.js': HANDLER,
  'bare/app.js': HANDLER,
  'bare/tools.js': '',
  'helped/function.yaml': 'spec:\n  runtime: pyton:3.11\n  handler: mian:serve\n  replicas: 2\n',
  'helped/main.py': 'def serve(context, event):\n    return "yes"\n',
  'inside/main.py':
    '# @nuclio.configure\n#\n# function.yaml:\n#   spec:\n#     \n\ndef handler(context, event):\n    pass\n',
  '.fusionizer/payloads/bare/one.json': '{}\n',
  '.vscode/tasks.json': JSON.stringify({
    version: '2.0.0',
    tasks: [{ type: 'fusionizer', folder: 'five', label: 'deploy five', problemMatcher: '$fusionizer' }],
  }),
};

describe('a Task at fault', { concurrency: false }, () => {
  let window: ExampleWindow;
  before(async () => {
    window = await ExampleWindow.open('faults');
    for (const [name, text] of Object.entries(FILES)) {
      const file = path.join(window.workspace, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  });
  after(() => window?.close());

  /** Of one folder: names that two of them have are another test's. */
  const found = async (): Promise<readonly Problem[]> =>
    ((await problems(window.page))['function.yaml'] ?? []).filter(({ message }) => !message.includes('has the name'));

  it('has all faults of its function.yaml in Problems, each with what to do', async () => {
    await openFile(window.page, 'five/function.yaml');
    await waitForProblem(window.page, 'function.yaml', 'My_Task');
    await window.screenshot('five faults');
    assert.deepEqual((await found()).map(({ severity, place }) => `${severity} ${place}`).sort(), [
      'error Ln 2, Col 9',
      'error Ln 4, Col 12',
      'error Ln 5, Col 12',
      'error Ln 8, Col 14',
      'error Ln 9, Col 3',
    ]);
    for (const { message } of await found())
      assert.match(message, /: (use|a Task's runtime is|add|put|write) /, message);
  });

  it('is refused with a message that opens the line, and its fault is not marked a second time', async () => {
    const marked = await found();
    await runCommand(window.page, 'View: Close All Editors');
    await openContainer(window.page, 'Explorer');
    await chooseFromContextMenu(treeRow(window.page, 'Explorer', 'five'), 'Deploy Nuclio Task');
    const told = await waitForNotification(window.page, 'five could not be deployed: function.yaml:');
    assert.deepEqual(told.buttons, ['Open', 'Show Log', 'Retry']);
    assert.doesNotMatch(told.message, /--name/);
    await waitForProblem(window.page, 'function.yaml', 'My_Task');
    assert.deepEqual(await found(), marked);
    await answerNotification(window.page, 'five could not be deployed', 'Open');
    await waitFor('function.yaml', async () => (await activeTab(window.page)) === 'function.yaml');
    await clearNotifications(window.page);
    await window.screenshot('opened');
  });

  it('is marked once, too, when it is deployed as a task', async () => {
    const marked = await found();
    await runCommand(window.page, 'Tasks: Run Task');
    await pick(window.page, /deploy five/);
    await window.page
      .locator('.part.panel .single-terminal-tab .codicon-error, .part.panel .terminal-tabs-entry .codicon-error')
      .first()
      .waitFor();
    await window.screenshot('task');
    assert.deepEqual(await found(), marked);
  });

  it('loses its marks one by one as it is mended', async () => {
    await openFile(window.page, 'five/function.yaml');
    await replaceText(window.page, 'function.yaml', YAML);
    await save(window.page);
    await waitFor('the last mark', async () => (await found()).length === 1);
    await writeFile(path.join(window.workspace, 'five', 'main.js'), HANDLER);
    await waitFor('no mark', async () => (await found()).length === 0);
  });

  it('shows its folder where another one has the same name', async () => {
    await openContainer(window.page, 'Fusionizer');
    await waitForRow(window.page, VIEW, 'same', ({ description }) => description.includes('two/same'));
    const descriptions = (await treeRows(window.page, VIEW))
      .filter(({ label }) => label === 'same')
      .map(({ description }) => description);
    assert.deepEqual(descriptions, [
      'not deployed · name is used twice · one/same · nodejs',
      'not deployed · name is used twice · two/same · nodejs',
    ]);
    await window.screenshot('same names');
  });

  it('gets its function.yaml from the message, and is deployed from the next one', async () => {
    await openContainer(window.page, 'Explorer');
    // Its rows have come to rest when it shows the active file.
    await openFile(window.page, 'bare/app.js');
    await treeRow(window.page, 'Explorer', 'app.js').waitFor();
    await chooseFromContextMenu(treeRow(window.page, 'Explorer', 'bare'), 'Deploy Nuclio Task');
    await answerNotification(window.page, 'bare could not be deployed', 'Create function.yaml');
    const told = await waitForNotification(
      window.page,
      'Created function.yaml: bare is a Nuclio Task in nodejs with the handler app:handler.',
    );
    assert.deepEqual([told.severity, told.buttons], ['info', ['Deploy']]);
    await openContainer(window.page, 'Fusionizer');
    await waitForRow(window.page, VIEW, 'bare', ({ description }) => description === 'not deployed · nodejs');
    await window.screenshot('function.yaml');
    await answerNotification(window.page, 'Created function.yaml', 'Deploy');
    await waitForRow(window.page, VIEW, 'bare', ({ description }) => description === 'ready · nodejs · version 1');
  });

  it('is not offered to be called by a new Task; deployed Tasks are, first', async () => {
    await writeFile(path.join(window.workspace, 'five', 'function.yaml'), `metadata:\n  name: Aaa!\n${YAML}`);
    await openContainer(window.page, 'Fusionizer');
    await waitForRow(window.page, VIEW, 'five', ({ description }) => description === 'cannot be deployed');
    await treeRow(window.page, VIEW, 'five').hover();
    const actions = treeRow(window.page, VIEW, 'five').locator('.actions .action-label');
    assert.deepEqual(await actions.evaluateAll((labels) => labels.map((label) => label.getAttribute('aria-label'))), [
      'Deploy Nuclio Task',
    ]);
    await runCommand(window.page, 'Fusionizer: New Nuclio Task...');
    await pick(window.page, /Node\.js: Calling another Nuclio Task/, 'New Nuclio Task');
    await waitForQuickInput(window.page, 'New Nuclio Task');
    await waitFor('the Tasks', async () => (await quickPickLabels(window.page))[0] === 'bare');
    await window.screenshot('callees');
    await closeQuickInput(window.page);
  });

  it('keeps what was right when a quick fix corrects it', async () => {
    await openFile(window.page, 'helped/function.yaml');
    await waitForProblem(window.page, 'function.yaml', 'pyton:3.11');
    await focusEditor(window.page, 'function.yaml');
    await pressKeys(window.page, ['ControlOrMeta+Home', 'ArrowDown', 'End']);
    assert.ok((await askForQuickFixes(window.page)).includes("Change to 'python:3.11'"));
    await window.screenshot('quick fixes');
    await window.page.keyboard.press('Enter');
    await waitForText('runtime: python:3.11');
    await waitForProblem(window.page, 'function.yaml', "no module 'mian'");
    await pressKeys(window.page, ['ArrowDown', 'End']);
    assert.deepEqual((await askForQuickFixes(window.page))[0], "Change to 'main:serve'");
    await window.page.keyboard.press('Enter');
    await waitForText('handler: main:serve');
  });

  it('is helped by completion and hover in function.yaml', async () => {
    await pressKeys(window.page, [
      'ArrowDown',
      'Home',
      'ArrowRight',
      'ArrowRight',
      'ControlOrMeta+K',
      'ControlOrMeta+I',
    ]);
    const hover = window.page.locator('.monaco-hover:visible', { hasText: 'replicas' }).first();
    await hover.waitFor();
    assert.match(await hover.innerText(), /no effect on the embedded platform/);
    // It is faded in.
    await window.page.waitForFunction(
      "getComputedStyle(document.querySelector('.monaco-hover:not(.hidden)')).opacity === '1'",
    );
    await window.screenshot('hover');
    await pressKeys(window.page, ['Escape', 'ControlOrMeta+End']);
    await window.page.keyboard.type('  bui');
    await waitForSuggestion(window.page, 'build');
    await window.screenshot('keys');
    await window.page.keyboard.press('Enter');
    await waitForText('  build:');
    await window.page.keyboard.press('ControlOrMeta+Space');
    await waitForSuggestion(window.page, 'commands');
    await pressKeys(window.page, ['Escape', 'ControlOrMeta+Home', 'ArrowDown', 'ArrowDown', 'End']);
    for (let times = 0; times < 3; times += 1) await window.page.keyboard.press('Backspace');
    await window.page.keyboard.press('ControlOrMeta+Space');
    await waitForSuggestion(window.page, 'main:serve');
    await window.screenshot('handlers');
    await window.page.keyboard.press('Enter');
    await waitForText('handler: main:serve');
  });

  it('is helped in a comment block with @nuclio.configure, too', async () => {
    await openFile(window.page, 'inside/main.py');
    await focusEditor(window.page, 'main.py');
    await pressKeys(window.page, [
      'ControlOrMeta+Home',
      ...Array<string>(4).fill('ArrowDown'),
      'End',
      'ControlOrMeta+Space',
    ]);
    await waitForSuggestion(window.page, 'runtime');
    await window.page.keyboard.type('env');
    await waitForSuggestion(window.page, 'env');
    await window.screenshot('inline');
    await window.page.keyboard.press('Enter');
    await waitFor('the lines', async () =>
      /# {5}env:\n# {7}- name:/.test(await editorText(editor(window.page, 'main.py'))),
    );
    await runCommand(window.page, 'File: Revert File');
  });

  it('makes no Task of a payload', async () => {
    await openFile(window.page, '.fusionizer/payloads/bare/one.json');
    await runCommand(window.page, 'Fusionizer: Create function.yaml');
    await waitForNotification(window.page, 'This folder has a function.yaml already.');
    await waitFor('function.yaml', async () => (await activeTab(window.page)) === 'function.yaml');
    await window.screenshot('payload');
    assert.deepEqual(await readdir(path.join(window.workspace, '.fusionizer', 'payloads', 'bare')), ['one.json']);
  });

  const waitForText = (text: string): Promise<unknown> =>
    waitFor(text, async () => (await editorText(editor(window.page, 'function.yaml'))).includes(text));
});
