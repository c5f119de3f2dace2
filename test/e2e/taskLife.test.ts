import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { processes } from '../support/processes.ts';
import { answerDialog } from '../support/vscode/dialogs.ts';
import {
  activeTab,
  clickCodeLens,
  codeLenses,
  editor,
  editorText,
  isDirty,
  replaceText,
  tab,
} from '../support/vscode/editors.ts';
import { ExampleWindow } from '../support/vscode/exampleWindow.ts';
import { waitForOutput } from '../support/vscode/logs.ts';
import { chooseFromContextMenu } from '../support/vscode/menus.ts';
import { answerNotification, clearNotifications, waitForNotification } from '../support/vscode/notifications.ts';
import { waitForProblem } from '../support/vscode/problems.ts';
import { pick, runCommand } from '../support/vscode/quickInput.ts';
import { waitForStatus } from '../support/vscode/statusBar.ts';
import {
  clickRowAction,
  dragRow,
  expandRow,
  rowTooltip,
  selectRows,
  treeRow,
  treeRows,
  treeText,
  waitForRow,
} from '../support/vscode/trees.ts';
import { openContainer, view, welcomeContent } from '../support/vscode/views.ts';
import { waitFor } from '../support/vscode/wait.ts';

const VIEW = 'Fusion';

describe('the life of a Task in the editor, from the VSIX', { concurrency: false }, () => {
  let window: ExampleWindow;
  before(async () => {
    window = await ExampleWindow.open('task-life');
  });
  after(() => window?.close());

  const source = (task: string): string => path.join(window.workspace, 'hello', task, 'main.py');
  const rowNames = async (): Promise<string> =>
    (await treeRows(window.page, VIEW)).map(({ label, level }) => `${'  '.repeat(level - 1)}${label}`).join('\n');
  const deployed = async (): Promise<string[]> =>
    (await treeText(window.page, VIEW)).split('\n').filter((line) => !line.includes('not deployed'));

  it('shows the Tasks of the folder, and the server', async () => {
    await openContainer(window.page, 'Fusionizer');
    await waitForRow(window.page, VIEW, 'taska', ({ description }) => description === 'not deployed · python');
    await waitForStatus(window.page, 'Fusionizer :');
    await window.screenshot('tasks');
  });

  it('deploys by a right click in the Explorer, and shows it ready', async () => {
    await openContainer(window.page, 'Explorer');
    await expandRow(window.page, 'Explorer', 'hello');
    for (const task of ['taskb', 'taska']) {
      await chooseFromContextMenu(treeRow(window.page, 'Explorer', task), 'Deploy Nuclio Task');
      const told = await waitForNotification(window.page, `${task} is deployed: version 1 serves.`);
      assert.deepEqual([told.severity, told.buttons], ['info', ['Invoke']]);
    }
    await window.screenshot('deployed from the Explorer');
    await openContainer(window.page, 'Fusionizer');
    await waitForRow(window.page, VIEW, 'taska', ({ description }) => description === 'ready · python · version 1');
    assert.deepEqual(await deployed(), ['taska [ready · python · version 1]', 'taskb [ready · python · version 1]']);
    await clearNotifications(window.page);
    assert.match(
      await rowTooltip(window.page, VIEW, 'taska'),
      /Fusion Group:\s+by\s+itself\s+Address:\s+http:.*\/taska\s+Handler:\s+main:handler\s+\(python\)/,
    );
    await window.screenshot('tooltip');
  });

  it('invokes it with a payload document, and shows the answer beside', async () => {
    const { page } = window;
    await clickRowAction(page, VIEW, 'taska', 'Invoke Nuclio Task');
    await tab(page, 'default.json').waitFor();
    await replaceText(page, 'default.json', '// POST /\n\n{"name": "you"} // whoever you are\n');
    await page.keyboard.press('ControlOrMeta+Enter');
    await tab(page, 'Answer of taska').waitFor();
    const answer = editor(page, 'Answer of taska');
    await waitFor('the answer', async () => (await editorText(answer)) === 'taska says: Hello, Task A!');
    await waitFor('its status and its calls', async () =>
      /^200 OK,Calls: 1 remote,More\.\.\.$/.test(String(await codeLenses(answer))),
    );
    assert.equal(await activeTab(page), 'default.json');
    assert.equal(await isDirty(page, 'default.json'), false);
    await window.screenshot('answer beside');
    await clickCodeLens(answer, 'Calls: 1 remote');
    await waitFor('the calls', async () => /^Task +status +time +call .*\btaskb +200 /s.test(await editorText(answer)));
    await window.screenshot('calls');
    // The tooltip was shown before, when there were none.
    await waitFor('the calls in the tooltip', async () =>
      /Calls:\s+1,\s+median/.test(await rowTooltip(page, VIEW, 'taska')),
    );
  });

  it('follows logs, and never shows them unasked', async () => {
    assert.equal(await window.page.locator('.part.panel:visible').count(), 0);
    await clickRowAction(window.page, VIEW, 'taskb', 'Show Nuclio Task Logs');
    await waitForOutput(window.vscode, 'Fusionizer: taskb', /The logs of Nuclio Task taskb/);
    await writeFile(
      source('taskb'),
      'def handler(context, event):\n    context.logger.warn("careful")\n    return "new"\n',
    );
    await waitForRow(window.page, VIEW, 'taskb', ({ description }) => description.endsWith('changed'));
    await clickRowAction(window.page, VIEW, 'taskb', 'Deploy Nuclio Task');
    await waitForRow(window.page, VIEW, 'taskb', ({ description }) => description === 'ready · python · version 2');
    const { port } = await health(window);
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/taskb`, { method: 'POST' })).text(), 'new');
    await waitForOutput(window.vscode, 'Fusionizer: taskb', /\[warning\] careful/);
    await window.screenshot('logs');
  });

  it('shows why a deploy failed, in the message, at the line and in Problems', async () => {
    await writeFile(source('taskb'), 'def handler(context, event):\n    return (\n');
    await clearNotifications(window.page);
    await waitForRow(window.page, VIEW, 'taskb', ({ description }) => description.endsWith('changed'));
    await clickRowAction(window.page, VIEW, 'taskb', 'Deploy Nuclio Task');
    const told = await waitForNotification(
      window.page,
      "taskb could not be deployed: Task 'taskb' cannot start: main.py:2: SyntaxError",
    );
    assert.deepEqual([told.severity, told.buttons], ['error', ['Open', 'Show Log', 'Retry']]);
    await window.screenshot('a failed deploy');
    await answerNotification(window.page, 'taskb could not be deployed', 'Open');
    await tab(window.page, 'main.py').waitFor();
    assert.equal(await activeTab(window.page), 'main.py');
    const problem = await waitForProblem(window.page, 'main.py', 'SyntaxError');
    assert.deepEqual([problem.severity, problem.place], ['error', 'Ln 2, Col 1']);
    await waitForRow(window.page, VIEW, 'taskb', ({ description }) => description.startsWith('deploy failed'));
    await window.screenshot('problems');
  });

  it('is mended, and deployed again', async () => {
    await writeFile(source('taskb'), 'def handler(context, event):\n    return "mended"\n');
    await runCommand(window.page, 'Fusionizer: Redeploy Last Nuclio Task');
    await waitForNotification(window.page, 'taskb is deployed: version 3 serves.');
    await waitForRow(window.page, VIEW, 'taskb', ({ description }) => description === 'ready · python · version 3');
    await clearNotifications(window.page);
    await waitFor(
      'Problems to be empty',
      async () => (await window.page.locator('.part.panel .markers-panel .marker-message-line').count()) === 0,
    );
  });

  it('is fused by dragging it onto another one, and split by dragging it out', async () => {
    await dragRow(window.page, VIEW, 'taska', 'taskb');
    await waitForRow(window.page, VIEW, 'taskb + taska');
    assert.match(await rowNames(), /^taskb \+ taska\n {2}taskb\n {2}taska\n/);
    await window.screenshot('fused');
    await dragRow(window.page, VIEW, 'taska', undefined);
    await waitForRow(window.page, VIEW, 'taska', ({ level }) => level === 1);
    assert.deepEqual(await deployed(), ['taska [ready · python · version 1]', 'taskb [ready · python · version 3]']);
  });

  it('is fused and split by commands', async () => {
    await selectRows(window.page, VIEW, ['taska', 'taskb']);
    await chooseFromContextMenu(treeRow(window.page, VIEW, 'taskb'), 'Fuse Selected');
    await waitForRow(window.page, VIEW, 'taska + taskb');
    await runCommand(window.page, 'Fusionizer: Split Nuclio Task Out of Its Group');
    await pick(window.page, 'taskb', 'Split Nuclio Task Out of Its Group');
    await waitForRow(window.page, VIEW, 'taskb', ({ level }) => level === 1);
  });

  it('stays when its deletion is cancelled, and goes when it is not', async () => {
    await chooseFromContextMenu(treeRow(window.page, VIEW, 'taskb'), 'Delete Nuclio Task...');
    const asked = await answerDialog(window.page, 'Cancel');
    assert.deepEqual(
      [asked.message, asked.buttons.sort()],
      ['Delete the Nuclio Task taskb from the server?', ['Cancel', 'Delete']],
    );
    assert.deepEqual(await deployed(), ['taska [ready · python · version 1]', 'taskb [ready · python · version 3]']);
    await chooseFromContextMenu(treeRow(window.page, VIEW, 'taskb'), 'Delete Nuclio Task...');
    await window.screenshot('delete');
    await answerDialog(window.page, 'Delete');
    await waitForRow(window.page, VIEW, 'taskb', ({ description }) => description === 'not deployed · python');
  });

  it('can be cancelled while it is deployed; what served before still serves', async () => {
    const yaml = path.join(window.workspace, 'hello', 'taska', 'function.yaml');
    await writeFile(
      yaml,
      'spec:\n  runtime: python\n  handler: main:handler\n  build:\n    commands: ["echo building; sleep 600"]\n',
    );
    await runCommand(window.page, 'Fusionizer: Deploy Nuclio Task');
    await pick(window.page, 'taska', 'Deploy Nuclio Task');
    const asked = await answerDialog(window.page, 'Run');
    assert.match(asked.message, /build commands run in a shell/);
    assert.equal(asked.detail, 'echo building; sleep 600');
    await waitForRow(window.page, VIEW, 'taska', ({ description }) => description.startsWith('deploying: build'));
    await waitForOutput(window.vscode, 'Fusionizer', /\[taska\] building/);
    await treeRow(window.page, VIEW, 'taska').hover();
    const buttons = treeRow(window.page, VIEW, 'taska').locator('.actions .action-label');
    await buttons.first().waitFor();
    assert.deepEqual(
      await buttons.evaluateAll((all) =>
        all.map((one) => `${one.getAttribute('aria-label')}${one.classList.contains('disabled') ? ', greyed' : ''}`),
      ),
      ['Cancel Deploy', 'Show Nuclio Task Logs', 'Invoke Nuclio Task...', 'Deploy Nuclio Task, greyed'],
    );
    await window.screenshot('a running deploy');
    await answerNotification(window.page, 'Deploying taska', 'Cancel');
    await waitForRow(window.page, VIEW, 'taska', ({ description }) =>
      description.startsWith('ready · python · version 1'),
    );
    await waitForOutput(window.vscode, 'Fusionizer', /The deploy of taska was cancelled: nothing was changed/);
    await waitFor(
      'the build to end',
      async () => !(await processes()).some(({ command }) => command.includes('sleep 600')),
    );
  });

  it('ends with its server, which says so and starts again with what was deployed', async () => {
    await runCommand(window.page, 'Fusionizer: Stop Server');
    await waitForStatus(window.page, 'Fusionizer stopped');
    const { text, buttons } = await welcomeContent(window.page, VIEW);
    assert.deepEqual([text, buttons], [['The Fusionizer server is stopped.'], ['Start Server']]);
    await window.screenshot('stopped');
    await view(window.page, VIEW).locator('.monaco-button', { hasText: 'Start Server' }).click();
    await waitForRow(window.page, VIEW, 'taska', ({ description }) =>
      description.startsWith('ready · python · version 1'),
    );
  });

  it('leaves no process behind when the window closes', async () => {
    const { pid } = await health(window);
    const workers = (await processes()).filter(
      ({ command }) => command.includes('worker.py') && command.includes(window.vscode.dir),
    );
    assert.ok(workers.length > 0);
    await window.vscode.closeWindow();
    await waitFor('server and workers to end', async () => {
      const pids = (await processes()).map((one) => one.pid);
      return [pid, ...workers.map((one) => one.pid)].every((one) => !pids.includes(one));
    });
  });
});

/** The port of the server in the status bar. */
async function health({ page }: ExampleWindow): Promise<{ port: string; pid: number }> {
  const [, port = ''] =
    /Fusionizer :(\d+)/.exec(
      (await page.locator('.statusbar-item', { hasText: 'Fusionizer :' }).textContent()) ?? '',
    ) ?? [];
  const { pid } = (await (await fetch(`http://127.0.0.1:${port}/-/health`)).json()) as { pid: number };
  return { port, pid };
}
