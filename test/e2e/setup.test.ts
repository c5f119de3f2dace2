import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { SetupView } from '../../src/shared/api.ts';
import { answerDialog, readDialog } from '../support/vscode/dialogs.ts';
import { ExampleWindow } from '../support/vscode/exampleWindow.ts';
import { chooseFromContextMenu, contextMenuLabels } from '../support/vscode/menus.ts';
import {
  answerNotification,
  clearNotifications,
  notifications,
  waitForNotification,
} from '../support/vscode/notifications.ts';
import { type Problem, problems, waitForProblem } from '../support/vscode/problems.ts';
import {
  clickRow,
  pick,
  quickInput,
  quickPickLabels,
  runCommand,
  waitForQuickInput,
} from '../support/vscode/quickInput.ts';
import { statusBarItem, waitForStatus } from '../support/vscode/statusBar.ts';
import { clickRowAction, dragRow, selectRows, treeRow, waitForRow } from '../support/vscode/trees.ts';
import { openContainer } from '../support/vscode/views.ts';
import { waitFor } from '../support/vscode/wait.ts';

const VIEW = 'Fusion';

describe('the Fusion Setup', { concurrency: false }, () => {
  let window: ExampleWindow;
  before(async () => {
    window = await ExampleWindow.open('setup', {
      folders: ['hello'],
      settings: { 'fusionizer.schedule.file': 'fusion.schedule.json' },
    });
    await schedule('{}');
    await write('taskc', { 'function.yaml': 'spec: {runtime: python, handler: "main:handler"}\n', 'main.py': PYTHON });
    await write('noded', { 'function.yaml': 'spec: {runtime: nodejs, handler: "main:handler"}\n', 'main.js': NODE });
    await openContainer(window.page, 'Fusionizer');
    await waitForStatus(window.page, 'Fusionizer :');
    for (const task of ['noded', 'taskc']) await waitForRow(window.page, VIEW, task);
    await runCommand(window.page, 'Fusionizer: Deploy All');
    await waitForNotification(window.page, '4 Nuclio Tasks are deployed.');
    await clearNotifications(window.page);
  });
  after(() => window?.close());

  const PYTHON = 'def handler(context, event):\n    return "answer"\n';
  const NODE = 'exports.handler = (context) => context.callback("answer");\n';
  const write = async (task: string, files: Record<string, string>): Promise<void> => {
    const dir = path.join(window.workspace, 'hello', task);
    await mkdir(dir, { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(dir, name), text);
  };
  const schedule = (text: string): Promise<void> =>
    writeFile(path.join(window.workspace, 'hello', 'fusion.schedule.json'), text);
  /** The groups of two and more, as the server serves them. */
  const fused = async (): Promise<string> => {
    const { actual } = (await (await fetch(`${await address(window)}/-/setup`)).json()) as SetupView;
    return actual
      .filter(({ length }) => length > 1)
      .map((group) => group.join(' + '))
      .join(' | ');
  };
  const row = (label: string) => treeRow(window.page, VIEW, label);
  const title = async (): Promise<string> =>
    (await quickInput(window.page).locator('.quick-input-title').textContent()) ?? '';
  const accept = (): Promise<void> =>
    quickInput(window.page).locator('.quick-input-action .monaco-button', { hasText: 'OK' }).click();

  it('is changed by a list of what can go together, which shows the result before it happens', async () => {
    const { page } = window;
    await chooseFromContextMenu(row('taskc'), 'Fuse Nuclio Tasks...');
    await waitForQuickInput(page, 'Fuse taskc');
    assert.deepEqual(await quickPickLabels(page), ['taska', 'taskb'], 'not the Task in Node.js');
    await clickRow(page, 'taska');
    await waitFor('the result', async () => (await title()) === 'Fuse taskc: Makes taskc + taska');
    await window.screenshot('what can be fused');
    await accept();
    const told = await waitForNotification(page, 'Made taskc + taska.');
    assert.deepEqual([told.severity, told.buttons], ['info', ['Undo']]);
    await waitForRow(page, VIEW, 'taskc + taska');
    await window.screenshot('made, with undo');
    await answerNotification(page, 'Made taskc + taska.', 'Undo');
    await waitForNotification(page, 'Undone: Made taskc + taska.');
    await waitForRow(page, VIEW, 'taskc', ({ level }) => level === 1);
    assert.equal(await fused(), '');
    await clearNotifications(page);
  });

  it('is changed by the keyboard alone', async () => {
    const { page } = window;
    await runCommand(page, 'Fusionizer: Fuse Nuclio Tasks...');
    await waitForQuickInput(page, 'Fuse Nuclio Tasks (1/2)');
    assert.deepEqual(await quickPickLabels(page), ['taska', 'taskb', 'taskc'], 'only what has a partner');
    await page.keyboard.type('taskb');
    await page.keyboard.press('Enter');
    await waitForQuickInput(page, 'Fuse taskb (2/2)');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await waitFor('the result', async () => (await title()).startsWith('Fuse taskb: Makes taskb + taska'));
    await page.keyboard.press('Enter');
    await waitForNotification(page, 'Made taskb + taska.');
    await waitForRow(page, VIEW, 'taskb + taska');
  });

  it('asks with the result before a selection takes a Task out of its group', async () => {
    const { page } = window;
    await selectRows(page, VIEW, ['taskb', 'taskc']);
    await chooseFromContextMenu(row('taskc'), 'Fuse Selected');
    await waitForQuickInput(page, 'Fuse taskb + taskc: Makes taskb + taskc; leaves taska');
    await window.screenshot('a selection that leaves a Task');
    await accept();
    await waitForNotification(page, 'Made taskb + taskc; left taska.');
    await waitForRow(page, VIEW, 'taska', ({ level }) => level === 1);
    await clearNotifications(page);
    await window.screenshot('a Task that is left');
    await dragRow(page, VIEW, 'taska', 'taskb');
    await waitForNotification(page, 'Made taskb + taskc + taska.');
    await waitForRow(page, VIEW, 'taskb + taskc + taska');
    await dragRow(page, VIEW, 'noded', 'taskb + taskc + taska');
    const refused = await waitForNotification(page, 'cannot be fused: one is python, the other nodejs');
    assert.match(refused.message, /Nothing was changed/);
    await window.screenshot('refused');
    await clearNotifications(page);
    assert.equal(await fused(), 'taskb + taskc + taska');
  });

  it('has a question before a whole group is split, which names what will result', async () => {
    const { page } = window;
    const group = 'taskb + taskc + taska';
    const { labels: menu } = await contextMenuLabels(row(group));
    assert.deepEqual(
      [menu.includes('Split Group'), menu.includes('Split Nuclio Task Out of Its Group')],
      [true, false],
    );
    await chooseFromContextMenu(row(group), 'Split Group');
    await readDialog(page);
    await window.screenshot('split a group');
    const asked = await answerDialog(page, 'Cancel');
    assert.equal(asked.message, 'Split the Fusion Group taskb + taskc + taska?');
    assert.match(asked.detail, /^Each of these Nuclio Tasks will run by itself: taskb, taskc, taska/);
    await dragRow(page, VIEW, group, undefined);
    assert.equal((await answerDialog(page, 'Cancel')).message, asked.message, 'also when it is dragged out');
    assert.equal(await fused(), group);
    await dragRow(page, VIEW, 'taska', undefined);
    await waitForNotification(page, 'Split out taska; left taskb + taskc.');
    await runCommand(page, 'Fusionizer: Split Group');
    await pick(page, 'taskb + taskc', 'Split Group');
    await answerDialog(page, 'Split Group');
    await waitForNotification(page, 'Split taskb + taskc: each runs by itself.');
    await waitFor('no group', async () => (await fused()) === '');
    await clearNotifications(page);
  });

  it('goes back change by change, and asks if others have changed it meanwhile', async () => {
    const { page } = window;
    const undo = () => runCommand(page, 'Fusionizer: Undo Last Setup Change');
    await undo();
    await waitFor('one change back', async () => (await fused()) === 'taskb + taskc');
    await undo();
    await waitFor('two changes back', async () => (await fused()) === 'taskb + taskc + taska');
    await clearNotifications(page);
    const body = JSON.stringify([['taska', 'taskb']]);
    assert.equal((await fetch(`${await address(window)}/-/setup`, { method: 'PATCH', body })).status, 200);
    await undo();
    await readDialog(page);
    await window.screenshot('undo after others');
    const asked = await answerDialog(page, 'Undo');
    assert.equal(asked.message, 'The Fusion Setup has changed since. Undo all the same?');
    assert.match(asked.detail, /another window, the command line.*Now: taska \+ taskb\s*After Undo: taskb \+ taskc/s);
    await waitForNotification(page, 'Undone: Made taskb + taskc + taska.');
    assert.equal(await fused(), 'taskb + taskc');
    await clearNotifications(page);
  });

  it('goes back a change that was made before a reload of the window', async () => {
    const { page } = window;
    await dragRow(page, VIEW, 'taska', 'taskb + taskc');
    await waitForRow(page, VIEW, 'taskb + taskc + taska');
    await window.vscode.reload();
    await openContainer(page, 'Fusionizer');
    await waitForStatus(page, 'Fusionizer :');
    await waitForRow(page, VIEW, 'taskb + taskc + taska');
    await runCommand(page, 'Fusionizer: Undo Last Setup Change');
    await waitForNotification(page, 'Undone: Made taskb + taskc + taska.');
    assert.equal(await fused(), 'taskb + taskc');
    await clearNotifications(page);
  });

  const scheduleRow = (says: RegExp) =>
    waitForRow(window.page, VIEW, 'Schedule', ({ description }) => says.test(description));

  it('shows whether a schedule runs, and what is next; its row pauses it', async () => {
    const { page } = window;
    await scheduleRow(/^running · no entries$/);
    await schedule('{\n  "0": [],\n  "3600": [["taska", "taskb"]]\n}\n');
    await scheduleRow(/^running · next at \d.*: second 3600 · second 0 in force$/);
    await window.screenshot('a schedule runs');
    assert.deepEqual((await contextMenuLabels(row('Schedule'))).labels, [
      'Pause Schedule',
      'Restart Schedule',
      'Apply Schedule Entry Now...',
      'Open Schedule',
    ]);
    await chooseFromContextMenu(row('Schedule'), 'Pause Schedule');
    await scheduleRow(/^paused at second \d+ · next: second 3600 · second 0 in force$/);
    await waitForStatus(page, 'schedule paused');
    await statusBarItem(page, 'schedule paused').first().hover();
    const hover = page.locator('.workbench-hover-container:visible .workbench-hover', { hasText: 'Schedule' }).last();
    await hover.waitFor();
    assert.match(await hover.innerText(), /Schedule:\s+paused\s+at\s+second\s+\d+/);
    await window.screenshot('a schedule is paused');
    await clickRowAction(page, VIEW, 'Schedule', 'Resume Schedule');
    await scheduleRow(/^running/);
  });

  it('shows at its place, and says once, what of a schedule cannot be applied', async () => {
    const { page } = window;
    await schedule('{\n  "0": [["taska", "noded"]],\n  "3600": [["taska", "taskbb"]]\n}\n');
    const told = await waitForNotification(page, "The schedule's entry of second 0 could not be applied: Tasks");
    assert.deepEqual([told.severity, told.buttons], ['warning', ['Open Schedule']]);
    await waitForNotification(page, 'The schedule names taskbb, and no Task has that name');
    await scheduleRow(/^running · next at \d.*: second 3600 · second 0 failed · 1 unknown name$/);
    await answerNotification(page, 'The schedule names taskbb', 'Open Schedule');
    const [failed, unknown] = [
      await waitForProblem(page, 'fusion.schedule.json', 'The entry of second 0 could not be applied: Tasks'),
      await waitForProblem(page, 'fusion.schedule.json', "No Task 'taskbb' is deployed"),
    ];
    assert.deepEqual([failed.severity, failed.place], ['error', 'Ln 2, Col 3']);
    assert.deepEqual([unknown.severity, unknown.place], ['warning', 'Ln 3, Col 22']);
    await window.screenshot('an entry that cannot be applied');
    await clearNotifications(page);
    await chooseFromContextMenu(row('Schedule'), 'Apply Schedule Entry Now...');
    await pick(page, 'second 0', 'Apply Schedule Entry Now');
    await waitForNotification(page, 'cannot be fused');
    assert.equal((await notifications(page)).length, 1, 'not by its event as well');
    await clearNotifications(page);
    await schedule('{\n  "0": [["taska"], ["taska"]],\n  "9": [["taskb"], ["taskb"]]\n}\n');
    await scheduleRow(/its file has a fault/);
    for (const [text, place] of [
      ["Task 'taska' is named twice", 'Ln 2, Col 21'],
      ["Task 'taskb' is named twice", 'Ln 3, Col 21'],
    ] as const)
      assert.equal((await waitForProblem(page, 'fusion.schedule.json', text)).place, place);
    await window.screenshot('two faults of a schedule');
    await schedule('{\n  "0": []\n}\n');
    await scheduleRow(/^running · no entry left · second 0 in force$/);
  });

  it('marks and tells a fault of a schedule that no editor has, with the way to its line', async () => {
    const { page } = window;
    const { severity, place } = await faultOf('{\n  "x": []\n}\n', 'a schedule entry is named by whole seconds');
    assert.deepEqual([severity, place], ['error', 'Ln 2, Col 3']);
    assert.equal((await faultOf('{\n  "0": [}\n', 'A value is missing')).place, 'Ln 2, Col 9');
    await waitForStatus(page, 'schedule running');
    await faultOf('', 'The file is empty');
    await window.screenshot('a fault of a closed schedule');
  });

  it('starts its server without a schedule that is missing, and follows the one that is created', async () => {
    const { page } = window;
    await rm(path.join(window.workspace, 'hello', 'fusion.schedule.json'));
    await waitForNotification(page, 'The schedule has a fault: There is no schedule fusion.schedule.json');
    await clearNotifications(page);
    await runCommand(page, 'Fusionizer: Restart Server');
    await waitForStatus(page, 'schedule not followed');
    await scheduleRow(/^not followed · its file has a fault$/);
    await window.screenshot('a start without the schedule');
    await runCommand(page, 'Fusionizer: Restart Schedule');
    await answerNotification(page, 'The server follows no schedule: There is no schedule', 'Create Schedule');
    await scheduleRow(/^running · next at .*: second 30 · second 0 in force$/);
  });

  /** Writes a schedule while no editor has it, and opens it by the message about its fault. */
  async function faultOf(text: string, says: string): Promise<Problem> {
    const { page } = window;
    await clearNotifications(page);
    await runCommand(page, 'View: Close All Editors');
    // Opened now, as a command would hide the message.
    await problems(page);
    await schedule(text);
    const told = await waitForNotification(page, 'The schedule has a fault: fusion.schedule.json');
    assert.deepEqual([told.severity, told.buttons], ['warning', ['Open Schedule']]);
    await scheduleRow(/ · its file has a fault/);
    const found = await waitForProblem(page, 'fusion.schedule.json', says);
    await answerNotification(page, 'The schedule has a fault', 'Open Schedule');
    await waitForStatus(page, found.place.split(',')[0] ?? '');
    return found;
  }
});

/** The address of the server in the status bar. */
async function address({ page }: ExampleWindow): Promise<string> {
  const item = page.locator('.statusbar-item', { hasText: 'Fusionizer :' });
  const [, port = ''] = /Fusionizer :(\d+)/.exec((await item.textContent()) ?? '') ?? [];
  return `http://127.0.0.1:${port}`;
}
