import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { activeTab, openFile, replaceText, save } from '../support/vscode/editors.ts';
import { ExampleWindow } from '../support/vscode/exampleWindow.ts';
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
      'error Ln 10, Col 5',
      'error Ln 2, Col 9',
      'error Ln 4, Col 12',
      'error Ln 5, Col 12',
      'error Ln 8, Col 7',
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
      'Created function.yaml: bare is a Task in nodejs with the handler app:handler.',
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
    await pick(window.page, /Node\.js: Calling another Task/, 'New Nuclio Task');
    await waitForQuickInput(window.page, 'New Nuclio Task');
    await waitFor('the Tasks', async () => (await quickPickLabels(window.page))[0] === 'bare');
    await window.screenshot('callees');
    await closeQuickInput(window.page);
  });
});
