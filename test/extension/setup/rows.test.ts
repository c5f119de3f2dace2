import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Row, type RowSources, rowsOf, type TaskFolder } from '../../../src/extension/setup/rows.ts';
import type { TaskView } from '../../../src/shared/api.ts';
import { folderFixture, taskFixture } from '../../support/views.ts';

function rows({
  folders = [],
  tasks = [],
  ...more
}: { folders?: TaskFolder[]; tasks?: TaskView[] } & Partial<
  Pick<RowSources, 'deploys' | 'errors' | 'folderErrors'>
>): Row[] {
  return rowsOf({
    folders,
    tasks: new Map(tasks.map((one) => [one.name, one])),
    deploys: new Map(),
    errors: new Map(),
    folderErrors: new Map(),
    ...more,
  });
}

/** Names and states, groups as lists. */
const shape = (list: readonly Row[]): unknown[] =>
  list.map((row) => (row.kind === 'group' ? row.tasks.map(({ name }) => name) : `${row.name} ${row.state}`));

describe('the rows of the tree', () => {
  it('are Fusion Groups, then single Tasks and folders by their names', () => {
    const list = rows({
      folders: [folderFixture('b2'), folderFixture('b')],
      tasks: [
        taskFixture('c'),
        taskFixture('b'),
        taskFixture('a2', { group: ['a2', 'a1'] }),
        taskFixture('a1', { group: ['a2', 'a1'] }),
      ],
    });
    assert.deepEqual(shape(list), [['a2', 'a1'], 'b ready', 'b2 not-deployed', 'c ready']);
  });

  it('join a folder and its deployed Task, by path and name', () => {
    const [row, ...others] = rows({ folders: [folderFixture('a')], tasks: [taskFixture('a')] });
    assert.equal(others.length, 0);
    assert.ok(row?.kind === 'task' && row.folder && row.task && !row.changed && row.named === 1);
  });

  it('mark what has changed since the deploy', () => {
    const [row] = rows({ folders: [folderFixture('a', '/work/a', { hash: 'b' })], tasks: [taskFixture('a')] });
    assert.ok(row?.kind === 'task' && row.changed);
    const [unknown] = rows({
      folders: [folderFixture('a', '/work/a', { hash: undefined })],
      tasks: [taskFixture('a')],
    });
    assert.ok(unknown?.kind === 'task' && !unknown.changed);
  });

  it('mark both folders of one name, and keep them apart', () => {
    const list = rows({ folders: [folderFixture('a', '/two/a'), folderFixture('a', '/one/a')] });
    assert.deepEqual(
      list.map((row) => row.kind === 'task' && [row.key, row.named]),
      [
        ['folder:/one/a', 2],
        ['folder:/two/a', 2],
      ],
    );
    const deployed = rows({
      folders: [folderFixture('a', '/one/a'), folderFixture('a', '/two/a')],
      tasks: [taskFixture('a', { source: '/two/a' })],
    });
    assert.deepEqual(
      deployed.map((row) => row.kind === 'task' && [row.key, row.folder?.path, row.named, row.state]),
      [
        ['folder:/one/a', '/one/a', 2, 'not-deployed'],
        ['task:a', '/two/a', 2, 'ready'],
      ],
    );
  });

  it('stay at their places while a Task is deployed, and after it', () => {
    const folders = ['c', 'a', 'b'].map((name) => folderFixture(name));
    const deploying = { folders, deploys: new Map([['c', { id: '1', stage: undefined }]]) };
    const keys = [{ folders }, deploying, { folders, tasks: [taskFixture('c')] }].map((sources) =>
      rows(sources).map(({ key }) => key),
    );
    assert.deepEqual(keys, Array(3).fill(['task:a', 'task:b', 'task:c']));
  });

  it('keep their key when a folder is deployed, so that the row stays where it is selected', () => {
    const [before] = rows({ folders: [folderFixture('a')] });
    const [after] = rows({ folders: [folderFixture('a')], tasks: [taskFixture('a')] });
    assert.equal(before?.key, after?.key);
  });

  it('show a deploy with its stage, and its failure', () => {
    const [deploying] = rows({
      folders: [folderFixture('a')],
      deploys: new Map([['a', { id: '1', stage: 'build' }]]),
      errors: new Map([['a', 'old']]),
    });
    assert.ok(deploying?.kind === 'task');
    assert.deepEqual([deploying.state, deploying.stage, deploying.operation], ['deploying', 'build', '1']);
    const [failed] = rows({ folders: [folderFixture('a')], errors: new Map([['a', 'why']]) });
    assert.ok(failed?.kind === 'task');
    assert.deepEqual([failed.state, failed.error], ['error', 'why']);
  });

  it('tell a worker that keeps ending from a failed deploy', () => {
    const [row] = rows({ tasks: [taskFixture('a', { state: 'crash-loop', lastError: 'x' })] });
    assert.ok(row?.kind === 'task');
    assert.equal(row.state, 'crash-loop');
  });

  it('tell a Task whose workers are all busy, unless it is being deployed', () => {
    const busy = taskFixture('a', { busySince: '2026-01-01T00:00:00.000Z', lastError: 'of an older deploy' });
    const [row] = rows({ tasks: [busy] });
    const [deploying] = rows({ tasks: [busy], deploys: new Map([['a', { id: '1', stage: 'start' }]]) });
    assert.deepEqual(
      [row, deploying].map((one) => one?.kind === 'task' && one.state),
      ['busy', 'deploying'],
    );
  });
});
