import { describe, it } from 'node:test';
import { ExampleWindow } from '../../support/vscode/exampleWindow.ts';
import { waitForNotification } from '../../support/vscode/notifications.ts';
import { pick, runCommand } from '../../support/vscode/quickInput.ts';

describe('without Python', () => {
  it('a Python Task says what is missing, and Node.js Tasks are deployed', async (t) => {
    const window = await ExampleWindow.open('commands without Python', {
      settings: { 'fusionizer.python.path': '/nowhere/python' },
    });
    t.after(() => window.close());
    for (const [task, told] of [
      ['alert', /alert could not be deployed: .*\/nowhere\/python/],
      ['energy', /energy is deployed: version 1 serves/],
    ] as const) {
      await runCommand(window.page, 'Fusionizer: Deploy Nuclio Task');
      await pick(window.page, task, 'Deploy Nuclio Task');
      await waitForNotification(window.page, told);
    }
    await window.screenshot('without Python');
  });
});
