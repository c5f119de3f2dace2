import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { inFolder, setSetting, until, writeFiles } from '../workspace.ts';

const NAMES = ['left', 'right'];
const MODULE = `export default {
  name: 'pairs',
  async *setups(view) {
    while (view.tasks().length < 2) await new Promise((resolve) => setTimeout(resolve, 50));
    yield [['left', 'right']];
  },
};
`;

/** What a Task is fused with, by the language-model tool that agents use. */
async function fusedWith(name: string): Promise<string[] | undefined> {
  const { content } = await vscode.lm.invokeTool('fusionizer_list_tasks', {
    toolInvocationToken: undefined,
    input: {},
  });
  const text = content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
  const rows: { name: string; fusedWith?: string[] }[] = JSON.parse(text.split('\n')[0] ?? '');
  return rows.find((row) => row.name === name)?.fusedWith;
}

describe('an optimizer of the user', () => {
  before(async () => {
    await setSetting('deploy.showSuccess', false);
    for (const name of NAMES) {
      await writeFiles({
        [`pairs/${name}/function.yaml`]: 'spec:\n  runtime: nodejs\n  handler: main:handler\n',
        [`pairs/${name}/main.js`]: 'exports.handler = (context) => context.callback("");\n',
      });
    }
    await writeFiles({ 'pairs.mjs': MODULE });
  });
  after(async () => {
    await setSetting('optimizer.module', undefined);
    await vscode.commands.executeCommand('fusionizer.server.stop');
    await vscode.workspace.fs.delete(inFolder('pairs'), { recursive: true });
    await vscode.workspace.fs.delete(inFolder('pairs.mjs'));
  });

  it('decides on the setup, when a setting names its module', async () => {
    await setSetting('optimizer.module', 'pairs.mjs');
    await vscode.commands.executeCommand('fusionizer.server.restart');
    for (const name of NAMES) await vscode.commands.executeCommand('fusionizer.task.deploy', inFolder('pairs', name));
    await until('the Tasks are one function', async () => (await fusedWith('left'))?.includes('right'));
  });
});
