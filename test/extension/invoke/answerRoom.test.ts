import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Answer, answerTitle } from '../../../src/extension/invoke/answer.ts';
import { fitting } from '../../../src/extension/invoke/fitLenses.ts';
import { type EditorLayout, withGroupBelow } from '../../../src/extension/invoke/gridBelow.ts';

describe('the line above an answer', () => {
  const titles = ['200 OK · 12 ms', 'Logs: 1', 'Calls: 2 local', 'Headers', 'Save'];
  it('has as many lenses as fit, the important ones first', () => {
    for (const [room, count] of [
      [10, 1],
      [33, 1],
      [40, 2],
      [52, 3],
      [100, 5],
    ] as const) {
      assert.equal(fitting(titles, room, 'More...'), count, `${room} characters`);
      const shown = [...titles.slice(0, count), 'More...'].join(' | ');
      if (count > 1) assert.ok(shown.length <= room, shown);
    }
  });
});

describe('the title of an answer', () => {
  const title = (status: number, statusText: string, room: number): string =>
    answerTitle({ status, statusText, duration: 12.34 } as Answer, room);
  it('has its reason rather than its time, in the room that there is', () => {
    for (const [status, reason, room, expected] of [
      [200, 'OK', 99, '200 OK · 12 ms'],
      [200, 'OK', 17, '200 OK · 12 ms'],
      [200, 'OK', 8, '200 OK'],
      [404, 'Not Found', 17, '404 Not Found'],
      [500, 'Internal Server Error', 26, '500 Internal Server Error'],
      [500, 'Internal Server Error', 21, '500 Internal Server…'],
      [500, 'Internal Server Error', 19, '500 Internal…'],
      [503, 'Service Unavailable', 14, '503 Service…'],
      [503, 'Service Unavailable', 13, '503 · 12 ms'],
      [500, 'Internal Server Error', 5, '500'],
      [299, '', 99, '299 · 12 ms'],
      [599, 'unknown', 99, '599 · 12 ms'],
    ] as const)
      assert.equal(title(status, reason, room), expected);
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
