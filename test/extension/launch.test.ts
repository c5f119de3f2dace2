import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';

interface Configuration {
  name: string;
  type: string;
  program?: string;
  module?: string;
  args?: string[];
  runtimeArgs?: string[];
  cwd?: string;
  preLaunchTask?: string;
}
interface Task {
  label: string;
  type: string;
  script?: string;
  command?: string;
  args?: string[];
}

const read = async (file: string) => JSON.parse(await readFile(file, 'utf8'));
const { configurations }: { configurations: Configuration[] } = await read('.vscode/launch.json');
const { tasks }: { tasks: Task[] } = await read('.vscode/tasks.json');

/** The paths in the workspace that a configuration names, relative to it. */
const named = (configuration: Configuration): string[] =>
  [...JSON.stringify(configuration).matchAll(/\$\{workspaceFolder\}\/([^"*]+)/g)].map(([, file = '']) => file);
const PREPARED = path.posix.join('.vscode-test', 'host');

describe('.vscode/launch.json', () => {
  it('names files that are in the repository, or that its task before makes', () => {
    for (const configuration of configurations) {
      for (const file of named(configuration)) {
        const isMade = configuration.preLaunchTask !== undefined && /^(dist|\.vscode-test)\//.test(file);
        assert.ok(isMade || existsSync(file), `${configuration.name}: ${file}`);
      }
    }
  });

  it('runs tasks that exist, and these run scripts that exist', async () => {
    const { scripts } = await read('package.json');
    for (const { name, preLaunchTask } of configurations) {
      if (preLaunchTask === undefined) continue;
      const task = tasks.find(({ label }) => label === preLaunchTask) ?? assert.fail(`${name}: ${preLaunchTask}`);
      if (task.type === 'npm') assert.ok(task.script !== undefined && task.script in scripts, task.label);
      else assert.ok(task.command === 'node' && existsSync(task.args?.[0] ?? ''), task.label);
    }
  });

  it('runs the extension-host suites where its task prepares them', () => {
    const suites = configurations.find(({ name }) => name === 'Extension-Host Suites') ?? assert.fail();
    const task = tasks.find(({ label }) => label === suites.preLaunchTask);
    assert.equal(task?.args?.[1], PREPARED);
    for (const file of named(suites)) assert.ok(file.startsWith(PREPARED), file);
  });

  it("runs Python's tests as npm test does", async () => {
    const { module, args } = configurations.find(({ type }) => type === 'debugpy') ?? assert.fail();
    assert.deepEqual([module, ...(args ?? [])], ['unittest', 'discover', '-s', 'test/dispatcher/python']);
    assert.ok(existsSync('test/dispatcher/python'));
  });
});
