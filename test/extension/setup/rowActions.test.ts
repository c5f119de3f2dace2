import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { calleesOf } from '../../../src/extension/create/callees.ts';
import { contextOf } from '../../../src/extension/setup/rowContext.ts';
import type { TaskRow } from '../../../src/extension/setup/rows.ts';
import { folderFixture, taskFixture } from '../../support/views.ts';
import { holds } from '../../support/whenClause.ts';

const manifest = JSON.parse(await readFile('package.json', 'utf8'));
const items: { command: string; when: string; group: string }[] = manifest.contributes.menus['view/item/context'];
const commands: { command: string; enablement?: string }[] = manifest.contributes.commands;

/** The buttons of a row from left to right, by what package.json says of its tokens. In brackets: greyed. */
function buttons(row: Pick<TaskRow, 'folder' | 'task' | 'state'>, isWorkspaceTrusted = true): string[] {
  const context = { view: 'fusionizer.setup', viewItem: contextOf(row), isWorkspaceTrusted };
  return items
    .filter(({ group, when }) => group.startsWith('inline') && holds(when, context))
    .sort((one, other) => (one.group < other.group ? -1 : 1))
    .map(({ command }) => {
      const name = command.split('.').at(-1) ?? '';
      return holds(commands.find((declared) => declared.command === command)?.enablement, context) ? name : `(${name})`;
    });
}

test('a row offers what can be done with it', () => {
  const folder = folderFixture('a');
  const task = taskFixture('a');
  for (const [row, offered] of [
    [{ folder, task, state: 'ready' }, ['showLogs', 'invoke', 'deploy']],
    [{ folder: undefined, task, state: 'crash-loop' }, ['showLogs', 'invoke']],
    [{ folder, task, state: 'error' }, ['showLogs', 'invoke', 'deploy']],
    [{ folder, task: undefined, state: 'not-deployed' }, ['invoke', 'deploy']],
    [{ folder, task: undefined, state: 'error' }, ['deploy']],
    [{ folder, task: undefined, state: 'deploying' }, ['cancelDeploy', '(showLogs)', '(invoke)', '(deploy)']],
    [{ folder, task, state: 'deploying' }, ['cancelDeploy', 'showLogs', 'invoke', '(deploy)']],
  ] as const) {
    assert.deepEqual(buttons(row), offered, `${row.state} ${row.task ? 'deployed' : ''}`);
  }
  assert.deepEqual(buttons({ folder, task: undefined, state: 'not-deployed' }, false), [], 'Restricted Mode');
});

test('no button turns into another one under the mouse while a Task is deployed', () => {
  const folder = folderFixture('a');
  const task = taskFixture('a');
  const states = [undefined, task].flatMap((deployed) =>
    (['not-deployed', 'deploying', 'ready', 'busy', 'crash-loop', 'unhealthy', 'error'] as const)
      .filter((state) => deployed !== undefined || ['not-deployed', 'deploying', 'error'].includes(state))
      .map((state) => buttons({ folder, task: deployed, state })),
  );
  // Buttons end at the right edge of the row, so their places count from there.
  const places = states.map((names) => names.map((name) => name.replace(/[()]/g, '')).reverse());
  for (const at of [0, 1, 2, 3])
    assert.equal(new Set(places.flatMap((names) => names[at] ?? [])).size, 1, `place ${at} of ${places.join(' / ')}`);
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
