import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupsOf, newGroups } from '../../../src/extension/setup/newGroups.ts';
import { type Row, rowsOf } from '../../../src/extension/setup/rows.ts';
import { folderFixture, taskFixture } from '../../support/views.ts';

const rows = (...groups: string[][]): Row[] =>
  rowsOf({
    folders: [folderFixture('waiting')],
    tasks: new Map(groups.flatMap((group) => group.map((name) => [name, taskFixture(name, { group })]))),
    deploys: new Map(),
    errors: new Map(),
    folderErrors: new Map(),
  });

test('the groups that a change has made are those that were not there before', () => {
  for (const [before, after, announced] of [
    [rows(['a'], ['b']), rows(['a', 'b']), [['a', 'b']]],
    [rows(['a', 'b'], ['c']), rows(['a', 'b', 'c']), [['a', 'b', 'c']]],
    [rows(['a', 'b']), rows(['a'], ['b']), []],
    [rows(['a', 'b'], ['c'], ['d']), rows(['a', 'b'], ['c', 'd']), [['c', 'd']]],
  ] as const)
    assert.deepEqual(newGroups(groupsOf(before), after), announced);
});
