import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  groupOf,
  normalForm,
  patchSetup,
  targetGroups,
  waitingNames,
  withoutLoners,
  withoutName,
} from '../../src/shared/setup.ts';
import { type Setup, setupSchema } from '../../src/shared/setupApi.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

/** A partition of some of the names into groups. */
const setups = fc
  .tuple(fc.shuffledSubarray(NAMES), fc.array(fc.nat(3), { minLength: NAMES.length, maxLength: NAMES.length }))
  .map(
    ([names, groups]): Setup =>
      [0, 1, 2, 3]
        .map((group) => names.filter((_, index) => groups[index] === group))
        .filter((group) => group.length > 0),
  );
const deployed = fc.subarray(NAMES);

const isPartition = (setup: Setup): boolean => setupSchema.safeParse(setup).success;

describe('setups', () => {
  it('the target is a partition of exactly the deployed Tasks, whatever is desired', () => {
    fc.assert(
      fc.property(setups, deployed, (desired, names) => {
        const target = targetGroups(desired, names);
        assert.ok(isPartition(target));
        assert.deepEqual(target.flat().sort(), [...names].sort());
        assert.deepEqual(
          [...waitingNames(desired, names), ...desired.flat().filter((name) => names.includes(name))].sort(),
          desired.flat().sort(),
        );
      }),
    );
  });

  it('a patch makes its groups and does not bring other Tasks together', () => {
    fc.assert(
      fc.property(setups, setups, (setup, patch) => {
        const patched = patchSetup(setup, patch);
        assert.ok(isPartition(patched));
        for (const group of patch) assert.deepEqual(groupOf(patched, group[0] ?? ''), group);
        const moved = new Set(patch.flat());
        for (const name of setup.flat()) {
          if (!moved.has(name))
            assert.deepEqual(
              groupOf(patched, name),
              groupOf(setup, name).filter((other) => !moved.has(other)),
            );
        }
        assert.equal(normalForm(patchSetup(patched, patch)), normalForm(patched));
      }),
    );
  });

  it('without lone names that are not deployed, a setup means the same, and no name waits alone', () => {
    fc.assert(
      fc.property(setups, deployed, (desired, names) => {
        const left = withoutLoners(desired, names);
        assert.ok(isPartition(left));
        assert.equal(normalForm(left), normalForm(desired));
        for (const name of waitingNames(left, names)) assert.ok(groupOf(left, name).length > 1);
      }),
    );
  });

  it('without a name, all others stay together', () => {
    fc.assert(
      fc.property(setups, fc.constantFrom(...NAMES), (setup, name) => {
        const rest = withoutName(setup, name);
        assert.ok(isPartition(rest) && !rest.flat().includes(name));
        for (const other of rest.flat())
          assert.deepEqual(
            groupOf(rest, other),
            groupOf(setup, other).filter((one) => one !== name),
          );
      }),
    );
  });

  it('mean the same whatever the order, and with or without groups of one', () => {
    assert.equal(normalForm([['b', 'a'], ['c']]), normalForm([['a', 'b']]));
    assert.notEqual(
      normalForm([
        ['a', 'b'],
        ['c', 'd'],
      ]),
      normalForm([
        ['a', 'c'],
        ['b', 'd'],
      ]),
    );
  });
});
