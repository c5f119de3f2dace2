import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { headersOf, LineWriter, readExchange, readSpan } from '../../../../src/engine/observe/traceStore/traceLine.ts';
import { textMask } from '../../../../src/secrets/mask.ts';
import { type TraceRecord, traceRecordSchema } from '../../../../src/shared/api.ts';
import { exchange } from './support.ts';

const NO_SECRETS = textMask([]);

/** Few values of each field, so that records in a row are alike, but for some fields. */
const some = <T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const groups = [['a'], ['a', 'b'], ['a']];
const spans: fc.Arbitrary<TraceRecord> = fc
  .record({
    trace: fc.oneof(fc.constant('0af7651916cd43dd8448eb211c80319c'), fc.string({ maxLength: 20 })),
    span: fc.oneof(fc.constant('b7ad6b7169203331'), fc.string({ maxLength: 20 })),
    parent: some(null, 'b7ad6b7169203331', 'no "hex'),
    caller: some(null, 'a', 'b"\n'),
    callee: some('a', 'b'),
    local: fc.boolean(),
    start: some(0, 999, 1_732_170_000_000, 1_732_170_000_007, 1_732_170_000_123.25),
    duration: fc.oneof(fc.double({ min: 0, max: 1e6, noNaN: true }), some(0, 1e-9, 86_400_000)),
    status: some(0, 200, 404, 1.5),
    cold: fc.boolean(),
    group: some(...groups),
    request: some(undefined, 'POST /a', 'GET /a/\u2028'),
    setup: some(undefined, '4f53cda1'),
    mode: some(undefined, 'sync' as const),
    bytesIn: some(undefined, 0, 12),
    bytesOut: some(undefined, 3),
    worker: some(undefined, '0'),
    waited: some(undefined, 0, 2.5, 12_000.25),
    replayOf: some(undefined, 'abc'),
  })
  .map((record) => traceRecordSchema.parse(JSON.parse(JSON.stringify(record))));

const headers = fc
  .array(fc.tuple(some('X-A', 'X-B', '__proto__'), some('1', '2', 'é"\\\t')), { maxLength: 3 })
  .map((pairs) => pairs.flat());
const bodies = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => Buffer.from(text)),
);
const exchanges = fc.option(
  fc
    .record({
      method: some('POST', 'GET'),
      target: some('/', '/a?b=1', '/\u00e9"'),
      headers,
      body: bodies,
      status: some(200, 404),
      answered: headers,
      answer: fc.option(bodies, { nil: undefined }),
    })
    .map(({ answer, status, answered, ...rest }) =>
      exchange({ ...rest, answer: answer && { status, headers: answered, body: answer, cold: false } }),
    ),
  { nil: undefined },
);

describe('lines', () => {
  it('read back as what was written, whatever was written before', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(spans, exchanges), { minLength: 1, maxLength: 12 }), (sent) => {
        const writer = new LineWriter();
        for (const [index, [span, passed]] of sent.entries()) {
          const n = 1_732_170_000_000_000 + index * 700_001;
          const isOwn = passed !== undefined;
          // The server's own ids are good ones.
          const ids = { trace: 'ab'.repeat(16), span: 'cd'.repeat(8), parent: null };
          const record = isOwn ? { ...span, ...ids } : span;
          const text = writer.line(n, record, passed, NO_SECRETS);
          assert.equal(text.indexOf('\n'), text.length - 1);
          const line = Buffer.from(text.slice(0, -1));
          const { n: read, ...found } = (readSpan(line) ?? assert.fail(text)) as TraceRecord & { n: number };
          assert.equal(read, n);
          assert.ok(Math.abs(found.duration - record.duration) <= 0.00005001, `${found.duration} ${record.duration}`);
          assert.deepEqual({ ...found, duration: 0 }, { ...record, duration: 0 });
          const recorded = readExchange(line);
          if (passed === undefined) assert.equal(recorded, undefined);
          else {
            const { request, answer } = recorded ?? assert.fail(text);
            assert.deepEqual([request.method, request.path], [passed.method, passed.target]);
            assert.deepEqual(request.headers, headersOf(passed.headers));
            assert.ok(Buffer.from(request.body, request.encoding).equals(passed.body));
            assert.equal(answer?.status, passed.answer?.status);
            assert.deepEqual(answer?.headers, passed.answer && headersOf(passed.answer.headers));
            if (passed.answer)
              assert.ok(Buffer.from(answer?.body ?? '', answer?.encoding).equals(passed.answer.body as Buffer));
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
