import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { inFolder, setSetting, until, writeFiles } from '../workspace.ts';

const TASKS = [
  {
    runtime: 'python',
    source: 'main.py',
    text: 'import no_such_module_of_fusionizer\n\n\ndef handler(context, event):\n    return 1\n',
    command: 'pip install no_such_module_of_fusionizer',
  },
  {
    runtime: 'nodejs',
    source: 'main.js',
    text: "require('no-such-module-of-fusionizer');\nexports.handler = (context) => context.callback('');\n",
    command: 'npm install no-such-module-of-fusionizer',
  },
];

describe('a missing module', () => {
  before(() => setSetting('deploy.showSuccess', false));
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('fusionizer.server.stop');
    for (const { runtime } of TASKS)
      await vscode.workspace.fs.delete(inFolder(`lacks-${runtime}`), { recursive: true });
  });

  for (const { runtime, source, text, command } of TASKS) {
    it(`is added to the build commands by the quick fix at its line (${runtime})`, async () => {
      const folder = `lacks-${runtime}`;
      await writeFiles({
        [`${folder}/function.yaml`]: `spec:\n  runtime: ${runtime}\n  handler: main:handler\n`,
        [`${folder}/${source}`]: text,
      });
      const uri = inFolder(folder, source);
      await vscode.commands.executeCommand('fusionizer.task.deploy', inFolder(folder));
      const mark = await until('the mark', () =>
        vscode.languages.getDiagnostics(uri).find((one) => one.source === 'fusionizer deploy'),
      );
      assert.equal(mark.range.start.line, 0);
      await vscode.window.showTextDocument(uri);
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        uri,
        mark.range,
        vscode.CodeActionKind.QuickFix.value,
      );
      const fix = actions.find(({ title }) => title === `Add '${command}' to the build commands`);
      assert.ok(fix?.edit, actions.map(({ title }) => title).join(', '));
      assert.equal(await vscode.workspace.applyEdit(fix.edit), true);
      const config = await vscode.workspace.openTextDocument(inFolder(folder, 'function.yaml'));
      assert.equal(
        config.getText(),
        `spec:\n  build:\n    commands:\n      - "${command}"\n  runtime: ${runtime}\n  handler: main:handler\n`,
      );
      await config.save();
    });
  }
});
