import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { calleesOf } from '../../../src/extension/create/callees.ts';
import type { TaskRow } from '../../../src/extension/setup/rows.ts';
import { contextOf } from '../../../src/extension/setup/rows.ts';
import { folderFixture, taskFixture } from '../../support/views.ts';

const manifest = JSON.parse(await readFile('package.json', 'utf8'));
const items: { command: string; when: string; group: string }[] = manifest.contributes.menus['view/item/context'];

/** The buttons of a row, by what package.json says of its tokens. */
function buttons(row: Pick<TaskRow, 'folder' | 'task' | 'state'>): string[] {
  const tokens = contextOf(row);
  const holds = (term: string): boolean => {
    const [, not, pattern] = /^(!\()?viewItem =~ \/(.*)\/\)?$/.exec(term) ?? [];
    return pattern === undefined || new RegExp(pattern).test(tokens) === (not === undefined);
  };
  return items
    .filter(({ group, when }) => group.startsWith('inline') && when.split(' && ').every(holds))
    .map(({ command }) => command.split('.').at(-1) ?? '');
}

test('a row offers what can be done with it', () => {
  const folder = folderFixture('a');
  const task = taskFixture('a');
  for (const [row, offered] of [
    [{ folder, task, state: 'ready' }, ['deploy', 'invoke', 'showLogs']],
    [{ folder: undefined, task, state: 'crash-loop' }, ['invoke', 'showLogs']],
    [{ folder, task, state: 'error' }, ['deploy', 'invoke', 'showLogs']],
    [{ folder, task: undefined, state: 'not-deployed' }, ['deploy', 'invoke']],
    [{ folder, task: undefined, state: 'error' }, ['deploy']],
    [{ folder, task: undefined, state: 'deploying' }, ['cancelDeploy']],
  ] as const) {
    assert.deepEqual(buttons(row), offered, `${row.state} ${row.task ? 'deployed' : ''}`);
  }
});

test('what can be called comes once, deployed Tasks first, and nothing that no Task can be called', () => {
  const row = (name: string, deployed: boolean): Pick<TaskRow, 'name' | 'task'> => ({
    name,
    task: deployed ? taskFixture(name) : undefined,
  });
  const rows = [
    row('My Task', false),
    row('b', false),
    row('z', true),
    row('a', false),
    row('c', true),
    row('c', false),
  ];
  assert.deepEqual(
    calleesOf(rows).map(({ name, deployed }) => `${name} ${deployed}`),
    ['c true', 'z true', 'a false', 'b false'],
  );
});
