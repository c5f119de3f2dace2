import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { Answer } from '../../../../src/extension/invoke/answer.ts';
import { inFolder, setSetting, until } from '../workspace.ts';

const payload = (name: string): vscode.Uri => inFolder('.fusionizer', 'payloads', 'taskb', name);

/** Runs a command; what it gives back is an answer, unless it ended with a message. */
const run = async (command: string, ...args: unknown[]): Promise<Answer | undefined> =>
  vscode.commands.executeCommand(`fusionizer.${command}`, ...args);

/** Puts a text into a payload document and leaves it unsaved. */
async function write(uri: vscode.Uri, text: string): Promise<vscode.TextDocument> {
  const editor = await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.One, preview: false });
  const all = new vscode.Range(0, 0, editor.document.lineCount, 0);
  assert.ok(await editor.edit((edit) => edit.replace(all, text)));
  return editor.document;
}

const answerTabs = (): vscode.Tab[] =>
  vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.filter(({ label }) => label === 'Answer of taskb'));
const answerDocument = (): vscode.TextDocument | undefined =>
  vscode.workspace.textDocuments.find(({ uri }) => uri.path === '/Answer of taskb');

async function lensesOf(uri: vscode.Uri | undefined): Promise<string> {
  assert.ok(uri);
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 100);
  return lenses.map(({ command }) => command?.title).join(' | ');
}

describe('invoke', () => {
  before(async () => {
    await setSetting('deploy.showSuccess', false);
    await run('task.deploy', inFolder('hello', 'taskb'));
    await run('task.deploy', inFolder('hello', 'taska'));
  });

  after(async () => {
    await setSetting('deploy.showSuccess', undefined);
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
    const marks = (): string[] =>
      vscode.languages.getDiagnostics(payload('default.json')).map(({ message }) => message);
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
    await until('calls and group', async () => /1 local/.test(await lensesOf(uri)));
  });

  it("takes a handler's failure for an answer", async () => {
    const document = await write(payload('default.json'), '// POST /x\n\n{}');
    const answer = await run('payload.send', document.uri);
    assert.equal(answer?.status, 500);
    await until('the traceback', () => /KeyError/.test(answerDocument()?.getText() ?? ''));
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      'vscode.executeLinkProvider',
      answerDocument()?.uri,
    );
    const place = inFolder('hello', 'taskb', 'main.py').with({ fragment: 'L2' });
    assert.ok(links.map(({ target }) => target?.toString()).includes(place.toString()), JSON.stringify(links));
    assert.match(await lensesOf(answerDocument()?.uri), /^500 Internal Server Error/);
  });

  it('shows its other parts in place', async () => {
    await run('answer.show', { task: 'taskb', part: 'headers' });
    await until('the headers', () => answerDocument()?.getText().startsWith('# POST /x\n# 500') ?? false);
    assert.equal(answerDocument()?.languageId, 'fusionizer-properties');
    assert.equal(answerTabs().length, 1);
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
    const editor = await vscode.window.showTextDocument(inFolder('hello', 'taskb', 'main.py'), {
      viewColumn: vscode.ViewColumn.One,
    });
    editor.selection = new vscode.Selection(0, 0, 0, 3);
    const answer = await run('payload.sendSelection');
    assert.deepEqual([answer?.task, answer?.headers['content-type']], ['taskb', 'text/plain']);
  });

  describe('of a Task that takes its time', () => {
    const slow = inFolder('slow');
    const begun = inFolder('slow.begun');
    const release = inFolder('slow.release');
    const event = inFolder('.fusionizer', 'payloads', 'slow', 'event.json');
    const quick = inFolder('.fusionizer', 'payloads', 'slow', 'quick.json');
    const count = inFolder('.fusionizer', 'payloads', 'slow', 'count.json');
    const slowAnswer = (): vscode.TextDocument | undefined =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.path === '/Answer of slow');
    const shown = (what: RegExp): Promise<boolean> =>
      until(`the answer's document with ${what}`, () => what.test(slowAnswer()?.getText() ?? ''));

    before(async () => {
      await mkdir(slow.fsPath);
      await writeFile(
        vscode.Uri.joinPath(slow, 'function.yaml').fsPath,
        'spec:\n  runtime: nodejs\n  handler: main:handler\n',
      );
      const handler = [
        "const { existsSync, writeFileSync } = require('node:fs');",
        'exports.handler = (context, event) => {',
        "  if (event.path === '/quick') return context.callback('quick');",
        "  if (event.path === '/count') return context.callback(String((exports.count = (exports.count ?? 0) + 1)));",
        `  writeFileSync(${JSON.stringify(begun.fsPath)}, '');`,
        `  const isReleased = () => existsSync(${JSON.stringify(release.fsPath)});`,
        "  const look = () => (isReleased() ? context.callback('done') : setTimeout(look, 20));",
        '  look();',
        '};',
      ];
      await writeFile(vscode.Uri.joinPath(slow, 'main.js').fsPath, `${handler.join('\n')}\n`);
      await mkdir(vscode.Uri.joinPath(event, '..').fsPath, { recursive: true });
      await writeFile(event.fsPath, '{}');
      await writeFile(quick.fsPath, '// POST /quick\n\n{}');
      await run('task.deploy', slow);
    });

    beforeEach(async () => {
      // Served only when the event before, which nobody waits for any more, has ended.
      assert.equal((await run('payload.send', quick))?.status, 200);
      await shown(/^quick$/);
      for (const file of [begun, release]) await rm(file.fsPath, { force: true });
    });

    afterEach(async () => {
      await setSetting('invoke.timeout', undefined);
      await writeFile(release.fsPath, '');
    });

    after(async () => {
      for (const uri of [slow, begun, release]) await rm(uri.fsPath, { recursive: true, force: true });
    });

    it('can be cancelled, and the document says so instead of the answer before', async () => {
      const waiting = run('payload.send', event);
      await until('the handler to run', () => existsSync(begun.fsPath));
      await run('invocation.cancel', { task: 'slow' });
      // The handler answers only when it is told to: without the cancellation, this would wait for ever.
      assert.equal(await waiting, undefined);
      await shown(/^POST slow\/\n\nCancelled after .*, without an answer\.\n/);
      assert.match(await lensesOf(slowAnswer()?.uri), /^\$\(circle-slash\) Cancelled after .*More\.\.\.$/);
      await vscode.workspace.openTextDocument(event);
      assert.match(await lensesOf(event), /Send \| \$\(circle-slash\) Cancelled after .* \| POST slow\//);
      await run('answer.show', { task: 'slow', part: 'body' });
      await shown(/^quick$/);
      assert.match(await lensesOf(slowAnswer()?.uri), /^200 OK/);
    });

    it('ends by the time that the setting allows, and the document says so', async () => {
      await setSetting('invoke.timeout', 0.3);
      assert.equal(await run('payload.send', event), undefined);
      await shown(/^POST slow\/\n\nNo answer after .*:\nslow did not answer within 0.3 s/);
      assert.match(await lensesOf(slowAnswer()?.uri), /^\$\(error\) No answer after .*More\.\.\.$/);
    });

    it('shows the next answer as ever', async () => {
      await setSetting('invoke.timeout', 0.3);
      assert.equal(await run('payload.send', event), undefined);
      await shown(/No answer after/);
      await setSetting('invoke.timeout', undefined);
      await writeFile(release.fsPath, '');
      assert.equal((await run('payload.send', event))?.status, 200);
      await shown(/^done$/);
    });

    it('is compared with the answer before to the same payload', async () => {
      await writeFile(count.fsPath, '// POST /count\n\n{}');
      for (const text of ['1', 'quick', '2']) {
        await run('payload.send', text === 'quick' ? quick : count);
        await shown(new RegExp(`^${text}$`));
      }
      await run('answer.compare', { task: 'slow' });
      const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? assert.fail('no tab');
      assert.ok(input instanceof vscode.TabInputTextDiff);
      assert.equal((await vscode.workspace.openTextDocument(input.original)).getText(), '1');
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    });
  });
});
