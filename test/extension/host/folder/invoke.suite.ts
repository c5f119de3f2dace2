import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { Answer } from '../../../../src/extension/invoke/answer.ts';
import { inFolder, until } from '../workspace.ts';

const payload = (name: string): vscode.Uri => inFolder('.fusionizer', 'payloads', 'taskb', name);

/** Runs a command; what it gives back is an answer, unless it ended with a message. */
const run = async (command: string, ...args: unknown[]): Promise<Answer | undefined> => vscode.commands.executeCommand(`fusionizer.${command}`, ...args);

/** Puts a text into a payload document and leaves it unsaved. */
async function write(uri: vscode.Uri, text: string): Promise<vscode.TextDocument> {
  const editor = await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.One, preview: false });
  const all = new vscode.Range(0, 0, editor.document.lineCount, 0);
  assert.ok(await editor.edit((edit) => edit.replace(all, text)));
  return editor.document;
}

const answerTabs = (): vscode.Tab[] => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.filter(({ label }) => label === 'Answer of taskb'));
const answerDocument = (): vscode.TextDocument | undefined => vscode.workspace.textDocuments.find(({ uri }) => uri.path === '/Answer of taskb');

async function lensesOf(uri: vscode.Uri | undefined): Promise<string> {
  assert.ok(uri);
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 100);
  return lenses.map(({ command }) => command?.title).join(' | ');
}

describe('invoke', () => {
  before(async () => {
    await vscode.workspace.getConfiguration('fusionizer').update('deploy.showSuccess', false, vscode.ConfigurationTarget.Global);
    await run('task.deploy', inFolder('hello', 'taskb'));
    await run('task.deploy', inFolder('hello', 'taska'));
  });

  after(async () => {
    await vscode.workspace.getConfiguration('fusionizer').update('deploy.showSuccess', undefined, vscode.ConfigurationTarget.Global);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(inFolder('.fusionizer').fsPath, { recursive: true, force: true });
  });

  it('makes a payload the first time, and opens it as JSON with comments', async () => {
    await run('task.invoke', { task: 'taskb' });
    const { document } = vscode.window.activeTextEditor ?? assert.fail('no editor');
    assert.equal(document.uri.toString(), payload('default.json').toString());
    assert.equal(document.languageId, 'jsonc');
    assert.match(document.getText(), /^\/\/ POST \/\n/);
    assert.match(await lensesOf(document.uri), /Send \| POST taskb\/$/);
  });

  it('has no marks for what is left out of it: comments, and commas before a closing bracket', async () => {
    const marks = (): string[] => vscode.languages.getDiagnostics(payload('default.json')).map(({ message }) => message);
    await write(payload('default.json'), '// POST /\n\n{"list": [1, 2,], /* and */ "more": ,}');
    await until('the mark of what is no JSON at all', () => marks().length > 0);
    assert.deepEqual(marks(), ['Value expected']);
    await write(payload('default.json'), '// POST /\n\n{"list": [1, 2,], /* and */ "more": 1,}');
    await until('no mark', () => marks().length === 0);
  });

  it('sends the text of the editor, saves it, and shows the answer beside', async () => {
    const document = await write(payload('default.json'), '// POST /\n\n{"name": "you", /* yes */}');
    const answer = await run('payload.send', document.uri);
    assert.deepEqual([answer?.status, answer && Buffer.from(answer.body).toString()], [200, 'Hello, you!']);
    assert.equal(document.isDirty, false);
    assert.equal(vscode.window.activeTextEditor?.document, document, 'the focus stays');
    await until('the text of the answer', () => answerDocument()?.getText() === 'Hello, you!');
    assert.deepEqual(
      answerTabs().map(({ group }) => group.viewColumn),
      [vscode.ViewColumn.Two],
    );
  });

  it('shows the next answer in the same document', async () => {
    const document = await write(payload('default.json'), '{"name": "them"}');
    await run('payload.send');
    await until('the text of the answer', () => answerDocument()?.getText() === 'Hello, them!');
    assert.equal(answerTabs().length, 1);
    assert.match(await lensesOf(document.uri), /200 OK/);
  });

  it('learns calls and group of an invocation', async () => {
    await run('group.fuse', undefined, ['taska', 'taskb']);
    const answer = await run('payload.sendFile', inFolder('hello', 'taska', 'main.py'));
    assert.equal(answer?.task, 'taska');
    const uri = vscode.workspace.textDocuments.find((document) => document.uri.path === '/Answer of taska')?.uri;
    await until('calls and group', async () => /taska \+ taskb: calls 1 local, 0 remote/.test(await lensesOf(uri)));
  });

  it("takes a handler's failure for an answer", async () => {
    const document = await write(payload('default.json'), '// POST /x\n\n{}');
    const answer = await run('payload.send', document.uri);
    assert.equal(answer?.status, 500);
    await until('the traceback', () => /KeyError/.test(answerDocument()?.getText() ?? ''));
    assert.match(await lensesOf(answerDocument()?.uri), /500 Internal Server Error.*Compare with Previous/);
  });

  it('shows its other parts in place', async () => {
    await run('answer.show', { task: 'taskb', part: 'headers' });
    await until('the headers', () => answerDocument()?.getText().startsWith('# POST /x\n# 500') ?? false);
    assert.equal(answerDocument()?.languageId, 'properties');
    assert.equal(answerTabs().length, 1);
  });

  it('compares the last two', async () => {
    await run('answer.compare', { task: 'taskb' });
    const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? assert.fail('no tab');
    assert.ok(input instanceof vscode.TabInputTextDiff);
    assert.equal((await vscode.workspace.openTextDocument(input.original)).getText(), 'Hello, them!');
  });

  it('repeats the last call', async () => {
    await write(payload('default.json'), '{"name": "again"}');
    const answer = await run('invocation.repeat');
    assert.equal(answer && Buffer.from(answer.body).toString(), 'Hello, again!');
  });

  it('sends the payload that a keybinding names', async () => {
    const answer = await run('task.invoke', { task: 'taskb', payload: 'default.json' });
    assert.equal(answer && Buffer.from(answer.body).toString(), 'Hello, again!');
    assert.equal(await run('task.invoke', { task: 'taskb', payload: 'none.json' }), undefined);
  });

  it('sends the selection to the Task of its file', async () => {
    const editor = await vscode.window.showTextDocument(inFolder('hello', 'taskb', 'main.py'), { viewColumn: vscode.ViewColumn.One });
    editor.selection = new vscode.Selection(0, 0, 0, 3);
    const answer = await run('payload.sendSelection');
    assert.deepEqual([answer?.task, answer?.headers['content-type']], ['taskb', 'text/plain']);
  });

  describe('of a Task that takes its time', () => {
    const slow = inFolder('slow');
    const begun = inFolder('slow.begun');
    const event = inFolder('.fusionizer', 'payloads', 'slow', 'event.json');
    const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('fusionizer');

    before(async () => {
      await mkdir(slow.fsPath);
      await writeFile(vscode.Uri.joinPath(slow, 'function.yaml').fsPath, 'spec:\n  runtime: nodejs\n  handler: main:handler\n');
      const handler = `require('node:fs').writeFileSync(${JSON.stringify(begun.fsPath)}, ''); setTimeout(() => context.callback("done"), 3000);`;
      await writeFile(vscode.Uri.joinPath(slow, 'main.js').fsPath, `exports.handler = (context) => { ${handler} };\n`);
      await mkdir(vscode.Uri.joinPath(event, '..').fsPath, { recursive: true });
      await writeFile(event.fsPath, '{}');
      await run('task.deploy', slow);
    });

    after(async () => {
      await settings().update('invoke.timeout', undefined, vscode.ConfigurationTarget.Global);
      await rm(slow.fsPath, { recursive: true, force: true });
      await rm(begun.fsPath, { force: true });
    });

    it('can be cancelled', async () => {
      const waiting = run('payload.send', event);
      await until('the handler to run', () => existsSync(begun.fsPath));
      const began = Date.now();
      await run('invocation.cancel', { task: 'slow' });
      assert.equal(await waiting, undefined);
      assert.ok(Date.now() - began < 1500);
    });

    it('ends by the time that the setting allows', async () => {
      await settings().update('invoke.timeout', 0.3, vscode.ConfigurationTarget.Global);
      const began = Date.now();
      assert.equal(await run('payload.send', event), undefined);
      assert.ok(Date.now() - began < 2500);
    });
  });
});
