import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differenceTexts } from '../../../src/extension/tests/differenceTexts.ts';

test('an answer that is not the expected one is shown as both sides of what differs', () => {
  const one = differenceTexts('fused', [{ path: 'status', expected: 200, actual: 500 }]);
  assert.deepEqual(one, { message: 'fused: status differs', expected: 'status: 200\n', actual: 'status: 500\n' });
  const many = differenceTexts('apart', [
    { path: 'body.a', expected: { x: 1 }, actual: undefined },
    { path: 'body.b', expected: undefined, actual: null },
    { path: 'body.c', expected: 1, actual: 2 },
    { path: 'body.d', expected: 'one', actual: 'two' },
  ]);
  assert.equal(many.message, 'apart: body.a, body.b, body.c, and 1 more differ');
  assert.equal(many.expected, 'body.a: {\n  "x": 1\n}\nbody.c: 1\nbody.d: "one"\n');
  assert.equal(many.actual, 'body.b: null\nbody.c: 2\nbody.d: "two"\n');
});
