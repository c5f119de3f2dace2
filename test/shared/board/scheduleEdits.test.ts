import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readScheduleDocument } from '../../../src/shared/board/scheduleDocument.ts';
import { editSchedule, type GroupRef, type ScheduleEdit } from '../../../src/shared/board/scheduleEdits.ts';
import { applyEdits } from '../../../src/shared/board/textEdit.ts';

type Entries = [key: string, groups: string[][]][];

const entriesOf = (text: string): Entries => {
  const document = readScheduleDocument(text);
  assert.ok(!document.isBroken, text);
  return document.entries.map(({ key, groups = [] }) => [key, groups.map(({ tasks }) => [...tasks])]);
};

const edited = (text: string, edit: ScheduleEdit): string => applyEdits(text, editSchedule(text, edit));

const TEXT = `{
  "40": [["a", "b"], ["c"]],
  "3": [
    ["a"],
    ["b", "c"]
  ]
}
`;
const FORTY = { key: '40', nth: 0 };
const THREE = { key: '3', nth: 0 };

/** The lines that an edit changes, as a diff has them. */
function diff(text: string, edit: ScheduleEdit): string[] {
  const [before, after] = [text.split('\n'), edited(text, edit).split('\n')];
  const gone = before.filter((line) => !after.includes(line)).map((line) => `-${line}`);
  return [...gone, ...after.filter((line) => !before.includes(line)).map((line) => `+${line}`)];
}

describe('an edit on the board changes only its own characters', () => {
  for (const [name, edit, lines] of [
    ['a new entry', { kind: 'addEntry', second: 10 }, ['-  "40": [["a", "b"], ["c"]],', '+  "10": [],']],
    ['a last entry', { kind: 'addEntry', second: 99 }, ['-  ]', '+  ],', '+  "99": []']],
    [
      'another second',
      { kind: 'moveEntry', entry: FORTY, second: 41 },
      ['-  "40": [["a", "b"], ["c"]],', '+  "41": [["a", "b"], ["c"]],'],
    ],
    [
      'a Task to another group',
      { kind: 'moveTask', entry: THREE, task: 'a', to: { index: 1, tasks: ['b', 'c'] } },
      ['-    ["a"],', '-    ["b", "c"]', '+    ["b", "c", "a"]'],
    ],
    [
      'a Task to a group of its own',
      { kind: 'moveTask', entry: THREE, task: 'c', to: 'new' },
      ['-    ["b", "c"]', '+    ["b"],', '+    ["c"]'],
    ],
    [
      'a Task out of the entry',
      { kind: 'moveTask', entry: FORTY, task: 'c', to: 'none' },
      ['-  "40": [["a", "b"], ["c"]],', '+  "40": [["a", "b"]],'],
    ],
    [
      'groups that are joined',
      {
        kind: 'joinGroups',
        entry: THREE,
        into: { index: 0, tasks: ['a'] },
        from: { index: 1, tasks: ['b', 'c'] },
      },
      ['-    ["a"],', '-    ["b", "c"]', '+    ["a", "b", "c"]'],
    ],
    [
      'a group that is split',
      { kind: 'splitGroup', entry: THREE, group: { index: 1, tasks: ['b', 'c'] } },
      ['-    ["b", "c"]', '+    ["b"],', '+    ["c"]'],
    ],
  ] as const satisfies readonly (readonly [string, ScheduleEdit, readonly string[]])[])
    it(name, () => {
      // A new entry before others shows as a new line alone.
      const expected = name === 'a new entry' ? ['+  "10": [],'] : lines;
      assert.deepEqual(diff(TEXT, edit), expected);
    });

  it('an entry that is deleted, and one that is copied', () => {
    assert.equal(edited(TEXT, { kind: 'deleteEntry', entry: THREE }), '{\n  "40": [["a", "b"], ["c"]]\n}\n');
    const copied = edited(TEXT, { kind: 'duplicateEntry', entry: THREE, second: 39 });
    assert.deepEqual(Object.keys(JSON.parse(copied)), ['3', '39', '40']);
    assert.ok(copied.startsWith('{\n  "39": [\n    ["a"],\n    ["b", "c"]\n  ],\n  "40": '));
  });

  it('an empty file and an empty object get their first entry', () => {
    assert.equal(edited('', { kind: 'addEntry', second: 0 }), '{\n  "0": []\n}\n');
    assert.equal(edited('{}', { kind: 'addEntry', second: 0 }), '{\n  "0": []\n}');
    assert.equal(edited('{}\r\n', { kind: 'addEntry', second: 5 }), '{\r\n  "5": []\r\n}\r\n');
  });
});

describe('an edit is refused with a reason', () => {
  for (const [text, edit, reason] of [
    ['{"1": [}', { kind: 'addEntry', second: 2 }, /Line 1 is not valid JSON/],
    ['[]', { kind: 'addEntry', second: 2 }, /A schedule is an object/],
    [TEXT, { kind: 'addEntry', second: 40 }, /has an entry for second 40 already/],
    [TEXT, { kind: 'addEntry', second: -1 }, /whole number from 0/],
    [TEXT, { kind: 'moveEntry', entry: THREE, second: 1e9 }, /whole number from 0/],
    [TEXT, { kind: 'deleteEntry', entry: { key: '7', nth: 0 } }, /The entry 7 is not there any more/],
    [
      TEXT,
      { kind: 'splitGroup', entry: THREE, group: { index: 0, tasks: ['a', 'b'] } },
      /The group a \+ b is not in the entry 3 any more/,
    ],
    [
      '{"1": ["a"]}',
      { kind: 'moveTask', entry: { key: '1', nth: 0 }, task: 'b', to: 'new' },
      /no list of Fusion Groups/,
    ],
  ] as const satisfies readonly (readonly [string, ScheduleEdit, RegExp])[])
    it(String(reason), () => assert.throws(() => editSchedule(text, edit), reason));
});

it('a group is found by its Tasks where others were added before it', () => {
  const group: GroupRef = { index: 0, tasks: ['b', 'c'] };
  assert.match(edited(TEXT, { kind: 'splitGroup', entry: THREE, group }), /\["b"\],\n {4}\["c"\]/);
});

const NAMES = ['a', 'b', 'c', 'd', 'e'];
const groups = fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 5 }).chain((names) =>
  fc.array(fc.nat(4), { minLength: names.length, maxLength: names.length }).map((places) => {
    const found: string[][] = [[], [], [], [], []];
    for (const [index, name] of names.entries()) found[places[index] ?? 0]?.push(name);
    return found.filter(({ length }) => length > 0);
  }),
);
const entries = fc.array(fc.tuple(fc.nat(9).map(String), groups), { maxLength: 5 });

/** A text with these entries, also repeated keys, in one of several forms. */
const written = fc
  .tuple(entries, fc.constantFrom('compact', 'line', 'lines', 'tabs', 'all'), fc.constantFrom('\n', '\r\n'))
  .map(([list, form, lineEnd]) => {
    const text = list.map(
      ([key, value]) => `${JSON.stringify(key)}:${form === 'compact' ? '' : ' '}${shown(value, form)}`,
    );
    if (form === 'compact') return `{${text.join(',')}}`;
    const indent = form === 'tabs' ? '\t' : '  ';
    if (form === 'line' || text.length === 0) return `{ ${text.join(', ')} }`;
    return `{\n${text.map((one) => indent + one).join(',\n')}\n}\n`.replaceAll('\n', lineEnd);
  });

function shown(value: string[][], form: string): string {
  if (form === 'compact') return JSON.stringify(value);
  if (form === 'all') return JSON.stringify(value, undefined, 2).replaceAll('\n', '\n  ');
  const parts = value.map((group) => `[${group.map((name) => JSON.stringify(name)).join(', ')}]`);
  return form === 'lines' && parts.length > 0 ? `[\n    ${parts.join(',\n    ')}\n  ]` : `[${parts.join(', ')}]`;
}

/** Numbers that choose an edit of what the text then has. */
const choices = fc.array(fc.tuple(fc.nat(6), fc.nat(99), fc.nat(99), fc.nat(99), fc.constantFrom(...NAMES)), {
  minLength: 1,
  maxLength: 12,
});

const pick = <T>(list: readonly T[], number: number): T | undefined => list[number % Math.max(1, list.length)];

function chosen(list: Entries, [kind, one, two, three, task]: [number, number, number, number, string]): ScheduleEdit {
  const at = one % Math.max(1, list.length);
  const [key = '0', has = []] = list[at] ?? [];
  const entry = { key, nth: list.slice(0, at).filter(([other]) => other === key).length };
  const group = (number: number): GroupRef => {
    const index = number % Math.max(1, has.length);
    return { index, tasks: has[index] ?? [] };
  };
  const second = two % 12;
  const to = pick(['new', 'none', group(two), group(three)] as const, two + three) ?? 'new';
  const kinds: ScheduleEdit[] = [
    { kind: 'addEntry', second },
    { kind: 'moveEntry', entry, second },
    { kind: 'duplicateEntry', entry, second },
    { kind: 'deleteEntry', entry },
    { kind: 'moveTask', entry, task, to },
    { kind: 'joinGroups', entry, into: group(two), from: group(three) },
    { kind: 'splitGroup', entry, group: group(two) },
  ];
  return kinds[kind] ?? { kind: 'addEntry', second };
}

/** What the edit means; undefined where it is refused. */
function expected(list: Entries, edit: ScheduleEdit): Entries | undefined {
  const copy = structuredClone(list);
  const at = 'entry' in edit ? findEntry(list, edit.entry) : -1;
  if ('entry' in edit && at < 0) return undefined;
  const taken = 'second' in edit && list.some(([key]) => key === String(edit.second));
  const isSame = edit.kind === 'moveEntry' && edit.entry.key === String(edit.second);
  if (taken && !isSame) return undefined;
  const has = copy[at]?.[1] ?? [];
  const insert = (second: number, value: string[][]): void => {
    const later = list.findIndex(([key]) => Number(key) > second);
    copy.splice(later < 0 ? copy.length : later, 0, [String(second), value]);
  };
  const put = (value: string[][]): Entries => copy.map((one, index) => (index === at ? [one[0], value] : one));
  switch (edit.kind) {
    case 'addEntry':
      insert(edit.second, []);
      return copy;
    case 'duplicateEntry':
      insert(edit.second, has);
      return copy;
    case 'moveEntry':
      return copy.map((one, index) => (index === at ? [String(edit.second), one[1]] : one));
    case 'deleteEntry':
      return copy.filter((_, index) => index !== at);
    case 'moveTask': {
      const { task, to } = edit;
      if (typeof to !== 'string' && has[to.index] === undefined) return undefined;
      if (to === 'new' && has.some((group) => group.length === 1 && group[0] === task)) return copy;
      const next = has.map((group, index) => {
        if (typeof to !== 'string' && index === to.index) return group.includes(task) ? group : [...group, task];
        return group.filter((name) => name !== task);
      });
      const kept = next.filter((group, index) => group.length > 0 || has[index]?.length === 0);
      return put(to === 'new' ? [...kept, [task]] : kept);
    }
    case 'joinGroups': {
      const [into, from] = [has[edit.into.index], has[edit.from.index]];
      if (into === undefined || from === undefined) return undefined;
      if (edit.into.index === edit.from.index) return copy;
      const next = has.map((group, index) => (index === edit.into.index ? [...group, ...from] : group));
      return put(next.filter((_, index) => index !== edit.from.index));
    }
    case 'splitGroup':
      return has[edit.group.index] === undefined
        ? undefined
        : put(has.flatMap((group, index) => (index === edit.group.index ? group.map((name) => [name]) : [group])));
  }
}

const findEntry = (list: Entries, { key, nth }: { key: string; nth: number }): number => {
  const places = list.flatMap(([other], index) => (other === key ? [index] : []));
  return places[nth] ?? -1;
};

it('any edits of any schedule mean what the board shows, and keep the texts of the other entries', () => {
  fc.assert(
    fc.property(written, choices, (start, numbers) => {
      let text = start;
      for (const choice of numbers) {
        const before = entriesOf(text);
        const edit = chosen(before, choice);
        const after = expected(before, edit);
        if (after === undefined) {
          assert.throws(() => editSchedule(text, edit), { name: 'FusionizerError' });
          continue;
        }
        const next = edited(text, edit);
        assert.deepEqual(entriesOf(next), after, `${JSON.stringify(edit)}\n${text}\n${next}`);
        const at = 'entry' in edit ? findEntry(before, edit.entry) : -1;
        textsOf(text).forEach((one, index) => {
          if (index !== at) assert.ok(next.includes(one), `${one} is still in ${next}`);
        });
        assert.equal(next.includes('\r\n'), text.includes('\r\n'));
        text = next;
      }
    }),
    { numRuns: 500 },
  );
});

/** The text of each entry. */
function textsOf(text: string): string[] {
  const document = readScheduleDocument(text);
  return document.isBroken ? [] : document.entries.map(({ offset, length }) => text.slice(offset, offset + length));
}
