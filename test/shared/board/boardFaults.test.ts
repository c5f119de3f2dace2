import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { boardChanges } from '../../../src/shared/board/boardChanges.ts';
import { boardFaults } from '../../../src/shared/board/boardFaults.ts';
import { type BoardEntry, readScheduleDocument } from '../../../src/shared/board/scheduleDocument.ts';

function entriesOf(text: string): readonly BoardEntry[] {
  const document = readScheduleDocument(text);
  assert.ok(!document.isBroken);
  return document.entries;
}

const KNOWN = [
  { name: 'a', runtime: 'python:3.11' },
  { name: 'b', runtime: 'python' },
  { name: 'c', runtime: 'nodejs' },
  { name: 'd', runtime: undefined },
];

describe('the faults of a schedule', () => {
  const faults = (text: string, known?: typeof KNOWN): string[] =>
    boardFaults(entriesOf(text), known).map(
      ({ kind, entry, group, task, severity }) => `${severity} ${kind} ${entry}/${group ?? ''}/${task ?? ''}`,
    );

  it('are at their entry, group and Task', () => {
    const text =
      '{"1": [["a", "b"], []], "x": [["a", "a"]], "1": [["Q"], ["nobody"]], "2": ["a"], "3": [["a", "c", "d"]]}';
    assert.deepEqual(faults(text, KNOWN), [
      'error unreachable 0//',
      'error empty-group 0/1/',
      'error bad-second 1//',
      'error task-twice 1/0/a',
      'error bad-name 2/0/Q',
      'warning unknown-task 2/1/nobody',
      'error bad-form 3//',
      'warning mixed-runtimes 4/0/',
    ]);
  });

  it('have no unknown Tasks where nobody knows which there are', () => {
    assert.deepEqual(faults('{"1": [["a", "nobody"]]}'), []);
  });

  it('are bounded', () => {
    assert.equal(faults(`{"1": [${Array(2000).fill('[]').join()}]}`).length, 500);
  });
});

describe('what an entry changes', () => {
  const changes = (text: string): string[] =>
    [...boardChanges(entriesOf(text))].map(
      ([index, { tasks, words }]) =>
        `${index}: ${[...tasks].map(([name, change]) => `${name} ${change}`).join(', ')} (${words})`,
    );

  it('is told against the entry before it in time, not in the text', () => {
    assert.deepEqual(changes('{"9": [["a"], ["b", "c"]], "3": [["a", "b"]], "12": [["c", "b"]]}'), [
      '1: a fused, b fused (fuses a + b)',
      '0: a split, b moved, c fused (fuses b + c; a runs by itself)',
      '2:  ()',
    ]);
  });

  it('leaves those unmarked who stay with some of their group', () => {
    assert.deepEqual(changes('{"0": [["a", "b"], ["c", "d"]], "1": [["a", "b", "c"]], "2": []}'), [
      '0: a fused, b fused, c fused, d fused (fuses a + b; fuses c + d)',
      '1: c moved, d split (fuses a + b + c; d runs by itself)',
      '2: a split, b split, c split (a, b, c run by themselves)',
    ]);
  });

  it('is nothing for entries that never count', () => {
    assert.deepEqual(changes('{"1": [["x", "y"]], "-1": [["a", "b"]], "1": [["a", "c"]]}'), [
      '2: a fused, c fused (fuses a + c)',
    ]);
  });
});
