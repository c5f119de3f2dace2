import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { inFolder, setSetting, writeFiles } from '../workspace.ts';

const SELF = `exports.handler = async (context, event, session) => {
  const answer = await session.post(\`http://\${event.headers['Fusionizer-Server-Address']}:8000/round\`);
  context.callback(new context.Response(await answer.text(), {}, 'text/plain', answer.status));
};
`;
const yaml = (workers: number): string =>
  `spec:\n  runtime: nodejs\n  handler: main:handler\n  triggers:\n    http: {kind: http, numWorkers: ${workers}}\n`;

/** What a language-model tool answers for the Task `round`. */
async function tool(name: 'fusionizer_invoke_task' | 'fusionizer_deploy_task'): Promise<string> {
  const { content } = await vscode.lm.invokeTool(name, { toolInvocationToken: undefined, input: { task: 'round' } });
  return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
}

describe('the limits of a server that the window starts', () => {
  before(async () => {
    await setSetting('deploy.showSuccess', false);
    await writeFiles({ 'round/function.yaml': yaml(1), 'round/main.js': SELF });
  });
  after(async () => {
    for (const name of ['server.maxDepth', 'server.maxWorkers']) await setSetting(name, undefined);
    await vscode.commands.executeCommand('fusionizer.server.stop');
    await vscode.workspace.fs.delete(inFolder('round'), { recursive: true });
  });

  it('are those of the settings', async () => {
    await setSetting('server.maxDepth', 3);
    await setSetting('server.maxWorkers', 60);
    await vscode.commands.executeCommand('fusionizer.server.restart');
    await vscode.commands.executeCommand('fusionizer.task.deploy', inFolder('round'));
    const answer = await tool('fusionizer_invoke_task');
    assert.match(answer, /508/);
    assert.match(answer, /round -> round -> round -> round(?! ->)/);
    await writeFiles({ 'round/function.yaml': yaml(61) });
    assert.match(await tool('fusionizer_deploy_task'), /"failed":.*of the 60 worker processes that it may have/);
  });
});
