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
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    uri,
    new vscode.Range(line, 0, line, 1000),
  );
  return actions.filter(({ kind }) => kind?.contains(vscode.CodeActionKind.QuickFix));
}

async function apply(title: RegExp, line: number): Promise<void> {
  const fix = await until(`the fix ${title}`, async () =>
    (await quickFixes(file, line)).find((one) => title.test(one.title)),
  );
  assert.ok(fix.edit && (await vscode.workspace.applyEdit(fix.edit)));
}

async function lenses(uri: vscode.Uri): Promise<string[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 100);
  return found.map(({ range, command }) => `${range.start.line}: ${command?.title.replace(/\$\([\w-]+\) ?/, '')}`);
}

/** The rows of the view, by the language-model tool that lists them. */
async function tasks(): Promise<{ name: string; state: string }[]> {
  const { content } = await vscode.lm.invokeTool('fusionizer_list_tasks', {
    toolInvocationToken: undefined,
    input: {},
  });
  const text = content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
  return JSON.parse(text.split('\n', 1)[0] ?? '');
}

describe('function.yaml in an editor', () => {
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(inFolder('checked'), { recursive: true });
  });

  it('is marked where it is wrong, and mended by quick fixes', async () => {
    await writeFiles({
      'checked/function.yaml': 'spec:\n  runtime: python\n  handlr: main:handler\n  handler: other:handler\n',
    });
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    const found = await until('both marks', () => marks(file).length === 2 && marks(file));
    assert.match(found.join('\n'), /handlr.*handler/);
    assert.match(found.join('\n'), /no module 'other'/);
    await apply(/other\.py/, 3);
    await document.save();
    await until('the mark of the module to go', () => !marks(file).some((mark) => mark.includes("'other'")));
    assert.match(
      (await vscode.workspace.openTextDocument(inFolder('checked', 'other.py'))).getText(),
      /def handler\(context, event/,
    );
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

  it('has each of its faults marked once, also by a failed deploy, until it is corrected', async () => {
    const deployMarks = (): unknown[] =>
      vscode.languages.getDiagnostics(file).filter(({ source }) => source === 'fusionizer deploy');
    const text = 'metadata:\n  name: My_Task\nspec:\n  runtime: golang\n  handler: none:handler\n  triggers: []\n';
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await writeFiles({ 'checked/function.yaml': text });
    // No editor has it: the deploy that fails brings the marks.
    await vscode.commands.executeCommand('fusionizer.task.deploy', inFolder('checked'));
    const lines = vscode.languages
      .getDiagnostics(file)
      .map(({ range }) => range.start.line)
      .sort();
    assert.deepEqual([lines, deployMarks()], [[1, 3, 4, 5], []]);
    await writeFiles({ 'checked/function.yaml': text.replace('My_Task', 'checked').replace('  triggers: []\n', '') });
    await until('the marks of what is mended to go', () => marks(file).length === 2);
    await vscode.commands.executeCommand('fusionizer.task.deploy', inFolder('checked'));
    assert.deepEqual([marks(file).length, deployMarks()], [2, []]);
    await writeFiles({
      'checked/function.yaml': 'spec:\n  runtime: nodejs\n  handler: main:handler\n',
      'checked/main.js': 'exports.handler = (context) => context.callback();\n',
    });
    await until('all marks to go', () => vscode.languages.getDiagnostics(file).length === 0);
  });

  it('has the line of a fault that only a deploy finds, until that line is edited', async () => {
    await writeFiles({
      'checked/function.yaml':
        'spec:\n  runtime: nodejs\n  handler: main:handler\n  triggers:\n    http: {kind: http, numWorkers: 5000}\n',
    });
    const found = (): vscode.Diagnostic[] => vscode.languages.getDiagnostics(file);
    await vscode.commands.executeCommand('fusionizer.task.deploy', inFolder('checked'));
    assert.match(found()[0]?.message ?? '', /^spec\.triggers\.http\.numWorkers is 5000/);
    const editor = await vscode.window.showTextDocument(file);
    await until('the text', () => editor.document.getText().includes('5000'));
    const [{ range }] = found() as [vscode.Diagnostic];
    assert.equal(range.start.line, 4);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '# top\n'));
    await until('the mark to move', () => found()[0]?.range.start.line === range.start.line + 1);
    await editor.edit((edit) =>
      edit.replace(editor.document.lineAt(range.start.line + 1).range, '    http: {kind: http}'),
    );
    await until('the mark to go', () => found().length === 0);
    await editor.document.save();
  });

  it('is made for a folder that has none, which is deployed from there', async () => {
    await writeFiles({
      'without/app.js': 'exports.handler = (context) => context.callback("made");\n',
      'without/other.js': '',
    });
    const folder = inFolder('without');
    try {
      await vscode.commands.executeCommand('fusionizer.task.deploy', folder);
      await vscode.commands.executeCommand('fusionizer.config.create', folder);
      const { document } = vscode.window.activeTextEditor ?? assert.fail('no editor');
      assert.match(document.getText(), /handler: app:handler/);
      const state = async (): Promise<string | undefined> =>
        (await tasks()).find(({ name }) => name === 'without')?.state;
      await until('the row', async () => (await state()) !== undefined);
      assert.equal(await state(), 'not-deployed');
      await vscode.commands.executeCommand('fusionizer.task.deploy', folder);
      assert.equal(await state(), 'ready');
    } finally {
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      await vscode.workspace.fs.delete(folder, { recursive: true });
    }
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
