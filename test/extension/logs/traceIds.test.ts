import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findTraceIds } from '../../../src/extension/logs/traceIds.ts';

test('traces are found where a line names them, and nothing that only looks like one', () => {
  const id = '0af7651916cd43dd8448eb211c80319c';
  const text = `order: POST /same -> 200, 9 ms, trace ${id}\ntrace ${id}0, trace ${id.slice(1)}\nat trace ${id}.`;
  const found = findTraceIds(text);
  assert.deepEqual(
    found.map((one) => [one.id, text.slice(one.start, one.end)]),
    [
      [id, id],
      [id, id],
    ],
  );
  assert.equal(text.slice((found[1]?.start ?? 0) - 9), `at trace ${id}.`);
});
