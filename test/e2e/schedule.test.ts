import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { dragOnBoard, thing } from '../support/vscode/board.ts';
import {
  activeTab,
  clickEditorAction,
  editor,
  editorText,
  openFile,
  replaceText,
  save,
} from '../support/vscode/editors.ts';
import { ExampleWindow } from '../support/vscode/exampleWindow.ts';
import { pressKeys } from '../support/vscode/help.ts';
import { chooseFromContextMenu } from '../support/vscode/menus.ts';
import { waitForProblem } from '../support/vscode/problems.ts';
import { answerInput, runCommand } from '../support/vscode/quickInput.ts';
import { treeRow, waitForRow } from '../support/vscode/trees.ts';
import { openContainer } from '../support/vscode/views.ts';
import { waitFor } from '../support/vscode/wait.ts';
import { webview, webviewAt } from '../support/vscode/webviews.ts';

const FILE = 'fusion.schedule.json';
const VIEW = 'Fusion Setup';

describe('the board of a schedule in the editor', { concurrency: false }, () => {
  let window: ExampleWindow;
  let file: string;
  const onDisk = (): Promise<string> => readFile(file, 'utf8');
  const saved = (text: RegExp): Promise<unknown> => waitFor(`${text} on disk`, async () => text.test(await onDisk()));
  const secondColumn = (what: string, text: RegExp): Promise<unknown> =>
    waitFor(what, async () => text.test(await webview(window.page).locator('.column').nth(1).innerText()));
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args], {
      cwd: window.workspace,
      encoding: 'utf8',
    });
  before(async () => {
    window = await ExampleWindow.open('schedule', { settings: { 'git.enabled': true } });
    file = path.join(window.workspace, FILE);
    await writeFile(path.join(window.workspace, 'config.json'), '{"5": [["taska", "taskb"]]}\n');
    git('init', '--quiet');
  });
  after(() => window.close());

  it('is what a *.schedule.json opens with', async () => {
    await openFile(window.page, FILE);
    await thing(window.page, /^3 s, entry, fuses ingest \+ validate/).waitFor();
    await thing(window.page, /^taska, python, fused by this entry$/).waitFor();
    await window.screenshot('the example');
  });

  it('adds an entry, and moves Tasks by the mouse and by the keyboard, and only these lines change', async () => {
    const { page } = window;
    await webview(page).getByText('Add Entry', { exact: true }).click();
    await answerInput(page, '1:00', 'Add an entry');
    await thing(page, /^1:00 min, entry/).waitFor();
    await dragOnBoard(page, webview(page).locator('.task', { hasText: 'taska' }), '[data-key="60"][data-to="new"]');
    await thing(page, /^Group 1: by itself$/).waitFor();
    await dragOnBoard(page, webview(page).locator('.task', { hasText: 'taskb' }), '[data-key="60"][data-to="0"]');
    await secondColumn('the group', /2 Tasks fused/);
    await window.screenshot('an entry with two Tasks');
    // taskb goes out of the group again, by keys alone.
    await waitFor('the focus on taskb', () =>
      webview(page)
        .locator(':focus')
        .getAttribute('aria-label')
        .then((label) => label?.startsWith('taskb')),
    );
    await pressKeys(page, ['Space', 'ArrowDown', 'Enter']);
    await secondColumn('two groups', /by itself[\s\S]*by itself/);
    await page.keyboard.press('ControlOrMeta+S');
    const before = await readFile(path.resolve('examples', FILE), 'utf8');
    await saved(/"60": \[\["taska"\], \["taskb"\]\]/);
    const added = (await onDisk()).split('\n').filter((line) => !before.split('\n').includes(line));
    assert.deepEqual(added, ['  ],', '  "60": [["taska"], ["taskb"]]']);
  });

  it('undoes and does again, from the page and from the text beside it', async () => {
    const { page } = window;
    await thing(page, /^1:00 min, entry/).click();
    await page.keyboard.press('ControlOrMeta+Z');
    await secondColumn('one group', /2 Tasks fused/);
    await webview(page).getByText('Redo', { exact: true }).click();
    await secondColumn('two groups', /by itself[\s\S]*by itself/);
    await runCommand(page, 'View: Split Editor Right');
    const bothShow = (what: string, text: RegExp): Promise<unknown> =>
      waitFor(`${what} on both boards`, async () => {
        const columns = [0, 1].map((nth) =>
          webviewAt(page, nth).locator('.column').nth(1).innerText({ timeout: 1000 }),
        );
        return (await Promise.all(columns)).every((column) => text.test(column));
      });
    await bothShow('two groups', /by itself[\s\S]*by itself/);
    await webviewAt(page, 0).getByText('Undo', { exact: true }).click();
    await bothShow('one group', /2 Tasks fused/);
    await window.screenshot('two boards');
    await webviewAt(page, 1).getByText('Redo', { exact: true }).click();
    await bothShow('two groups', /by itself[\s\S]*by itself/);
    await clickEditorAction(page, 'Open Schedule as Text');
    await waitFor('the text', async () => (await editorText(editor(page, FILE))).includes('"60"'));
    await window.screenshot('board and text');
    await editor(page, FILE).locator('.view-lines').first().click();
    await page.keyboard.press('ControlOrMeta+Z');
    await secondColumn('one group', /2 Tasks fused/);
  });

  it('greys out while the text is broken, marks the fault, and goes on', async () => {
    const { page } = window;
    await replaceText(page, FILE, '{\n  "3": [["taska", "taskb"]],\n  "60": [\n}\n');
    await webview(page)
      .getByText(/^Line 4, column 1: /)
      .waitFor();
    await thing(page, /^3 s/).waitFor();
    await window.screenshot('broken');
    await replaceText(page, FILE, '{\n  "3": [["taska", "web"], ["taska"]],\n  "60": []\n}\n');
    await webview(page).locator('.fault', { hasText: 'in this entry twice' }).waitFor();
    await waitForProblem(page, FILE, "Task 'taska' is named twice");
    await replaceText(page, FILE, '{\n  "3": [["taska", "taskb"]],\n  "60": []\n}\n');
    await waitFor('no fault', async () => (await webview(page).locator('.fault').count()) === 0);
    await save(page);
    await saved(/"60": \[\]/);
  });

  it('shows what another program writes', async () => {
    await writeFile(file, '{\n  "3": [["taska", "taskb"]],\n  "61": []\n}\n');
    await thing(window.page, /^1:01 min, entry/).waitFor();
  });

  it('is followed without a restart of the server; the board and the tree show it', async () => {
    const { page } = window;
    await openContainer(page, 'Fusionizer');
    for (const name of ['taska', 'taskb']) {
      await chooseFromContextMenu(treeRow(page, VIEW, name), 'Deploy Nuclio Task');
      await waitForRow(page, VIEW, name, ({ description }) => /^ready/.test(description));
    }
    await webview(page).getByText('The server does not follow this schedule.').waitFor();
    await webview(page).getByText('Use This Schedule', { exact: true }).click();
    await webview(page).locator('.clock').waitFor();
    await waitForRow(page, VIEW, 'taska + taskb', () => true);
    await thing(page, /^3 s in force, entry/).waitFor();
    await window.screenshot('followed');
    assert.match(
      await readFile(path.join(window.workspace, '.vscode', 'settings.json'), 'utf8'),
      /fusion\.schedule\.json/,
    );
    await webview(page).getByText('Pause', { exact: true }).click();
    await webview(page).locator('.clock', { hasText: 'paused' }).waitFor();
    await thing(page, /^1:01 min/).click();
    await webview(page).getByText('Apply Now', { exact: true }).click();
    await thing(page, /^1:01 min in force/).waitFor();
    await waitForRow(page, VIEW, 'taska', ({ description }) => /^ready/.test(description));
  });

  it('opens any other JSON on request, and not by itself', async () => {
    const { page } = window;
    await openFile(page, 'config.json');
    await waitFor('the text', async () => (await editorText(editor(page, 'config.json'))).includes('taska'));
    await runCommand(page, 'Fusionizer: Open as Schedule');
    await thing(page, /^5 s, entry, fuses taska \+ taskb/).waitFor();
  });

  it('gives way to the text in a comparison', async () => {
    const { page } = window;
    git('add', FILE);
    git('commit', '--quiet', '--message', 'A schedule');
    await writeFile(file, '{\n  "3": [["taska", "taskb"]],\n  "99": []\n}\n');
    await openFile(page, FILE);
    await thing(page, /^1:39 min/).waitFor();
    // Git looks for changes in its own time, and does nothing where it knows none yet.
    const isCompared = async (): Promise<boolean> => /Working Tree/.test((await activeTab(page)) ?? '');
    await waitFor('the comparison', async () => {
      await clickEditorAction(page, 'Open Changes');
      return waitFor('its tab', isCompared, 5000);
    });
    const lines = page.locator('.editor-group-container.active .monaco-diff-editor .view-line', { hasText: '"99"' });
    await lines.first().waitFor();
    await window.screenshot('a comparison');
    assert.equal(await page.locator('.editor-group-container.active .monaco-diff-editor').count(), 1);
  });

  it('gives way to the text of a conflict, and is offered again once that is gone', async () => {
    const { page } = window;
    await runCommand(page, 'View: Close All Editors');
    const commit = async (second: number): Promise<void> => {
      await writeFile(file, `{\n  "3": [["taska", "taskb"]],\n  "${second}": []\n}\n`);
      git('commit', '--quiet', '--all', '--message', `Second ${second}`);
    };
    const ours = git('branch', '--show-current').trim();
    git('checkout', '--quiet', '-b', 'theirs');
    await commit(70);
    git('checkout', '--quiet', ours);
    await commit(80);
    assert.throws(() => git('merge', '--quiet', 'theirs'));
    await openFile(page, FILE);
    await waitFor('the text', async () => (await editorText(editor(page, FILE))).includes('<<<<<<<'));
    await window.screenshot('a conflict');
    assert.equal(await page.locator('iframe.webview.ready:visible').count(), 0);
    git('checkout', '--quiet', '--ours', FILE);
    await waitFor('no conflict', async () => !(await editorText(editor(page, FILE))).includes('<<<<<<<'));
    await clickEditorAction(page, 'Open as Schedule');
    await thing(page, /^1:20 min/).waitFor();
  });
});
