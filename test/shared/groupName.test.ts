import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupName } from '../../src/shared/groupName.ts';

test("a group's name is shortened in the middle, so that its ends and its size can be read", () => {
  for (const [names, expected] of [
    [['taska', 'taskb'], 'taska + taskb'],
    [['alert', 'energy', 'weather'], 'alert + energy + weather'],
    [['alert', 'energy', 'weather', 'warehouse'], 'alert + … + warehouse'],
    [['collect-measurements', 'analyse', 'b', 'publish-results'], 'colle…ents + … + publi…sults'],
    [['a', 'calculate-sensitivity-of-all'], 'a + calculate-se…vity-of-all'],
    [['calculate-sensitivity-of-all', 'a'], 'calculate-se…vity-of-all + a'],
  ] as const) {
    assert.equal(groupName(names), expected);
    assert.ok(groupName(names).length <= 28, expected);
  }
  const two = groupName(['calculate-sensitivity-of-all', 'measure-sensitivity-of-all']);
  assert.match(two, /^calc.*…all \+ meas.*…all$|^calc.*…\S+ \+ meas.*…\S+$/);
  assert.equal(two.length, 28);
});
