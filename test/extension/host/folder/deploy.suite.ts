import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { inFolder, setSetting, until, writeFiles } from '../workspace.ts';

const folder = inFolder('fresh');
const source = inFolder('fresh', 'main.js');
const answering = (text: string): string => `exports.handler = (context) => context.callback('${text}');\n`;
const YAML = 'spec:\n  runtime: nodejs\n  handler: main:handler\n';

const deploy = (uri: vscode.Uri): Thenable<unknown> => vscode.commands.executeCommand('fusionizer.task.deploy', uri);

/** What the Task says, by the language-model tool that agents use. */
async function said(): Promise<string> {
  const { content } = await vscode.lm.invokeTool('fusionizer_invoke_task', {
    toolInvocationToken: undefined,
    input: { task: 'fresh' },
  });
  return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
}

const deployMarks = (): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(source).filter((one) => one.source === 'fusionizer deploy');

/** Runs a task to its end. @returns its exit code */
async function runTask(definition: vscode.TaskDefinition): Promise<number | undefined> {
  const all = await vscode.tasks.fetchTasks({ type: 'fusionizer' });
  const task =
    all.find((one) => one.definition['folder'] === definition['folder']) ??
    assert.fail(`no task of ${JSON.stringify(definition)}`);
  return new Promise((resolve) => {
    const listener = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
      if (execution.task.definition['folder'] !== definition['folder']) return;
      listener.dispose();
      resolve(exitCode);
    });
    void vscode.tasks.executeTask(task);
  });
}

describe('deploy', () => {
  before(async () => {
    await setSetting('deploy.showSuccess', false);
    await writeFiles({ 'fresh/function.yaml': YAML, 'fresh/main.js': answering('one') });
  });
  after(async () => {
    await setSetting('deploy.showSuccess', undefined);
    await setSetting('deploy.onSave', undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(folder, { recursive: true });
  });

  it('deploys a folder, or the folder of a file in it', async () => {
    await deploy(folder);
    assert.match(await said(), /one/);
    await writeFiles({ 'fresh/main.js': answering('two') });
    await deploy(source);
    assert.match(await said(), /two/);
  });

  it('marks the line at fault, until a deploy succeeds; what served before still serves', async () => {
    await writeFiles({ 'fresh/main.js': `${answering('three')}\n\nthrow new Error('not today');\n` });
    await deploy(folder);
    const [mark] = deployMarks();
    assert.match(mark?.message ?? '', /not today/);
    assert.equal(mark?.range.start.line, 3);
    assert.match(await said(), /two/);
    await writeFiles({ 'fresh/main.js': answering('four') });
    await deploy(folder);
    assert.deepEqual(deployMarks(), []);
    assert.match(await said(), /four/);
  });

  it('saves what is in editors first', async () => {
    const editor = await vscode.window.showTextDocument(source);
    await editor.edit((edit) => edit.replace(new vscode.Range(0, 0, 10, 0), answering('five')));
    assert.equal(editor.document.isDirty, true);
    await deploy(folder);
    assert.equal(editor.document.isDirty, false);
    assert.match(await said(), /five/);
  });

  it('happens on save where it is switched on', async () => {
    await setSetting('deploy.onSave', true);
    const editor = await vscode.window.showTextDocument(source);
    await editor.edit((edit) => edit.replace(new vscode.Range(0, 0, 10, 0), answering('six')));
    await editor.document.save();
    await until('the deploy', async () => /six/.test(await said()));
  });

  it('is a task, whose exit code tells how it went', async () => {
    await setSetting('deploy.onSave', false);
    await writeFiles({ 'fresh/main.js': answering('seven') });
    assert.equal(await runTask({ type: 'fusionizer', folder: 'fresh' }), 0);
    assert.match(await said(), /seven/);
    await writeFiles({ 'fresh/main.js': 'throw new Error("no");\n' });
    assert.equal(await runTask({ type: 'fusionizer', folder: 'fresh' }), 1);
    assert.match(await said(), /seven/);
  });

  it('is a task that marks a fault of function.yaml once, at its line', async () => {
    const yaml = inFolder('fresh', 'function.yaml');
    await writeFiles({ 'fresh/function.yaml': `metadata:\n  name: No_Name\n${YAML}` });
    assert.equal(await runTask({ type: 'fusionizer', folder: 'fresh' }), 1);
    const errors = (): vscode.Diagnostic[] =>
      vscode.languages.getDiagnostics(yaml).filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error);
    const [mark, ...others] = await until('the mark', () => errors().length > 0 && errors());
    assert.deepEqual([mark?.range.start.line, others], [1, []]);
    assert.match(mark?.message ?? '', /^"No_Name" cannot be a Task's name: .* such as 'no-name'$/);
    await writeFiles({ 'fresh/function.yaml': YAML });
    await until('the mark to go', () => errors().length === 0);
  });

  it('by a tool for agents does not replace the Task of another folder without the user', async () => {
    await writeFiles({
      'other/function.yaml': `metadata:\n  name: fresh\n${YAML}`,
      'other/main.js': answering('other'),
      'fresh/main.js': answering('eight'),
    });
    await deploy(folder);
    // The folder is new: the extension may not have noticed it yet.
    const input = { task: inFolder('other').fsPath };
    // A test cannot answer the dialog: VS Code refuses to show it.
    await assert.rejects(
      async () => vscode.lm.invokeTool('fusionizer_deploy_task', { toolInvocationToken: undefined, input }),
      /refused to show dialog[\s\S]*fresh was deployed from fresh/,
    );
    assert.match(await said(), /eight/);
    await vscode.workspace.fs.delete(inFolder('other'), { recursive: true });
  });

  it('is a tool for agents, which tells them what there is', async () => {
    const { content } = await vscode.lm.invokeTool('fusionizer_list_tasks', {
      toolInvocationToken: undefined,
      input: {},
    });
    assert.match(JSON.stringify(content), /fresh/);
    await assert.rejects(
      async () =>
        vscode.lm.invokeTool('fusionizer_task_logs', { toolInvocationToken: undefined, input: { task: 'nobody' } }),
      /nobody/,
    );
  });
});
