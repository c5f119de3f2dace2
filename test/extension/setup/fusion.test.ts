import assert from 'node:assert/strict';
import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import {
  conflictOf,
  type Outcome,
  outcomeOfFuse,
  outcomeOfSplit,
  piecesFor,
} from '../../../src/extension/setup/fusion.ts';
import { type SetupChange, SetupHistory } from '../../../src/extension/setup/setupHistory.ts';
import { undoOf } from '../../../src/extension/setup/undoOf.ts';
import { formatGroup, formatGroups } from '../../../src/shared/setup.ts';
import type { Setup } from '../../../src/shared/setupApi.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { taskFixture } from '../../support/views.ts';

/** Tasks of a setup such as `a + b | c`. Names with `n` are Node.js, those with digits name a version of Python. */
const runtimeOf = (name: string): string =>
  name.startsWith('n') ? 'nodejs' : /\d/.test(name) ? `python:3.${name.slice(1)}` : 'python';
const groupsIn = (text: string): Setup => text.split(' | ').map((group) => group.split(' + '));
const tasksOf = (text: string) =>
  groupsIn(text).flatMap((group) => group.map((name) => taskFixture(name, { group, runtime: runtimeOf(name) })));
const written = (outcome: Outcome | undefined): string =>
  outcome === undefined ? 'nothing' : `${formatGroups(outcome.made)} leaves ${formatGroups(outcome.left) || '-'}`;

describe('fusing', () => {
  for (const [setup, chosen, expected] of [
    ['a | b | c', 'a b', 'a + b leaves -'],
    ['a | b | c', 'a b c', 'a + b + c leaves -'],
    ['a + b | c', 'a c', 'a + c leaves b'],
    ['a + b | c', 'a b c', 'a + b + c leaves -'],
    ['a + b | c + d', 'a c', 'a + c leaves b | d'],
    ['a + b + e | c + d', 'e c d', 'c + d + e leaves a + b'],
    ['a + b | c + d', 'a b c d', 'a + b + c + d leaves -'],
    ['a + b + c', 'a b', 'a + b leaves c'],
    ['a + b | c', 'a b', 'nothing'],
    ['a + b | c', 'a', 'nothing'],
    ['a | b', '', 'nothing'],
  ] as const)
    it(`${chosen || 'nothing'} in ${setup} makes ${expected}`, () => {
      assert.equal(written(outcomeOfFuse(tasksOf(setup), chosen.split(' ').filter(Boolean))), expected);
    });

  it('keeps the order in which Tasks were chosen, and takes each once', () => {
    assert.deepEqual(outcomeOfFuse(tasksOf('a | b | c'), ['c', 'a', 'c'])?.made, [['c', 'a']]);
  });

  it('takes groups whose Tasks do not agree yet, while a change arrives', () => {
    const tasks = [taskFixture('a', { group: ['a', 'b'] }), taskFixture('b'), taskFixture('c', { group: ['c', 'z'] })];
    assert.equal(written(outcomeOfFuse(tasks, ['b', 'c'])), 'b + c leaves a');
  });
});

describe('splitting', () => {
  for (const [setup, chosen, expected] of [
    ['a + b | c', 'a', 'a leaves b'],
    ['a + b + c', 'a', 'a leaves b + c'],
    ['a + b + c', 'a c', 'a | c leaves b'],
    ['a + b + c | d', 'a b c', 'a | b | c leaves -'],
    ['a + b | c + d', 'a c', 'a | c leaves b | d'],
    ['a + b | c', 'c', 'nothing'],
    ['a + b | c', 'b c', 'b leaves a'],
  ] as const)
    it(`${chosen} in ${setup} makes ${expected}`, () => {
      assert.equal(written(outcomeOfSplit(tasksOf(setup), chosen.split(' '))), expected);
    });
});

describe('what is offered', () => {
  const offered = (setup: string, chosen = ''): string[] =>
    piecesFor(tasksOf(setup), chosen.split(' ').filter(Boolean)).map(({ names, within, runtime, outcome }) => {
      const place = within ? `, in ${formatGroup(within)}` : '';
      return `${formatGroup(names)} (${runtime}${place}) ${outcome ? written(outcome) : ''}`.trim();
    });

  it('has only what can go together with what was chosen, and says what it makes', () => {
    assert.deepEqual(offered('a + b | c | n1 | n2', 'c'), [
      'a + b (python) a + b + c leaves -',
      'a (python, in a + b) a + c leaves b',
      'b (python, in a + b) b + c leaves a',
    ]);
    assert.deepEqual(offered('a + b | c | n1 | n2', 'n1'), ['n2 (nodejs) n1 + n2 leaves -']);
    assert.deepEqual(offered('a + b | c', 'a b'), ['c (python) a + b + c leaves -']);
    assert.deepEqual(offered('a + b', 'a'), []);
    assert.deepEqual(offered('a + b | c', 'b c'), [
      'a + b (python) a + b + c leaves -',
      'a (python, in a + b) a + b + c leaves -',
    ]);
  });

  it('has at first only what has a partner', () => {
    assert.deepEqual(offered('a | b | n1'), ['a (python)', 'b (python)']);
    assert.deepEqual(offered('a | n1'), []);
    assert.deepEqual(offered('a + b | n1 + n2'), []);
    assert.deepEqual(offered('p9 | p11 | n1'), []);
    assert.deepEqual(offered('a + b + c').length, 3);
  });

  it('knows the version that a group names', () => {
    assert.deepEqual(
      offered('a + p9 | p11 | c', 'p11').map((line) => line.split(' ')[0]),
      ['a', 'c'],
    );
    assert.equal(offered('a + p9 | c', 'c')[0], 'a + p9 (python:3.9) a + c + p9 leaves -');
  });

  it('names the two that cannot run in one function', () => {
    const conflict = (setup: string): string =>
      (conflictOf(tasksOf(setup), groupsIn(setup).flat()) ?? []).map(({ name }) => name).join(' ');
    assert.deepEqual(['a | b', 'a | n1', 'a | p9', 'p9 | a | p11', 'n1 | n2', 'p9 | b | p9'].map(conflict), [
      '',
      'a n1',
      '',
      'p9 p11',
      '',
      '',
    ]);
  });
});

describe('undo', () => {
  const change = (before: string, after: string, more: Partial<SetupChange> = {}): SetupChange => ({
    says: '',
    before: groupsIn(before),
    after: groupsIn(after),
    waiting: [],
    server: 'http://here',
    ...more,
  });
  const undone = (one: SetupChange, now: string, deployed = 'a b c d e'): string => {
    const { groups, result, isOutdated } = undoOf(one, groupsIn(now), deployed.split(' '));
    const fused = formatGroups(result.filter(({ length }) => length > 1)) || 'apart';
    return [formatGroups(groups) || 'nothing', fused, ...(isOutdated ? ['outdated'] : [])].join('; ');
  };

  for (const [name, one, now, expected] of [
    ['a fusion', change('a | b | c', 'a + b | c'), 'c | b + a', 'a | b; apart'],
    [
      'a fusion that took from a group',
      change('a + b + c', 'a + d | b + c'),
      'a + d | b + c',
      'a + b + c | d; a + b + c',
    ],
    ['a split', change('a + b + c', 'a | b + c'), 'a | b + c', 'a + b + c; a + b + c'],
    ['a split of a group', change('a + b | c + d', 'c + d'), 'c + d', 'a + b; a + b | c + d'],
    ['a deploy meanwhile', change('a + b', 'a | b'), 'a | b | e', 'a + b; a + b'],
    ['a change of other groups', change('a | b', 'a + b'), 'a + b | c + d', 'a | b; c + d; outdated'],
    ['a change of the same groups', change('a | b', 'a + b'), 'a + b + c', 'a | b; apart; outdated'],
    ['what somebody undid', change('a | b', 'a + b'), 'a | b', 'nothing; apart; outdated'],
  ] as const)
    it(`of ${name} brings back the groups of before`, () => assert.equal(undone(one, now), expected));

  it('leaves out Tasks that were deleted meanwhile, but not those that waited before', () => {
    assert.equal(undone(change('a + b + z', 'a | b + z'), 'a | b', 'a b'), 'a + b; a + b; outdated');
    const waiting = change('a + z', 'a + b', { waiting: ['z'] });
    assert.equal(undone(waiting, 'a + b'), 'a + z | b; a + z');
  });

  it('goes back several changes, of this server only', async () => {
    const history = new SetupHistory(undefined);
    const [first, second] = [change('a | b', 'a + b'), change('a + b', 'a + b + c')];
    await history.add(first);
    await history.add(second);
    await history.add(change('a', 'a', { server: 'http://there' }));
    const here = (): Promise<SetupChange | undefined> => history.last('http://here');
    assert.equal(await here(), second);
    await history.remove(second);
    assert.equal(await here(), first);
    await history.remove(first);
    assert.equal(await here(), undefined);
  });

  it('goes back changes from before a reload of the window, 50 at most', async (t) => {
    const file = path.join(await temporaryFolder(t), 'storage', 'setupHistory.json');
    const says = (count: number): SetupChange => change('a | b', 'a + b', { says: String(count) });
    const before = new SetupHistory(file);
    await Promise.all(Array.from({ length: 60 }, (_, count) => before.add(says(count))));
    const after = new SetupHistory(file);
    let undone = 0;
    for (let last = await after.last('http://here'); last; last = await after.last('http://here')) {
      assert.deepEqual(last, says(59 - undone));
      await after.remove(last);
      undone += 1;
    }
    assert.equal(undone, 50);
    assert.equal(await new SetupHistory(file).last('http://here'), undefined, 'what was undone is not kept');
    await writeFile(file, '{"version": 1, "chan');
    assert.equal(await new SetupHistory(file).last('http://here'), undefined, 'a damaged file');
  });

  it('keeps no more of large setups than a reload can read at once', async (t) => {
    const file = path.join(await temporaryFolder(t), 'setupHistory.json');
    const history = new SetupHistory(file);
    const large = [Array.from({ length: 10_000 }, (_, count) => `task${count}${'x'.repeat(30)}`)];
    for (let count = 0; count < 5; count++) await history.add(change('a', 'a', { says: String(count), before: large }));
    assert.equal((await new SetupHistory(file).last('http://here'))?.says, '4');
    assert.ok((await stat(file)).size < 1_100_000);
  });
});
