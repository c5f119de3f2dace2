import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseTrace, readSince } from '../../src/cli/arguments.ts';

const NOW = new Date(2026, 2, 10, 14, 30, 15);
const local = (...parts: [number, number, number, number?, number?, number?]): number => new Date(...parts).getTime();

describe('logs --since', () => {
  it('takes how long ago, a time of day and a date', () => {
    for (const [text, time] of [
      ['90s', NOW.getTime() - 90_000],
      ['1.5h', NOW.getTime() - 5_400_000],
      ['1d', NOW.getTime() - 86_400_000],
      ['0s', NOW.getTime()],
      ['9999999d', 0],
      ['14:05', local(2026, 2, 10, 14, 5)],
      ['9:05:07', local(2026, 2, 10, 9, 5, 7)],
      ['0:00', local(2026, 2, 10)],
      ['14:30', local(2026, 2, 10, 14, 30)],
      // Later than now: yesterday's.
      ['14:31', local(2026, 2, 9, 14, 31)],
      ['23:59', local(2026, 2, 9, 23, 59)],
      ['2026-02-28', local(2026, 1, 28)],
      ['2026-03-10', local(2026, 2, 10)],
      ['2026-03-10T14:05', local(2026, 2, 10, 14, 5)],
      ['2026-03-10 14:05:06.5', local(2026, 2, 10, 14, 5, 6) + 500],
      ['2026-03-01T14:05z', Date.UTC(2026, 2, 1, 14, 5)],
      ['2026-03-01T14:05:00+02:00', Date.UTC(2026, 2, 1, 12, 5)],
    ] as const)
      assert.equal(readSince(text, NOW), time, text);
  });

  it('refuses what is no time, what no day or month has, and the future', () => {
    for (const text of [
      ...['', '5', '0', '-5m', '5 m', '5w', '1e3s', 'soon', 'March 1', '2026', '2026-03', '3/1/2026'],
      ...['24:00', '25:00', '14:60', '14:05:60', '14', '14:5', '2026-02-30', '2026-13-01', '2026-00-10', '2026-01-00'],
      ...['2026-03-10T24:30', '2026-03-10T14', '2026-03-10T14:05+25:00'],
    ])
      assert.throws(() => readSince(text, NOW), /is not a time\. Write how long ago \(90s, 5m, 2h, 1d\)/, text);
    for (const text of ['2026-03-11', '2027-01-01', '2026-03-10T14:31', '2026-03-12T00:00Z'])
      assert.throws(() => readSince(text, NOW), /is in the future\. Write a time that has passed/, text);
  });
});

describe("a trace's id", () => {
  it('is 1 to 32 hexadecimal digits, in small letters or capitals', () => {
    assert.equal(parseTrace('DD5Fcf'), 'dd5fcf');
    for (const text of ['', 'zz', 'a b', '0x1', 'a'.repeat(33)])
      assert.throws(() => parseTrace(text), /1 to 32 of 0-9/);
  });
});
