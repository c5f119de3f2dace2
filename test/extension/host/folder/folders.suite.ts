import { rename } from 'node:fs/promises';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { inFolder, setSetting, until, writeFiles } from '../workspace.ts';

interface Listed {
  name: string;
  state: string;
  folder?: string;
}

/** The rows of the view, by the language-model tool that agents use. */
async function rows(): Promise<Listed[]> {
  const { content } = await vscode.lm.invokeTool('fusionizer_list_tasks', {
    toolInvocationToken: undefined,
    input: {},
  });
  const text = content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
  return JSON.parse(text.split('\n')[0] ?? '');
}

const at = async (folder: vscode.Uri): Promise<Listed | undefined> =>
  (await rows()).find((row) => row.folder === folder.fsPath);
const task = (name: string): Record<string, string> => ({
  [`${name}/function.yaml`]: 'spec:\n  runtime: nodejs\n  handler: main:handler\n',
  [`${name}/main.js`]: 'exports.handler = (context) => context.callback("");\n',
});

describe('Task folders', () => {
  before(async () => {
    await setSetting('deploy.showSuccess', false);
    await writeFiles({ ...task('moving/old'), ...task('moving/kept.v1') });
    await until(
      'both are listed',
      async () => (await at(inFolder('moving', 'old'))) && at(inFolder('moving', 'kept.v1')),
    );
  });
  after(async () => {
    await vscode.commands.executeCommand('fusionizer.server.stop');
    await vscode.workspace.fs.delete(inFolder('moving'), { recursive: true });
  });

  it('are followed when they are renamed, also by another program', async () => {
    await rename(inFolder('moving', 'old').fsPath, inFolder('moving', 'new').fsPath);
    await until(
      'the new name',
      async () => (await at(inFolder('moving', 'new'))) && !(await at(inFolder('moving', 'old'))),
    );
    await vscode.workspace.fs.rename(inFolder('moving', 'kept.v1'), inFolder('moving', 'kept.v2'));
    await until(
      'the new name with an ending',
      async () => (await at(inFolder('moving', 'kept.v2'))) && !(await at(inFolder('moving', 'kept.v1'))),
    );
  });

  it('keep what is deployed from them, when the name of the Task stays', async () => {
    await writeFiles({
      'moving/new/function.yaml': 'metadata:\n  name: mover\nspec:\n  runtime: nodejs\n  handler: main:handler\n',
    });
    await vscode.commands.executeCommand('fusionizer.task.deploy', inFolder('moving', 'new'));
    await rename(inFolder('moving', 'new').fsPath, inFolder('moving', 'newest').fsPath);
    await until('one row of both', async () => (await at(inFolder('moving', 'newest')))?.state === 'ready');
  });

  it('are all found when many come and go at once', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `moving/deep/many${index}`);
    await writeFiles({ ...Object.assign({}, ...names.map(task)) });
    await until('all', async () => (await rows()).filter(({ folder }) => folder?.includes('many')).length === 12);
    await rename(inFolder('moving', 'deep').fsPath, inFolder('moving', 'deeper').fsPath);
    await until(
      'all below the new name',
      async () => (await rows()).filter(({ folder }) => folder?.includes('deeper')).length === 12,
    );
  });
});
