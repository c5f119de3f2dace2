import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { scheduleMarks } from '../../../src/extension/schedule/scheduleMarks.ts';
import { placeIn, type Subject } from '../../../src/extension/schedule/schedulePlace.ts';
import { isSameState, scheduleStateOf, severityOf } from '../../../src/extension/schedule/scheduleState.ts';
import { parseSchedule } from '../../../src/shared/schedule.ts';
import type { ScheduleView } from '../../../src/shared/scheduleApi.ts';
import { scheduleFixture } from '../../support/views.ts';

const KNOWN = new Set(['taska', 'taskb', 'taskc']);
const RUNTIMES = new Map([...KNOWN].map((name): [string, string] => [name, 'python']));
const entries = parseSchedule('{"0": [["taska", "taskb"]], "40": [["taska", "taskx"]]}', 's.json');
const view = (more: Partial<ScheduleView> = {}): ScheduleView => ({ ...scheduleFixture(), entries, ...more });
const state = (more: Partial<ScheduleView> = {}, at = 1_000_000) => scheduleStateOf(view(more), at, KNOWN);

describe('what is marked in a schedule', () => {
  const marks = (text: string, options: Partial<Parameters<typeof scheduleMarks>[1]> = {}): string[] =>
    scheduleMarks(text, { hasSchema: false, isOpen: true, followed: undefined, known: RUNTIMES, ...options }).map(
      ({ offset, length, message, isError }) =>
        `${text.slice(offset, offset + length)} ${isError ? 'error' : 'warning'}: ${message}`,
    );

  it('is each fault at its own place; not what VS Code marks itself', () => {
    const text = '{"0": [["a"], ["a"]], "x": [], "5": [[]], "0": [["taska"], ["taska"]]}';
    const twice = ['"0" error: the entry "0" is there twice: keep one of them'];
    const named = [`"taska" error: entry "0": Task 'taska' is named twice: a Task belongs to one Fusion Group`];
    assert.deepEqual(marks(text, { hasSchema: true }), [...twice, ...named]);
    assert.equal(marks(text).length, 4);
    assert.deepEqual(marks('{"0": [}'), [], 'syntax');
    assert.deepEqual(marks('{"x": []}', { hasSchema: true }), [], 'the schema marks it');
  });

  it('is what VS Code marks only in an open file, where it is closed', () => {
    const closed = { isOpen: false, hasSchema: false };
    assert.deepEqual(marks('{"0": [["taska"]],]}', closed), [
      '] error: A key in double quotes is missing, or there is a comma too many',
    ]);
    const empty = [' error: The file is empty: a schedule without entries is {}'];
    assert.deepEqual([marks('', closed), marks(' \n', closed)], [empty, empty]);
    assert.deepEqual(marks('', { isOpen: true, hasSchema: true }), empty, 'VS Code says nothing of an empty text');
    assert.equal(marks('{"4": "taska", "x": [["taska", 7]]}', closed).length, 2);
  });

  it('is each name that no Task has, where it is', () => {
    assert.deepEqual(marks('{"0": [["taska", "taskbb"]],\n"40": [["other"], ["taskbb"]]}'), [
      `"taskbb" warning: No Task 'taskbb' is deployed, and no folder of this workspace has one. Did you mean 'taskb'?`,
      `"other" warning: No Task 'other' is deployed, and no folder of this workspace has one.`,
      `"taskbb" warning: No Task 'taskbb' is deployed, and no folder of this workspace has one. Did you mean 'taskb'?`,
    ]);
    assert.deepEqual(marks('{"0": [["other"]]}', { known: undefined }), []);
  });

  it('is each group that no function can run', () => {
    const known = new Map(RUNTIMES).set('web', 'nodejs').set('new', 'python:3.11');
    assert.deepEqual(marks('{"0": [["taska", "new"], ["taskb", "web"]]}', { known }), [
      '["taskb", "web"] warning: One function has one runtime, and these Tasks have python and nodejs: split the group',
    ]);
  });

  it('is the entry that could not be applied, until it is edited', () => {
    const followed = { entries, failed: [{ second: 40, reason: 'no luck' }] };
    const failed = ['"40" error: The entry of second 40 could not be applied: no luck'];
    const known = new Map(RUNTIMES).set('taskx', 'python:3.11');
    assert.deepEqual(marks('{"0": [],\n "40": [["taskx", "taska"]]}', { followed, known }), failed);
    assert.deepEqual(marks('{"0": [],\n "40": [["taskx"]]}', { followed, known }), []);
    assert.deepEqual(marks('{"0": []}', { followed, known }), []);
  });
});

describe('the place of a message about a schedule', () => {
  const place = (text: string, about: Subject): string => {
    const { offset, length } = placeIn(text, about);
    return `${offset} ${text.slice(offset, offset + length)}`;
  };

  it('is its first fault, its entry, or its name', () => {
    const text = '{"0": [["taska", "b"]],\n "40": [["b"]]}';
    assert.equal(place('{"0": [],\n "x": []}', 'fault'), '11 "x"');
    assert.equal(place('{"0": [}', 'fault'), '7 }');
    assert.equal(place(text, { second: 40 }), '25 "40"');
    assert.equal(place(text, { name: 'b' }), '17 "b"');
  });

  it('is the top of a text that does not have it any more, and never fails', () => {
    assert.equal(place('{"0": []}', 'fault'), '0 ');
    assert.equal(place('{"0": []}', { second: 40 }), '0 ');
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        for (const about of ['fault', { second: 0 }, { name: 'a' }] satisfies Subject[]) {
          const { offset, length } = placeIn(text, about);
          assert.ok(offset >= 0 && offset <= text.length && length >= 0);
        }
      }),
    );
  });
});

describe('what is shown of a schedule', () => {
  it('is nothing without one', () => {
    assert.equal(scheduleStateOf(scheduleFixture(), 0, KNOWN), undefined);
    assert.notEqual(scheduleStateOf({ ...scheduleFixture(), file: '/s.json' }, 0, KNOWN), undefined);
  });

  it('is the time of its next entry while it runs, and its second while it is paused', () => {
    const running = state({ clock: { state: 'running', seconds: 12.25 }, inForce: 0, next: 40 });
    assert.deepEqual([running?.isRunning, running?.inForce, running?.nextAt], [true, 0, 1_027_750]);
    const paused = state({ clock: { state: 'paused', seconds: 12.25 }, inForce: 0, next: 40 });
    assert.deepEqual([paused?.isRunning, paused?.second, paused?.nextAt], [false, 12, undefined]);
  });

  it('does not change by the second', () => {
    const at = (seconds: number, more: Partial<ScheduleView> = {}) =>
      state({ clock: { state: 'running', seconds }, next: 40, ...more }, 1_000_000 + seconds * 1000);
    assert.ok(isSameState(at(12), at(13.1)));
    assert.ok(!isSameState(at(12), at(12, { next: null })));
    assert.ok(!isSameState(at(12), at(12, { failed: [{ second: 0, reason: 'x' }] })));
    assert.ok(!isSameState(at(12), at(12, { clock: { state: 'paused', seconds: 12 } })));
    assert.ok(!isSameState(at(12), undefined));
  });

  it('says how serious it is', () => {
    const severity = (more: Partial<ScheduleView>): string => {
      const shown = state(more);
      return `${shown && severityOf(shown)} ${shown?.fault ?? '-'} ${shown?.unknown.join()}`;
    };
    const known = parseSchedule('{"0": [["taska"]]}', 's.json');
    const table: [more: Partial<ScheduleView>, expected: string][] = [
      [{ entries: known }, 'none - '],
      [{}, 'warning - taskx'],
      [{ entries: known, error: 's.json:1: wrong' }, 'error s.json:1: wrong '],
      [
        { entries: known, failed: [{ second: 0, reason: 'no luck' }], error: 'could not be applied: no luck' },
        'error - ',
      ],
    ];
    for (const [more, expected] of table) assert.equal(severity(more), expected);
  });
});
