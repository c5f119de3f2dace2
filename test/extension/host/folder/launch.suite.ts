import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { inFolder, setSetting, until, writeFiles } from '../workspace.ts';

const TASKS = {
  version: '2.0.0',
  tasks: [{ type: 'fusionizer', folder: 'launched', label: 'deploy launched', problemMatcher: '$fusionizer' }],
};
const program = inFolder('launched', 'client.js');
const ended = inFolder('client.ended');

/** A program that is debugged after the deploy: it asks the Task, at the address that the extension gives. */
const clientOf = (address: string): string => `fetch('${address}', { method: 'POST' }).then(async (answer) => {
  require('node:fs').writeFileSync(${JSON.stringify(ended.fsPath)}, await answer.text());
});
`;

async function addressOf(task: string): Promise<string> {
  await vscode.commands.executeCommand('fusionizer.task.copyAddress', { task });
  return vscode.env.clipboard.readText();
}

describe('a launch with a deploy before it', () => {
  before(async () => {
    await setSetting('deploy.showSuccess', false);
    await writeFiles({
      'launched/function.yaml': 'spec:\n  runtime: nodejs\n  handler: main:handler\n',
      'launched/main.js': 'exports.handler = (context) => context.callback("before");\n',
      '.vscode/tasks.json': JSON.stringify(TASKS),
    });
  });
  after(async () => {
    await vscode.commands.executeCommand('fusionizer.server.stop');
    await vscode.workspace.fs.delete(inFolder('launched'), { recursive: true });
    await vscode.workspace.fs.delete(inFolder('.vscode'), { recursive: true });
  });

  it('debugs a program that finds the Task as it is in the editor', async () => {
    await vscode.commands.executeCommand('fusionizer.task.deploy', inFolder('launched'));
    await writeFiles({
      'launched/client.js': clientOf(await addressOf('launched')),
      'launched/main.js': 'exports.handler = (context) => context.callback("after");\n',
    });
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    const started = await vscode.debug.startDebugging(folder, {
      type: 'node',
      request: 'launch',
      name: 'client',
      program: program.fsPath,
      preLaunchTask: 'deploy launched',
    });
    assert.ok(started);
    const said = await until('the program has ended', async () => {
      const bytes = await vscode.workspace.fs.readFile(ended).then(
        (read) => read,
        () => undefined,
      );
      return bytes && bytes.length > 0 ? Buffer.from(bytes).toString() : undefined;
    });
    assert.equal(said, 'after');
    await vscode.workspace.fs.delete(ended);
  });
});
