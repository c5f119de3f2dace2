import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { writeTask } from '../../src/task/templates.ts';
import { codeLenses, editor, replaceText, tab } from '../support/vscode/editors.ts';
import { ExampleWindow } from '../support/vscode/exampleWindow.ts';
import { clearNotifications, notifications, waitForNotification } from '../support/vscode/notifications.ts';
import { type Picture, picturesInWebviews } from '../support/vscode/pictures.ts';
import { pick, runCommand } from '../support/vscode/quickInput.ts';
import { serverAddress, waitForStatus } from '../support/vscode/statusBar.ts';
import { clickRowAction, dragRow, treeRow, waitForRow } from '../support/vscode/trees.ts';
import { openContainer } from '../support/vscode/views.ts';
import { waitFor } from '../support/vscode/wait.ts';

const VIEW = 'Fusion';

/**
 * The five steps of the extension's page and of the walkthrough, as a new user does them. `npm run screenshots` copies
 * the pictures that are taken on the way to media/walkthrough.
 */
describe('the walkthrough', { concurrency: false }, () => {
  let window: ExampleWindow;
  before(async () => {
    window = await ExampleWindow.open('walkthrough', {
      folders: ['shop'],
      settings: {
        'workbench.colorTheme': 'Default Dark Modern',
        'breadcrumbs.enabled': false,
        'editor.occurrencesHighlight': 'off',
        'editor.cursorBlinking': 'solid',
      },
      viewport: { width: 1080, height: 510 },
      scale: 1.5,
    });
    for (const [name, kind] of [
      ['hello', 'plain'],
      ['caller', 'call'],
    ] as const)
      await writeTask(path.join(window.workspace, 'shop', name), { runtime: 'python', kind }, name);
  });
  after(() => window?.close());

  /** Opens the walkthrough, waits until exactly these steps have their tick, and closes it. */
  const ticked = async (...steps: string[]): Promise<void> => {
    await runCommand(window.page, 'Fusionizer: Open Walkthrough');
    const boxes = window.page.locator('[data-done-step-id*="fusionizer.start."][role="checkbox"]:visible');
    let seen: string[] = [];
    await waitFor(`ticks at ${steps}`, async () => {
      const all = await boxes.evaluateAll((elements) =>
        elements
          .filter((one) => one.getAttribute('aria-checked') === 'true')
          .map((one) => one.getAttribute('data-done-step-id')?.replace(/.*\./, '') ?? ''),
      );
      seen = [...new Set(all)].sort();
      return (await boxes.count()) > 0 && seen.join() === [...steps].sort().join();
    }).catch((error: Error) => {
      throw new Error(`${error.message}: there are ${seen}`);
    });
    await runCommand(window.page, 'View: Close Editor');
  };

  const waitForLens = (tabName: string, lens: RegExp): Promise<unknown> =>
    waitFor(`${lens} in ${tabName}`, async () =>
      (await codeLenses(editor(window.page, tabName))).some((title) => lens.test(title)),
    );

  /** Waits until the pictures of webviews are these, and shown. */
  const waitForPictures = async (...alts: RegExp[]): Promise<void> => {
    let shown: Picture[] = [];
    await waitFor('the pictures', async () => {
      shown = await picturesInWebviews(window.page);
      return shown.length === alts.length && shown.every(({ alt, width }, at) => width > 0 && alts[at]?.test(alt));
    }).catch((error: Error) => {
      throw new Error(`${error.message}: there are ${JSON.stringify(shown)}`, { cause: error });
    });
  };

  /** A screenshot without tooltips and buttons under the mouse, when nothing is on its way any more. */
  const picture = async (name: string): Promise<void> => {
    const { page } = window;
    await page.mouse.move(600, 400);
    await waitFor('the window to be at rest', async () => {
      const moving = page.locator('.workbench-hover-container:visible, .statusbar-item:has(.codicon-loading):visible');
      return (await moving.count()) === 0;
    });
    await window.screenshot(name);
  };

  it('ticks off the view that was opened before it', async () => {
    await openContainer(window.page, 'Fusionizer');
    await widenSideBar(window.page);
    await waitForRow(window.page, VIEW, 'caller');
    await waitForStatus(window.page, 'Fusionizer :');
    // Rows that have just come may move under the mouse.
    await waitFor('the handler', async () => {
      await treeRow(window.page, VIEW, 'hello').click();
      return tab(window.page, 'main.py').isVisible();
    });
    await waitForLens('main.py', /Deploy/);
    await picture('view');
    await ticked('view');
  });

  it('ticks off the first deploy', async () => {
    await clickRowAction(window.page, VIEW, 'hello', 'Deploy Nuclio Task');
    await waitForNotification(window.page, 'hello is deployed');
    await waitFor('the end of its progress', async () =>
      (await notifications(window.page)).every(({ message }) => !message.startsWith('Deploying')),
    );
    await waitForRow(window.page, VIEW, 'hello', ({ description }) => description.startsWith('ready'));
    await waitForLens('main.py', /Invoke/);
    await picture('deploy');
    await clearNotifications(window.page);
    await ticked('view', 'deploy');
  });

  it('ticks off the first invocation', async () => {
    await runCommand(window.page, 'View: Close All Editors');
    await clickRowAction(window.page, VIEW, 'hello', 'Invoke Nuclio Task');
    await tab(window.page, 'default.json').waitFor();
    await replaceText(window.page, 'default.json', PAYLOAD);
    await runCommand(window.page, 'Fusionizer: Send Payload');
    await waitForLens('Answer of hello', /More/);
    await picture('invoke');
    await ticked('view', 'deploy', 'invoke');
  });

  it('ticks off the first fusion', async () => {
    await clickRowAction(window.page, VIEW, 'caller', 'Deploy Nuclio Task');
    await waitForNotification(window.page, 'caller is deployed');
    await waitForRow(window.page, VIEW, 'caller', ({ description }) => description.startsWith('ready'));
    await clearNotifications(window.page);
    await dragRow(window.page, VIEW, 'caller', 'hello');
    await waitForRow(window.page, VIEW, 'hello + caller');
    await runCommand(window.page, 'View: Close All Editors');
    await clickRowAction(window.page, VIEW, 'caller', 'Invoke Nuclio Task');
    await tab(window.page, 'default.json').waitFor();
    await replaceText(window.page, 'default.json', PAYLOAD);
    await runCommand(window.page, 'Fusionizer: Send Payload');
    await waitForLens('Answer of caller', /1 local/);
    await picture('fuse');
    await ticked('view', 'deploy', 'invoke', 'fuse');
  });

  it('shows a picture at each step', async () => {
    const { page } = window;
    await page.setViewportSize({ width: 1400, height: 800 });
    await runCommand(page, 'View: Close All Editors');
    await runCommand(page, 'Fusionizer: Open Walkthrough');
    for (const [step, alt] of [
      ['view', /^The view Fusion Setup/],
      ['deploy', /^The row of a Task that is ready/],
      ['invoke', /^A payload, and its answer/],
      ['fuse', /^Two Tasks in one Fusion Group/],
    ] as const) {
      await page.locator(`[data-step-id$="fusionizer.start.${step}"]`).click();
      await waitForPictures(alt);
      await window.screenshot(`walkthrough ${step}`);
    }
  });

  it('copies the address of a Task, with the port that the server has', async () => {
    const { page } = window;
    await page.locator('[data-step-id$="fusionizer.start.invoke"]').click();
    await waitFor('the link in the step', async () => {
      for (const frame of page.frames()) {
        const link = frame.getByRole('link', { name: 'copy the address' });
        if (await link.isVisible().catch(() => false)) return link.click().then(() => true);
      }
      return false;
    });
    await pick(page, 'hello', 'Copy Address');
    const address = `${await serverAddress(page)}/hello`;
    await waitFor(
      `the address ${address}`,
      async () => (await page.evaluate('navigator.clipboard.readText()')) === address,
    );
  });

  it('has a page of the extension whose pictures are shown', async () => {
    const { page } = window;
    await runCommand(page, 'View: Close All Editors');
    await openContainer(page, 'Extensions');
    await page.locator('.extensions-list .monaco-list-row', { hasText: 'Fusionizer for Nuclio' }).first().click();
    await waitForPictures(/^Two Tasks in one Fusion Group/, /^The handler of a Task/);
    await window.screenshot('page of the extension');
  });
});

const PAYLOAD = '// POST /\n// Content-Type: application/json\n\n{"name": "you"}\n';

/** To a width at which no name and no state of these rows is cut off. */
async function widenSideBar(page: Page): Promise<void> {
  const width = async () => (await page.locator('.part.sidebar').boundingBox())?.width ?? 0;
  await page
    .locator('.monaco-sash.vertical:not(.disabled)')
    .first()
    .hover({ position: { x: 2, y: 200 } });
  await page.mouse.down();
  await page.mouse.move(320, 200, { steps: 4 });
  await page.mouse.up();
  await waitFor('a wider side bar', async () => Math.abs((await width()) - 272) < 10);
}
