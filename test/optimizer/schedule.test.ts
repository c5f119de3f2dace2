import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { OptimizerView } from '../../src/optimizer/optimizer.ts';
import { runOptimizer } from '../../src/optimizer/run.ts';
import { Clock } from '../../src/optimizer/schedule/clock.ts';
import { StaticOptimizer } from '../../src/optimizer/schedule/staticOptimizer.ts';
import { entryInForce, parseSchedule, toFile } from '../../src/shared/schedule.ts';
import { scheduleFaults } from '../../src/shared/scheduleFaults.ts';
import type { Setup } from '../../src/shared/setupApi.ts';
import { until } from '../support/until.ts';

describe('a schedule', () => {
  it('is read in order of its seconds, and written back as it was', () => {
    const file = { '120': [['a', 'c']], '60': [['a', 'b'], ['c']] };
    const entries = parseSchedule(JSON.stringify(file), 's.json');
    assert.deepEqual(
      entries.map((entry) => entry.second),
      [60, 120],
    );
    assert.deepEqual(toFile(entries), file);
  });

  it('that is wrong says where', () => {
    const cases: [text: string, expected: RegExp][] = [
      ['{"40": [["a"]', /s\.json is not valid JSON at line 1, column 14: Expected ',' or '\]' after array element$/],
      ['', /s\.json is not valid JSON: the file is empty/],
      [
        '{\n  "0": [}\n',
        /s\.json is not valid JSON at line 2, column 9: A value is missing, or there is a comma too many$/,
      ],
      ['{\n  "4": [["a", "b,]"]],\n}', /s\.json is not valid JSON at line 2, column 22: remove the comma, because/],
      ['{"4": [["a",]]}', /s\.json is not valid JSON at line 1, column 12: remove the comma/],
      ['{"4": ["hello", "caller"]}', /s\.json:1: entry "4": write \[\["hello", "caller"\]\]$/],
      ['{"4": "hello"}', /: entry "4": write \[\["hello"\]\]$/],
      ['{"4": [["a", "b"], "c"]}', /: entry "4": write \[\["a", "b"\], \["c"\]\]$/],
      ['{"4": ["A b", "c"]}', /: entry "4": a Fusion Group is a list of Task names/],
      ['{"4": 5}', /: entry "4": /],
      ['{\n  "1": [],\n  "-5": [["a"]]\n}', /s\.json:3: entry "-5".*whole seconds/],
      ['{"1.5": []}', /whole seconds/],
      ['{"99999999999": []}', /whole seconds/],
      ['{"5": [["a"], ["a"]]}', /entry "5".*'a' is named twice/],
      ['{"5": [[]]}', /entry "5".*empty/],
      ['{"5": [["A b"]]}', /entry "5".*"A b" is not a Task name/],
      ['[]', /a schedule is an object/],
      ['{\n  "1": [["a"]],\n  "1": []\n}', /s\.json:3: the entry "1" is there twice: keep one of them/],
      ['{"4\\u0030": [],\n"40" : []}', /s\.json:2: the entry "40" is there twice/],
    ];
    for (const [text, expected] of cases) assert.throws(() => parseSchedule(text, 's.json'), expected);
  });

  it('that has several faults has each of them at its own place', () => {
    const text = [
      '{',
      '  "0": [["a", "b"], ["b", "c"], ["c"]],',
      '  "x": [],',
      '  "9": ["a", "b"], "10": [["A b"], ["c"], []],',
      '  "0": [["\\u0061", "a", "d"], ["d"]]',
      '}',
    ].join('\n');
    const written = scheduleFaults(text).map(
      ({ message, offset, length }) =>
        `${text.slice(0, offset).split('\n').length} ${text.slice(offset, offset + length)}: ${message}`,
    );
    const twice = 'is named twice: a Task belongs to one Fusion Group';
    assert.deepEqual(
      written.map((line) => line.replace(/(whole seconds|Task name|is empty).*/, '$1')),
      [
        '3 "x": entry "x": a schedule entry is named by whole seconds',
        '4 ["a", "b"]: entry "9": write [["a", "b"]]',
        '4 "A b": entry "10": "A b" is not a Task name',
        '4 []: entry "10": a Fusion Group is empty',
        '5 "0": the entry "0" is there twice: keep one of them',
        `5 "a": entry "0": Task 'a' ${twice}`,
        `5 "d": entry "0": Task 'd' ${twice}`,
      ],
    );
    assert.throws(() => parseSchedule(text, 's.json'), {
      line: 3,
      message: /^s\.json:3: entry "x".*\ns\.json:4: entry "9".*\n.*\n.*\ns\.json:5: the entry "0" is there twice/,
    });
  });

  it('has in force the entry of the largest second that is not later than now', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(100), { maxLength: 8 }), fc.nat(110), (seconds, now) => {
        const entries = [...seconds].sort((a, b) => a - b).map((second) => ({ second, setup: [] }));
        const past = seconds.filter((second) => second <= now);
        assert.equal(entryInForce(entries, now)?.second, past.length > 0 ? Math.max(...past) : undefined);
      }),
    );
  });
});

/** A static optimizer on a clock that the test turns. */
function start(file: Record<string, Setup>): {
  optimizer: StaticOptimizer;
  applied: Setup[];
  turn(seconds: number): void;
  stop(): Promise<void>;
  fail(error: string): void;
} {
  let now = 0;
  let failure: string | undefined;
  const applied: Setup[] = [];
  const optimizer = new StaticOptimizer(parseSchedule(JSON.stringify(file), 's.json'), {
    file: null,
    clock: new Clock(() => now),
  });
  const controller = new AbortController();
  const view: OptimizerView = {
    signal: controller.signal,
    tasks: () => [],
    setup: () => [],
    traces: () => [],
    seconds: () => 0,
  };
  const running = runOptimizer(
    optimizer,
    view,
    async (setup) => {
      applied.push(setup);
      if (failure !== undefined) throw new Error(failure);
    },
    () => {},
  );
  return {
    optimizer,
    applied,
    turn: (seconds) => {
      now = seconds * 1000;
      optimizer.control('run');
    },
    fail: (error) => {
      failure = error;
    },
    stop: async () => {
      controller.abort();
      await running;
    },
  };
}

describe('the static optimizer', () => {
  it('applies each entry when it is due, once; a late one only if it is the newest', async () => {
    const { optimizer, applied, turn, stop } = start({
      '0': [['a']],
      '10': [['a', 'b']],
      '20': [['b', 'c']],
      '30': [['c', 'a']],
    });
    await until('the first setup', () => applied.length === 1);
    turn(10);
    await until('the second setup', () => applied.length === 2);
    turn(35);
    await until('the third setup', () => applied.length === 3);
    assert.deepEqual(applied, [[['a']], [['a', 'b']], [['c', 'a']]]);
    assert.deepEqual([optimizer.view.inForce, optimizer.view.next], [30, null]);
    await stop();
  });

  it('keeps its clock when the entries are replaced, and applies the entry in force if that changed', async () => {
    const { optimizer, applied, turn, stop } = start({ '0': [['a']], '50': [['z']] });
    await until('the first setup', () => applied.length === 1);
    turn(20);
    optimizer.replace(parseSchedule('{"0": [["a"]], "60": [["y"]]}', 's.json'));
    optimizer.replace(parseSchedule('{"0": [["a"]], "15": [["a", "b"]]}', 's.json'));
    await until('the second setup', () => applied.length === 2);
    assert.deepEqual(applied[1], [['a', 'b']]);
    assert.equal(optimizer.view.clock.seconds, 20);
    await stop();
  });

  it('shows an entry that cannot be applied, and still runs the next', async () => {
    const { optimizer, applied, turn, stop, fail } = start({ '0': [['a']], '10': [['b']] });
    fail('no luck');
    await until('the error of the setup', () => optimizer.view.error !== null);
    assert.match(optimizer.view.error ?? '', /second 0 could not be applied: no luck/);
    turn(10);
    await until('the second setup', () => applied.length === 2);
    const failed = (): string[] => optimizer.view.failed.map(({ second, reason }) => `${second}: ${reason}`);
    await until('the second error', () => failed().length === 2);
    assert.deepEqual(failed(), ['0: no luck', '10: no luck']);
    optimizer.replace(parseSchedule('{"0": [["a", "b"]], "10": [["b"]]}', 's.json'));
    assert.deepEqual(failed(), ['10: no luck'], 'another entry than the one that failed');
    await optimizer.applyNow(10, async () => {});
    assert.deepEqual(failed(), []);
    const apply = async () => Promise.reject(new Error('again'));
    await assert.rejects(optimizer.applyNow(10, apply));
    assert.deepEqual(failed(), ['10: again']);
    await stop();
  });

  it('pauses, runs on and restarts', async () => {
    let now = 0;
    const clock = new Clock(() => now);
    now = 5000;
    clock.pause();
    now = 9000;
    assert.equal(clock.seconds, 5);
    clock.run();
    now = 10_000;
    assert.equal(clock.seconds, 6);
    clock.restart();
    assert.equal(clock.seconds, 0);
  });
});
