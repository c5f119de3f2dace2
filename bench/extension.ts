import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { packageRoot } from '../src/shared/packageRoot.ts';
import { kibOf, loadedFiles } from '../test/support/loadedFiles.ts';
import { runCommand } from '../test/support/vscode/quickInput.ts';
import { VSCode } from '../test/support/vscode/startVSCode.ts';
import { waitForStatus } from '../test/support/vscode/statusBar.ts';
import { activityBarItem, openContainer } from '../test/support/vscode/views.ts';
import { waitFor } from '../test/support/vscode/wait.ts';
import { median } from './load.ts';
import type { Row } from './table.ts';

const TASKS = 200;
const ROUNDS = 3;
/** VS Code lists an extension under development by its id. */
const OURS = 'fusionizer.fusionizer-for-nuclio';
/** The most that an activation loads, in KiB. The rest is loaded on first use. */
const MAX_LOADED = 60;

/**
 * Measures the extension in a real VS Code: what its activation loads and how long that takes, as VS Code reports it,
 * and the opening of its view with many Tasks in the workspace.
 */
export async function extensionRows(): Promise<Row[]> {
  const kib = kibOf(loadedFiles(path.join(packageRoot(), 'dist', 'extension', 'extension.cjs')));
  const activations: number[] = [];
  const others: number[] = [];
  const views: number[] = [];
  const explorers: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const closers: (() => Promise<void>)[] = [];
    try {
      const folder = await workspaceWithTasks(closers);
      const { page } = await VSCode.start(
        { after: (close) => void closers.unshift(close) },
        { workspace: folder, extension: { development: packageRoot() } },
      );
      await openContainer(page, 'Explorer');
      await openContainer(page, 'Search');
      // Waits until the extension is active: its activation has a row of its own.
      await waitForStatus(page, 'Fusionizer stopped');
      explorers.push(await timeToRow(page, 'Explorer', 'task-000'));
      views.push(await timeToRow(page, 'Fusionizer', 'task-000'));
      const times = await activationTimes(page);
      activations.push(times.get(OURS) ?? Number.NaN);
      others.push(times.get('Git') ?? Number.NaN);
    } finally {
      for (const close of closers) await close();
    }
  }
  const activation = median(activations);
  const view = median(views);
  return [
    {
      name: 'extension: loaded by its activation',
      unit: 'KiB',
      value: kib,
      goal: { text: `${MAX_LOADED} KiB`, met: kib <= MAX_LOADED },
    },
    {
      name: 'extension: activation',
      unit: 'ms',
      value: activation,
      floor: { what: "VS Code's own Git extension", value: median(others) },
      goal: { text: '100 ms', met: activation <= 100 },
    },
    {
      name: `extension: the view opens, ${TASKS} Tasks`,
      unit: 'ms',
      value: view,
      floor: { what: 'the Explorer, with its folder already read', value: median(explorers) },
      goal: { text: '300 ms', met: view <= 300 },
    },
  ];
}

async function workspaceWithTasks(closers: (() => Promise<void>)[]): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'fusionizer-bench-'));
  closers.unshift(() => rm(folder, { recursive: true, force: true }));
  for (let index = 0; index < TASKS; index += 1) {
    const dir = path.join(folder, `task-${String(index).padStart(3, '0')}`);
    await mkdir(dir);
    await writeFile(path.join(dir, 'function.yaml'), 'spec:\n  runtime: python\n  handler: main:handler\n');
    await writeFile(path.join(dir, 'main.py'), `def handler(context, event):\n    return ${index}\n`);
  }
  return folder;
}

/** The time from the click in the activity bar until the row appears, measured inside the window, in milliseconds. */
async function timeToRow(page: Page, container: string, label: string): Promise<number> {
  const measured = page.evaluate<number>(`new Promise((resolve) => {
    const begin = () => {
      const began = performance.now();
      const observer = new MutationObserver(() => {
        const rows = [...document.querySelectorAll('.part.sidebar .monaco-list-row .label-name')];
        if (!rows.some((row) => row.textContent.trim() === ${JSON.stringify(label)})) return;
        observer.disconnect();
        resolve(performance.now() - began);
      });
      observer.observe(document.body, { childList: true, subtree: true, characterData: true });
    };
    document.addEventListener('mousedown', begin, { once: true, capture: true });
  })`);
  await activityBarItem(page, container).locator('.action-label').click();
  return measured;
}

/** The activation times that VS Code shows under "Running Extensions", in milliseconds by the extension's name. */
async function activationTimes(page: Page): Promise<Map<string, number>> {
  await runCommand(page, 'Developer: Show Running Extensions');
  const rows = page.locator('.runtime-extensions-editor .monaco-list-row');
  return waitFor('the running extensions', async () => {
    const found = await rows.evaluateAll((elements) =>
      elements.map(
        (element) =>
          [
            element.querySelector('.name')?.textContent?.trim() ?? '',
            Number(/(\d+)ms/.exec(element.textContent ?? '')?.[1]),
          ] as const,
      ),
    );
    return found.some(([name, time]) => name === OURS && time >= 0) ? new Map(found) : undefined;
  });
}
