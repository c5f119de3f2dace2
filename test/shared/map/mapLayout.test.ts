import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Box, layoutAll, type MapLayout, type Placeable } from '../../../src/shared/map/mapLayout.ts';
import { layoutNext } from '../../../src/shared/map/mapPlaces.ts';

const overlap = (one: Box, other: Box): boolean =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;
const within = (inner: Box, outer: Box): boolean =>
  inner.x >= outer.x - 0.01 &&
  inner.y >= outer.y - 0.01 &&
  inner.x + inner.width <= outer.x + outer.width + 0.01 &&
  inner.y + inner.height <= outer.y + outer.height + 0.01;

/** Each Task is on the map once and inside its group, and nothing lies on anything else. */
function checkSound({ groups, tasks }: MapLayout, wanted: Placeable): void {
  assert.deepEqual(
    groups.map((group) => [...group.tasks]),
    wanted.groups.map((group) => [...group]),
  );
  assert.deepEqual(Object.keys(tasks).sort(), wanted.groups.flat().sort());
  groups.forEach((group, index) => {
    const boxes = group.tasks.map((name) => tasks[name] ?? assert.fail(`${name} has no place`));
    boxes.forEach((box, nth) => {
      assert.ok(within(box, group.box), `${group.tasks[nth]} sticks out`);
      for (const other of boxes.slice(nth + 1)) assert.ok(!overlap(box, other), `Tasks of ${group.tasks} overlap`);
    });
    assert.ok(group.box.x >= 0 && group.box.y >= 0, 'outside of the map');
    for (const other of groups.slice(index + 1))
      assert.ok(!overlap(group.box, other.box), `${group.tasks} and ${other.tasks} overlap`);
  });
}

/** Any setup of up to 12 Tasks, with any calls. */
const placeable = fc
  .array(fc.record({ group: fc.nat(6), there: fc.boolean() }), { minLength: 1, maxLength: 12 })
  .chain((places) => {
    const names = places.map((_, index) => `task${'x'.repeat((index * 7) % 30)}${index}`);
    const groups = Array.from({ length: 7 }, (_, group) =>
      names.filter((_, index) => places[index]?.there !== false && places[index]?.group === group),
    ).filter((group) => group.length > 0);
    const task = fc.constantFrom(...names);
    return fc.array(fc.tuple(task, task), { maxLength: 20 }).map((edges): Placeable => ({ groups, edges }));
  });

const key = (group: readonly string[]): string => [...group].sort().join();

describe('the layout of the map', () => {
  it('has every Task once, inside its group, and nothing on anything else', () => {
    fc.assert(fc.property(placeable, (what) => checkSound(layoutAll(what), what)));
  });

  it('stays sound over any changes, and groups that did not change keep their places', () => {
    fc.assert(
      fc.property(fc.array(placeable, { minLength: 2, maxLength: 6 }), ([first, ...others]) => {
        let layout = layoutAll(first ?? assert.fail());
        for (const next of others) {
          const before = layout;
          layout = layoutNext(before, next);
          checkSound(layout, next);
          const places = new Map(layout.groups.map((group) => [key(group.tasks), group]));
          for (const group of before.groups) {
            const same = places.get(key(group.tasks));
            if (same === undefined) continue;
            assert.deepEqual(same.box, group.box);
            for (const name of group.tasks) assert.deepEqual(layout.tasks[name], before.tasks[name]);
          }
        }
      }),
    );
  });

  it('does not depend on anything but what is shown', () => {
    fc.assert(
      fc.property(placeable, placeable, (one, other) => {
        assert.deepEqual(layoutAll(one), layoutAll(one));
        assert.deepEqual(layoutNext(layoutAll(one), other), layoutNext(layoutAll(one), other));
      }),
    );
  });

  it('has callers to the left of what they call, and Tasks without calls in rows below', () => {
    const singles = Array.from({ length: 20 }, (_, index) => [`single${index}`]);
    const { groups, tasks } = layoutAll({
      groups: [['c'], ['b', 'd'], ['a'], ...singles],
      edges: [
        ['a', 'b'],
        ['b', 'd'],
        ['b', 'c'],
      ],
    });
    const [c, group, a] = groups.map(({ box }) => box);
    assert.ok((a?.x ?? 0) < (group?.x ?? 0) && (group?.x ?? 0) < (c?.x ?? 0));
    assert.ok((tasks['b']?.x ?? 0) < (tasks['d']?.x ?? 0));
    const rows = new Set(groups.slice(3).map(({ box }) => box.y));
    assert.ok(rows.size > 1 && rows.size < 5, `${rows.size} rows`);
    assert.ok(Math.min(...rows) > Math.max(...groups.slice(0, 3).map(({ box }) => box.y + box.height)));
  });

  it('keeps the Tasks that stay in a group where they are when another one leaves or joins', () => {
    const edges: Placeable['edges'] = [
      ['a', 'b'],
      ['b', 'c'],
    ];
    const whole = layoutAll({ groups: [['a', 'b', 'c'], ['d']], edges });
    const split = layoutNext(whole, { groups: [['a', 'b'], ['c'], ['d']], edges });
    for (const name of ['a', 'b', 'd']) assert.deepEqual(split.tasks[name], whole.tasks[name]);
    const joined = layoutNext(split, { groups: [['a', 'b', 'd'], ['c']], edges });
    for (const name of ['a', 'b', 'c']) assert.deepEqual(joined.tasks[name], split.tasks[name]);
  });

  it('puts a Task that was dragged out where it was dropped, if there is room', () => {
    const whole = layoutAll({ groups: [['a', 'b']], edges: [['a', 'b']] });
    const split = layoutNext(whole, { groups: [['a'], ['b']], edges: [] }, { b: { x: 700, y: 300 } });
    assert.deepEqual([split.tasks['b']?.x, split.tasks['b']?.y], [700, 300]);
  });

  it('is sound with 100 Tasks and 300 calls', () => {
    const names = Array.from({ length: 100 }, (_, index) => `task-${index}`);
    const groups = Array.from({ length: 50 }, (_, index) => names.slice(2 * index, 2 * index + 2));
    const edges = Array.from({ length: 300 }, (_, n): [string, string] => [
      names[n % 100] ?? '',
      names[(n * 37 + 11) % 100] ?? '',
    ]);
    checkSound(layoutAll({ groups, edges }), { groups, edges });
  });
});
