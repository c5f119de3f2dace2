import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FusionizerError } from '../../../src/shared/errors.ts';
import { nextTick, parseCronSchedule } from '../../../src/task/triggers/cronSchedule.ts';
import { type CronTrigger, readCronTrigger } from '../../../src/task/triggers/cronTrigger.ts';
import { parseFunctionYaml } from '../../../src/task/yaml/functionYaml.ts';

/** Reads a cron trigger with these attributes from a function.yaml. */
function read(attributes: string, more = ''): CronTrigger {
  const { spec } = parseFunctionYaml(
    `spec:\n  triggers:\n    tick: {kind: cron, attributes: ${attributes}${more}}\n`,
    'function.yaml',
  );
  const trigger = spec?.triggers?.['tick'];
  assert.ok(trigger);
  return readCronTrigger('tick', trigger);
}

interface Recorded {
  schedule: string;
  /** The next four ticks after each of STARTS. */
  next?: string[][];
  error?: string;
}

/**
 * The results of robfig/cron 3.0.1 with the parser options of Nuclio 1.14, which turns a `*` for the seconds into 0.
 */
const recorded: Recorded[] = JSON.parse(readFileSync(path.join(import.meta.dirname, 'cron-schedules.json'), 'utf8'));
const STARTS = ['2025-01-01T08:59:59.500Z', '2025-03-08T12:00:00Z', '2025-11-01T12:00:00Z'];
/** Schedules that are refused only here, because they can only be mistakes. */
const ODD = ['0 0 30 2 *', '*/100 * * * *', '1,2,,3 * * * *', '+5 * * * *', '@every -5s'];
/** robfig/cron ticks twice for this in the night that has an hour twice. */
const ONCE = 'CRON_TZ=America/New_York 30 1 * * *';

function fail(why: string): never {
  throw new Error(why);
}

function ticks(schedule: string): string[][] {
  const { rhythm } = parseCronSchedule(schedule, fail);
  return STARTS.map((start) => {
    let time = Date.parse(start);
    return Array.from({ length: 4 }, () => {
      time = nextTick(rhythm, time, time);
      return new Date(time).toISOString();
    });
  });
}

describe('the schedule of a cron trigger', () => {
  it('means the same as in Nuclio', () => {
    let compared = 0;
    for (const { schedule, next } of recorded) {
      if (next === undefined || ODD.includes(schedule) || schedule === ONCE || schedule.startsWith('@every')) continue;
      assert.deepEqual(ticks(schedule), next, schedule);
      compared += 1;
    }
    assert.ok(compared > 30, `${compared} schedules are compared`);
  });

  it('is refused if Nuclio refuses it', () => {
    for (const { schedule, error } of recorded) {
      if (error !== undefined || ODD.includes(schedule))
        assert.throws(() => parseCronSchedule(schedule, fail), Error, schedule);
    }
  });

  it('@every is an interval of whole seconds, at least one', () => {
    for (const [schedule, milliseconds] of Object.entries({
      '@every 5s': 5000,
      '@every 1500ms': 1000,
      '@every 100ms': 1000,
      '@every 1h30m': 5_400_000,
    })) {
      assert.deepEqual(parseCronSchedule(schedule, fail), { rhythm: { kind: 'interval', milliseconds } });
    }
  });

  it('ticks once in the night that has an hour twice', () => {
    assert.deepEqual(ticks(ONCE)[2]?.slice(0, 2), ['2025-11-02T05:30:00.000Z', '2025-11-03T06:30:00.000Z']);
  });
});

describe('the next tick of an interval', () => {
  const time = fc.integer({ min: 0, max: 10 ** 9 });
  it('is after now, at most one interval, and in phase', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 10 ** 7 }), time, time, (milliseconds, due, late) => {
        const now = due + late;
        const next = nextTick({ kind: 'interval', milliseconds }, due, now);
        assert.ok(next > now && next <= now + milliseconds);
        assert.equal((next - due) % milliseconds, 0);
      }),
    );
  });
});

describe('the attributes of a cron trigger', () => {
  it('contain an interval or a schedule, and the contents of its events', () => {
    const { key, event, rhythm, warnings } = read(
      '{interval: 1m30s, event: {body: "{}", method: PUT, path: /x y, headers: {X-one: two, m: 3}}}',
    );
    assert.deepEqual([key, rhythm, warnings], ['tick', { kind: 'interval', milliseconds: 90_000 }, []]);
    assert.deepEqual(event, {
      method: 'PUT',
      path: '/x y',
      headers: { 'X-one': 'two', m: 3 },
      body: Buffer.from('{}'),
    });
    assert.deepEqual(read('{schedule: "*/5 * * * *"}').event, {
      method: '',
      path: '',
      headers: {},
      body: Buffer.alloc(0),
    });
  });

  it('may be in any case and may be empty, as in Nuclio, and unknown ones are ignored', () => {
    const { event, rhythm } = read(
      '{Interval: 5s, schedule: "", event: {Body: x, headers: }, concurrencyPolicy: Forbid, jobBackoffLimit: 2}',
    );
    assert.deepEqual([rhythm, String(event.body)], [{ kind: 'interval', milliseconds: 5000 }, 'x']);
    assert.equal(String(read('{interval: 5s, event: }').event.body), '');
  });

  it('accept every Go duration of 10 ms or more', () => {
    const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 9999 }),
        fc.constantFrom(...Object.entries(units)),
        (amount, [unit, size]) => {
          assert.deepEqual(read(`{interval: ${amount}${unit}}`).rhythm, {
            kind: 'interval',
            milliseconds: amount * size,
          });
        },
      ),
    );
  });

  it('give a warning for `disabled` and for * * * * * *, which Nuclio does not follow', () => {
    assert.match(read('{interval: 5s}', ', disabled: true').warnings.join(), /'tick' ticks although it is disabled/);
    assert.match(read('{schedule: "* * * * * *"}').warnings.join(), /'\*' for the seconds means 0/);
    assert.deepEqual(read('{schedule: "*/1 * * * * *"}').warnings, []);
  });

  const refused: [attributes: string, why: RegExp][] = [
    ['{}', /neither a schedule nor an interval: write either attributes\.schedule/],
    ['{intervall: 5s}', /neither a schedule nor an interval/],
    ['{interval: 5s, schedule: "* * * * *"}', /both a schedule and an interval/],
    ['{interval: 5}', /attributes\.interval must be text, such as "30s"/],
    ['{interval: "5"}', /attributes\.interval '5' is not a duration above zero, such as "30s"/],
    ['{interval: soon}', /'soon' is not a duration/],
    ['{interval: -5s}', /'-5s' is not a duration above zero/],
    ['{interval: 0s}', /'0s' is too short: write "10ms" or more/],
    ['{interval: 9ms}', /too short/],
    ['{schedule: 5}', /attributes\.schedule must be text/],
    ['{schedule: hourly}', /'hourly' is not a schedule, such as .*: it has 1 fields instead of 5/],
    ['{schedule: "@reboot"}', /'@reboot' is not one of @yearly/],
    ['{schedule: "0 25 * * *"}', /Invalid value for hour: 25/],
    ['{schedule: "0 0 L * *"}', /'L' is not a field of numbers/],
    ['{schedule: "0 0 * * 7"}', /'7' is not valid: Sunday is .* write it as 0 or sun/],
    ['{schedule: "0 0 30 2 *"}', /this day does not exist/],
    ['{schedule: "TZ=Nowhere/X 0 9 * * *"}', /there is no time zone 'Nowhere\/X'/],
    ['{interval: 5s, event: {body: {a: 1}}}', /attributes\.event\.body must be text/],
    ['{interval: 5s, event: {body: 5}}', /attributes\.event\.body must be text/],
    ['{interval: 5s, event: {headers: {a: [1]}}}', /attributes\.event\.headers\.a must be text or a number/],
    ['{interval: 5s, event: {headers: [1]}}', /attributes\.event\.headers must be a map/],
    ['{interval: 5s, event: hello}', /attributes\.event must be a map/],
    ['{interval: 5s, event: {method: 1}}', /attributes\.event\.method must be text/],
  ];
  for (const [attributes, why] of refused) {
    it(`are refused: ${attributes}`, () => {
      assert.throws(
        () => read(attributes),
        (error) => {
          assert.ok(error instanceof FusionizerError);
          assert.deepEqual([error.code, error.file], ['task', 'function.yaml']);
          assert.match(error.message, /^function\.yaml: cron trigger 'tick': /);
          assert.match(error.message, why);
          return true;
        },
      );
    });
  }
});
