import assert from 'node:assert/strict';
import { after, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { inFolder, until, writeFiles } from '../workspace.ts';

const file = inFolder('checked', 'function.yaml');

/** Messages of this extension's own marks. */
const marks = (uri: vscode.Uri): string[] =>
  vscode.languages
    .getDiagnostics(uri)
    .filter(({ source }) => source === 'fusionizer')
    .map(({ message }) => message);

async function quickFixes(uri: vscode.Uri, line: number): Promise<vscode.CodeAction[]> {
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', uri, new vscode.Range(line, 0, line, 1000));
  return actions.filter(({ kind }) => kind?.contains(vscode.CodeActionKind.QuickFix));
}

async function apply(title: RegExp, line: number): Promise<void> {
  const fix = await until(`the fix ${title}`, async () => (await quickFixes(file, line)).find((one) => title.test(one.title)));
  assert.ok(fix.edit && (await vscode.workspace.applyEdit(fix.edit)));
}

async function lenses(uri: vscode.Uri): Promise<string[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 100);
  return found.map(({ range, command }) => `${range.start.line}: ${command?.title.replace(/\$\([\w-]+\) ?/, '')}`);
}

describe('function.yaml in an editor', () => {
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(inFolder('checked'), { recursive: true });
  });

  it('is marked where it is wrong, and mended by quick fixes', async () => {
    await writeFiles({ 'checked/function.yaml': 'spec:\n  runtime: python\n  handlr: main:handler\n  handler: other:handler\n' });
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    const found = await until('both marks', () => marks(file).length === 2 && marks(file));
    assert.match(found.join('\n'), /handlr.*handler/);
    assert.match(found.join('\n'), /no module 'other'/);
    await apply(/other\.py/, 3);
    await document.save();
    await until('the mark of the module to go', () => !marks(file).some((mark) => mark.includes("'other'")));
    assert.match((await vscode.workspace.openTextDocument(inFolder('checked', 'other.py'))).getText(), /def handler\(context, event/);
  });

  it('has no marks where nothing is wrong', async () => {
    const examples = await vscode.workspace.findFiles('{hello,weather,earthquakes}/*/function.yaml');
    assert.ok(examples.length > 8);
    for (const uri of examples) await vscode.workspace.openTextDocument(uri);
    // The marks of the file that is wrong come after those of files that were opened before it.
    await writeFiles({ 'checked/function.yaml': 'spec:\n  runtime: golang\n' });
    await until('the mark of the runtime', () => marks(file).some((mark) => mark.includes('golang')));
    for (const uri of examples) assert.deepEqual(marks(uri), [], uri.fsPath);
  });

  it('offers to deploy above it and above the handler; to invoke and to read logs once that is done', async () => {
    const handler = inFolder('hello', 'taska', 'main.py');
    const config = inFolder('hello', 'taska', 'function.yaml');
    for (const uri of [handler, config]) await vscode.workspace.openTextDocument(uri);
    await until('Deploy', async () => (await lenses(handler)).join() === '0: Deploy');
    await vscode.commands.executeCommand('fusionizer.task.deploy', inFolder('hello', 'taska'));
    await until('all three', async () => (await lenses(handler)).join() === '0: Deploy,0: Invoke,0: Logs');
    assert.deepEqual(await lenses(config), ['0: Deploy', '0: Invoke', '0: Logs']);
  });
});
