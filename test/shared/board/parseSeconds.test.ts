import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseSeconds } from '../../../src/shared/board/parseSeconds.ts';

it('seconds are read as people write them', () => {
  for (const [text, seconds] of [
    ['90', 90],
    [' 90s ', 90],
    ['2m', 120],
    ['2 min', 120],
    ['1h', 3600],
    ['1:30', 90],
    ['1:00:05', 3605],
    ['0', 0],
    ['999999999', 999_999_999],
    ['1000000000', undefined],
    ['1:60', undefined],
    ['1.5', undefined],
    ['-1', undefined],
    ['', undefined],
    ['two', undefined],
    ['2d', undefined],
  ] as const)
    assert.equal(parseSeconds(text), seconds, text);
});
