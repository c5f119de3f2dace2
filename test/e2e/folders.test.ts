import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { defaultStateDir } from '../../src/state/stateDir.ts';
import { CliHarness } from '../support/cli.ts';
import { ExampleWindow } from '../support/vscode/exampleWindow.ts';
import { waitForNotification } from '../support/vscode/notifications.ts';
import { waitForStatus } from '../support/vscode/statusBar.ts';
import { clickRowAction, treeRows, waitForRow } from '../support/vscode/trees.ts';
import { openContainer } from '../support/vscode/views.ts';
import { waitFor } from '../support/vscode/wait.ts';

const VIEW = 'Fusion';

describe('a user with several folders in one workspace', { concurrency: false }, () => {
  let window: ExampleWindow;
  let cli: CliHarness;
  before(async () => {
    cli = await CliHarness.create();
    window = await ExampleWindow.open('folders', { folders: ['hello', 'earthquakes'] });
  });
  after(async () => {
    await window?.close();
    await cli?.close();
  });

  const stateHome = (): string => path.join(window.vscode.dir, 'xdg');
  const list = (folder: string) =>
    cli.run(['list'], {
      cwd: path.join(window.workspace, folder),
      env: { XDG_STATE_HOME: stateHome(), FUSIONIZER_URL: '' },
    });
  /** The file that names the window's server to the command line, in a folder without a server of its own. */
  const word = (folder: string): string => {
    const env = { XDG_STATE_HOME: stateHome() };
    return path.join(
      defaultStateDir(path.join(window.workspace, folder), { platform: process.platform, env, home: '/' }),
      'served-by.json',
    );
  };
  const hasRow = async (name: string): Promise<boolean> =>
    (await treeRows(window.page, VIEW)).some(({ label }) => label === name);

  it('sees the Tasks of all, and deploys one of the second', async () => {
    await openContainer(window.page, 'Fusionizer');
    await waitForStatus(window.page, 'Fusionizer :');
    await waitForRow(window.page, VIEW, 'taska');
    await waitForRow(window.page, VIEW, 'energy', ({ description }) => description.startsWith('not deployed'));
    await clickRowAction(window.page, VIEW, 'energy', 'Deploy Nuclio Task');
    await waitForNotification(window.page, 'energy is deployed: version 1 serves.');
    await waitForRow(window.page, VIEW, 'energy', ({ description }) => description.startsWith('ready'));
    await window.screenshot('two folders');
  });

  it('finds the server on the command line in each of them', async () => {
    for (const folder of ['hello', 'earthquakes', 'earthquakes/energy']) {
      const { code, stdout, stderr } = await list(folder);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /energy/, folder);
    }
    assert.equal(existsSync(word('hello')), false, 'the state is that of the first folder');
  });

  it('adds a folder and takes it away again', async () => {
    await window.changeWorkspace(['hello', 'earthquakes', 'weather']);
    await waitForRow(window.page, VIEW, 'alert');
    await waitFor('the folder to be told of', () => existsSync(word('weather')));
    assert.match((await list('weather')).stdout, /energy/);
    await window.screenshot('three folders');
    await window.changeWorkspace(['hello', 'earthquakes']);
    await waitFor('its Tasks to go', async () => !(await hasRow('alert')));
    await waitFor('the word to be taken back', () => !existsSync(word('weather')));
    assert.equal(existsSync(word('earthquakes')), true);
  });

  it('leaves nothing that tells of the server when the window closes', async () => {
    await window.vscode.closeWindow();
    assert.equal(existsSync(word('earthquakes')), false);
  });
});
