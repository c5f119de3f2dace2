import { after, before, describe, it } from 'node:test';
import { tab } from '../support/vscode/editors.ts';
import { ExampleWindow } from '../support/vscode/exampleWindow.ts';
import { clearNotifications, waitForNotification } from '../support/vscode/notifications.ts';
import { runCommand } from '../support/vscode/quickInput.ts';
import { clickRowAction, dragRow, waitForRow } from '../support/vscode/trees.ts';
import { openContainer } from '../support/vscode/views.ts';
import { waitFor } from '../support/vscode/wait.ts';

const VIEW = 'Fusion';

describe('the walkthrough', { concurrency: false }, () => {
  let window: ExampleWindow;
  before(async () => {
    window = await ExampleWindow.open('walkthrough', { folders: ['hello'] });
  });
  after(() => window?.close());

  /** Opens the walkthrough and waits until exactly these steps have their tick. */
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
  };

  it('ticks off the view that was opened before it', async () => {
    await openContainer(window.page, 'Fusionizer');
    await waitForRow(window.page, VIEW, 'taskb');
    await ticked('view');
    await window.screenshot('view');
  });

  it('ticks off the first deploy', async () => {
    await clickRowAction(window.page, VIEW, 'taskb', 'Deploy Nuclio Task');
    await waitForNotification(window.page, 'taskb is deployed');
    await clearNotifications(window.page);
    await ticked('view', 'deploy');
  });

  it('ticks off the first invocation', async () => {
    await clickRowAction(window.page, VIEW, 'taskb', 'Invoke Nuclio Task');
    await tab(window.page, 'default.json').waitFor();
    await runCommand(window.page, 'Fusionizer: Send Payload');
    await tab(window.page, 'Answer of taskb').waitFor();
    await ticked('view', 'deploy', 'invoke');
  });

  it('ticks off the first fusion', async () => {
    await clickRowAction(window.page, VIEW, 'taska', 'Deploy Nuclio Task');
    await waitForNotification(window.page, 'taska is deployed');
    await waitForRow(window.page, VIEW, 'taska', ({ description }) => description.startsWith('ready'));
    await clearNotifications(window.page);
    await dragRow(window.page, VIEW, 'taska', 'taskb');
    await waitForRow(window.page, VIEW, 'taskb + taska');
    await ticked('view', 'deploy', 'invoke', 'fuse');
    await window.screenshot('all');
  });
});
