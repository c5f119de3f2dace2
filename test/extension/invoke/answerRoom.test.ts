import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fitting } from '../../../src/extension/invoke/fitLenses.ts';
import { type EditorLayout, withGroupBelow } from '../../../src/extension/invoke/gridBelow.ts';

describe('the line above an answer', () => {
  const titles = ['$(pass) 200 OK · 12.3 ms', 'Logs: 1', 'Calls: 2 local', 'Headers', 'Save'];
  it('has as many lenses as fit, the important ones first', () => {
    for (const [room, count] of [
      [10, 1],
      [30, 1],
      [40, 2],
      [60, 3],
      [100, 5],
    ] as const) {
      assert.equal(fitting(titles, room, 'More...'), count, `${room} characters`);
      const shown = [...titles.slice(0, count), 'More...'].join(' | ').replace('$(pass)', '  ');
      if (count > 1) assert.ok(shown.length <= room, shown);
    }
  });
});

describe('an editor group below all others', () => {
  const leaves = ({ groups }: { groups?: EditorLayout['groups'] }): number =>
    groups === undefined ? 1 : groups.reduce((sum, group) => sum + leaves(group), 0);
  for (const [name, layout, expected] of [
    ['one group', { orientation: 0, groups: [{}] }, { orientation: 1, groups: [{ size: 0.5 }, { size: 0.5 }] }],
    [
      'two side by side',
      { orientation: 0, groups: [{ size: 3 }, { size: 4 }] },
      { orientation: 1, groups: [{ groups: [{ size: 3 }, { size: 4 }], size: 0.5 }, { size: 0.5 }] },
    ],
    [
      'one below the other',
      { orientation: 1, groups: [{ size: 3 }, { groups: [{}, {}] }] },
      { orientation: 1, groups: [{ size: 1 / 3 }, { groups: [{}, {}], size: 1 / 3 }, { size: 1 / 3 }] },
    ],
  ] as [string, EditorLayout, EditorLayout][]) {
    it(`is added to ${name}, as the last one`, () => {
      const below = withGroupBelow(layout);
      assert.deepEqual(below, expected);
      assert.equal(leaves(below), leaves(layout) + 1);
    });
  }
});
