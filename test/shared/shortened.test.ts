import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortened } from '../../src/shared/groupName.ts';

test('a text that is too long loses its middle, and is as long as it may be', () => {
  for (const [text, length, expected] of [
    ['POST order/json', 24, 'POST order/json'],
    ['POST order/a/very/long/path/to/items', 16, 'POST ord…o/items'],
    ['abcdef', 5, 'ab…ef'],
    ['abcdef', 1, '…'],
  ] as const)
    assert.equal(shortened(text, length), expected);
});
