import '../../support/confined.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseLog, parseMeta, parseTraces } from '../../../src/platform/embedded/workers/workerMessages.ts';
import { recordMask, textMask } from '../../../src/secrets/mask.ts';

const MIB = 1024 ** 2;
const mask = textMask(['top-secret-value']);
const masks = { mask, maskRecord: recordMask(mask) };

describe('the metadata of an answer', () => {
  it('is remembered if it is short', () => {
    const short = JSON.stringify([200, 'text/plain', { 'X-A': 'remembered' }]);
    assert.equal(parseMeta(short), parseMeta(short));
    const long = JSON.stringify([200, 'text/plain', { 'X-A': 'x'.repeat(1000) }]);
    assert.notEqual(parseMeta(long), parseMeta(long));
  });
});

describe('a log record of many MiB', () => {
  const cases: readonly [what: string, begin: string, message: RegExp][] = [
    [
      'keeps the begin of its message, masked',
      '{"level": "error", "message": "top-secret-value said ',
      /^\*+ said xxx/,
    ],
    ['as Node.js writes it', '{"level":"error","message":"said ', /^said xxx/],
    ['with escapes', '{"level": "error", "message": "\\u00e9\\"\\\\ ', /^é"\\ xxx/],
    ['without a message at its begin', `{"with": {"a": "`, /^\.\.\. \(cut/],
  ];
  for (const [what, begin, message] of cases) {
    it(what, () => {
      const payload = Buffer.from(`${begin}${'x'.repeat(64 * MIB)}`);
      const began = performance.now();
      const record = parseLog(payload, masks);
      assert.ok(performance.now() - began < 100);
      assert.match(record.message, message);
      assert.ok(record.message.length < 20_000);
      assert.equal(record.level, begin.includes('level') ? 'error' : 'warn');
    });
  }
  for (let cut = 0; cut < 12; cut += 1) {
    it(`is read where its begin ends within an escape (${cut})`, () => {
      const payload = Buffer.from(`{"message": "${'y'.repeat(cut)}${'\\u00e9\\n'.repeat(MIB)}`);
      assert.match(parseLog(payload, masks).message, /^y*é\né/);
    });
  }
});

describe('trace records in one frame', () => {
  it('are not parsed if they are too many', () => {
    assert.deepEqual(parseTraces(Buffer.from('[]')), []);
    assert.throws(() => parseTraces(Buffer.alloc(2 * MIB, '[')), /more than 1 MiB of trace records/);
  });
});
