import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CliHarness, type CliProcess } from '../support/cli.ts';
import { answerDialog } from '../support/vscode/dialogs.ts';
import { editor, editorText, tab } from '../support/vscode/editors.ts';
import { ExampleWindow } from '../support/vscode/exampleWindow.ts';
import { clearNotifications, waitForNotification } from '../support/vscode/notifications.ts';
import {
  answerInput,
  closeQuickInput,
  pick,
  quickPickLabels,
  runCommand,
  waitForQuickInput,
} from '../support/vscode/quickInput.ts';
import { statusBarItem, waitForStatus } from '../support/vscode/statusBar.ts';
import { clickRowAction, waitForRow } from '../support/vscode/trees.ts';
import { openContainer, view, welcomeContent } from '../support/vscode/views.ts';
import { waitFor } from '../support/vscode/wait.ts';

const VIEW = 'Fusion';
const TOKENS = ['the-first-token-of-the-server', 'the-second-token-of-the-server'] as const;

describe('a user whose server runs elsewhere and asks for a token', { concurrency: false }, () => {
  let cli: CliHarness;
  let server: CliProcess;
  let port = '0';
  let window: ExampleWindow;

  /** A server on all addresses, which asks for a token by default. */
  const serve = async (token: string): Promise<void> => {
    await writeFile(path.join(cli.dir, 'token'), token, { mode: 0o600 });
    const args = [
      'serve',
      '--host',
      '0.0.0.0',
      '--port',
      port,
      '--state',
      path.join(cli.dir, 'state'),
      '--token-file',
      path.join(cli.dir, 'token'),
    ];
    server = cli.start(args);
    [, port = ''] = await server.until(/^Fusionizer is ready at http:\/\/\S+:(\d+)/m);
  };
  const end = async (): Promise<void> => {
    server.child.kill('SIGTERM');
    assert.equal((await server.ended).code, 0);
  };
  const welcome = async (text: RegExp): Promise<string[]> =>
    waitFor(`the view to say ${text}`, async () => {
      const { text: said, buttons } = await welcomeContent(window.page, VIEW);
      return text.test(said.join(' ')) && buttons;
    });
  const actions = async (): Promise<string[]> => {
    await runCommand(window.page, 'Fusionizer: Server Actions...');
    await waitForQuickInput(window.page, 'Fusionizer Server');
    const labels = await quickPickLabels(window.page);
    await closeQuickInput(window.page);
    return labels.map((label) => label.trim());
  };

  before(async () => {
    cli = await CliHarness.create();
    await serve(TOKENS[0]);
    window = await ExampleWindow.open('remote', { settings: { 'fusionizer.server.url': `http://127.0.0.1:${port}` } });
  });
  after(async () => {
    await window?.close();
    await cli?.close();
  });

  it('is asked for the token by the view and by the status bar', async () => {
    await openContainer(window.page, 'Fusionizer');
    await waitForStatus(window.page, 'Fusionizer needs a token');
    assert.deepEqual(await welcome(/asks for a token/), ['Set Token']);
    assert.deepEqual(await actions(), ['Set Token', 'Show Server Log', 'Open Settings']);
    await window.screenshot('needs a token');
  });

  it('is told that a token is wrong', async () => {
    await view(window.page, VIEW).locator('.monaco-button', { hasText: 'Set Token' }).click();
    assert.match(
      await answerInput(window.page, 'wrong', 'Token of the Fusionizer server'),
      /For http:\/\/127\.0\.0\.1:\d+/,
    );
    const told = await waitForNotification(window.page, /does not accept the stored token/);
    assert.deepEqual([told.severity, told.buttons], ['error', ['Set Token', 'Show Log']]);
    await waitForStatus(window.page, 'Fusionizer needs a token');
    await clearNotifications(window.page);
  });

  it('is connected as soon as it is right', async () => {
    await view(window.page, VIEW).locator('.monaco-button', { hasText: 'Set Token' }).click();
    await answerInput(window.page, TOKENS[0], 'Token of the Fusionizer server');
    await waitForStatus(window.page, `Fusionizer 127.0.0.1:${port}`);
    await waitForRow(window.page, VIEW, 'taskb', ({ description }) => description.startsWith('not deployed'));
  });

  it('deploys there, after a question that names where build commands are run', async () => {
    const yaml = 'spec:\n  runtime: python\n  handler: main:handler\n  build:\n    commands: ["true"]\n';
    await writeFile(path.join(window.workspace, 'hello', 'taskb', 'function.yaml'), yaml);
    await clickRowAction(window.page, VIEW, 'taskb', 'Deploy Nuclio Task');
    await window.screenshot('build commands');
    const asked = await answerDialog(window.page, 'Run');
    assert.ok(
      asked.message.includes(`in a shell by the server at http://127.0.0.1:${port}, on its machine`),
      asked.message,
    );
    await waitForNotification(window.page, 'taskb is deployed: version 1 serves.');
    // The row moves up when it is ready: a button that is clicked before could be another row's by then.
    await waitForRow(window.page, VIEW, 'taskb', ({ description }) => description.startsWith('ready'));
    await clearNotifications(window.page);
  });

  it('invokes there', async () => {
    await clickRowAction(window.page, VIEW, 'taskb', 'Invoke Nuclio Task');
    await tab(window.page, 'default.json').waitFor();
    await runCommand(window.page, 'Fusionizer: Send Payload');
    await tab(window.page, 'Answer of taskb').waitFor();
    await waitFor('the answer', async () => (await editorText(editor(window.page, 'Answer of taskb'))) !== '');
  });

  it('may disconnect and reconnect, but not stop it', async () => {
    assert.deepEqual(await actions(), [
      'Show Server Log',
      'Open API Page',
      'Set Token',
      'Reconnect to Server',
      'Disconnect from Server',
      'Open Settings',
    ]);
    await statusBarItem(window.page, `Fusionizer 127.0.0.1:${port}`).first().hover();
    const hover = window.page
      .locator('.workbench-hover-container:visible .workbench-hover', { hasText: 'Fusionizer Server' })
      .last();
    await hover.waitFor();
    assert.match(await hover.innerText(), /named by fusionizer\.server\.url[\s\S]*Reconnect[\s\S]*Disconnect/);
    await window.screenshot('tooltip');
    await runCommand(window.page, 'Fusionizer: Server Actions...');
    await pick(window.page, /Disconnect from Server/, 'Fusionizer Server');
    await waitForStatus(window.page, 'Fusionizer disconnected');
    assert.deepEqual(await welcome(/is disconnected/), ['Connect to Server']);
    await clearNotifications(window.page);
    await window.screenshot('disconnected');
    await view(window.page, VIEW).locator('.monaco-button', { hasText: 'Connect to Server' }).click();
    await waitForRow(window.page, VIEW, 'taskb', ({ description }) => description.startsWith('ready'));
  });

  it('sees that it ended, and that it came back', async () => {
    await end();
    await waitForStatus(window.page, 'Fusionizer reconnecting');
    assert.deepEqual(await welcome(/does not answer/), ['Reconnect']);
    await window.screenshot('reconnecting');
    await serve(TOKENS[0]);
    await waitForRow(window.page, VIEW, 'taskb', ({ description }) => description.startsWith('ready'));
    await waitForStatus(window.page, `Fusionizer 127.0.0.1:${port}`);
  });

  it('is asked again when the token was changed', async () => {
    await end();
    await serve(TOKENS[1]);
    await waitForStatus(window.page, 'Fusionizer needs a token');
    await runCommand(window.page, 'Fusionizer: Set Server Token...');
    await answerInput(window.page, TOKENS[1], 'Token of the Fusionizer server');
    await waitForRow(window.page, VIEW, 'taskb', ({ description }) => description.startsWith('ready'));
  });
});
