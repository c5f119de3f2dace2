import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  compareAnswer,
  type ExpectedAnswer,
  expectedOf,
  parseExpected,
} from '../../../src/client/payload/expectedAnswer.ts';
import { expectedFileOf, payloadOf } from '../../../src/client/payload/payloadFile.ts';

const answer = (body: unknown, status = 200, type: string | undefined = 'application/json') => ({
  status,
  headers: type === undefined ? {} : { 'content-type': type },
  body: Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});
const expected = (value: unknown): ExpectedAnswer => parseExpected(JSON.stringify(value), 'a.expected.json');
const paths = (value: unknown, body: unknown, status?: number): string[] =>
  compareAnswer(expected(value), answer(body, status)).map(({ path }) => path);

describe('an expected answer', () => {
  it('is that of the payload beside it', () => {
    assert.equal(
      expectedFileOf('/a/.fusionizer/payloads/cart/one.json'),
      '/a/.fusionizer/payloads/cart/one.expected.json',
    );
    assert.equal(expectedFileOf('one.more.txt'), 'one.more.expected.json');
    assert.equal(payloadOf('/a/.fusionizer/payloads/cart/one.expected.json'), undefined, 'no payload itself');
  });

  it('is compared by status, by the headers that it names, and by the body', () => {
    assert.deepEqual(paths({ body: { a: 1 } }, { a: 1 }), []);
    assert.deepEqual(paths({ body: { a: 1 }, headers: { 'Content-Type': 'text/plain' } }, { a: 2 }, 500), [
      'status',
      'headers.content-type',
      'body.a',
    ]);
    assert.deepEqual(paths({ status: 404 }, 'whatever', 404), []);
    assert.deepEqual(paths({ text: 'no' }, 'yes'), ['body']);
    assert.deepEqual(paths({ body: { a: 1 } }, 'no JSON'), ['body']);
    assert.deepEqual(paths({ body: null }, 'null'), []);
    assert.deepEqual(paths({ base64: '/w==' }, Buffer.from([0xff])), []);
  });

  it('names each part that differs', () => {
    const [first, ...others] = compareAnswer(
      expected({ body: { items: [{ id: 1 }, { id: 2 }], old: 1 } }),
      answer({ items: [{ id: 1 }, { id: 3 }], new: 2 }),
    );
    assert.deepEqual(first, { path: 'body.items.1.id', expected: 2, actual: 3 });
    assert.deepEqual(others, [
      { path: 'body.old', expected: 1, actual: undefined },
      { path: 'body.new', expected: undefined, actual: 2 },
    ]);
  });

  it('leaves out what may differ, by path', () => {
    const body = { items: [{ id: 1, at: 5 }], time: 'now', 'a.b': 1 };
    const now = { items: [{ id: 2, at: 6 }], time: 'later', 'a.b': 2 };
    assert.deepEqual(paths({ body, ignore: ['body.time', 'body.items.*.at', 'body.a.b'] }, now), ['body.items.0.id']);
    assert.deepEqual(paths({ body, ignore: ['body.items', 'body.ti', 'status'] }, now, 201), ['body.time', 'body.a.b']);
    assert.deepEqual(paths({ body, ignore: ['body'] }, now), []);
  });

  it('is refused with what is wrong in it', () => {
    for (const [text, says] of [
      ['{', /a\.expected\.json is not valid JSON/],
      ['{"status": "ok"}', /a\.expected\.json: status: /],
      ['{"statuz": 200}', /statuz/],
      ['{"body": 1, "text": "1"}', /body and text are both the body/],
      ['[]', /a\.expected\.json: /],
    ] as const)
      assert.throws(() => parseExpected(text, 'a.expected.json'), says);
  });

  it('made of an answer is met by that answer, whatever it is', () => {
    const bodies = fc.oneof(fc.json(), fc.string(), fc.uint8Array());
    fc.assert(
      fc.property(bodies, fc.integer({ min: 200, max: 599 }), (body, status) => {
        const one = answer(typeof body === 'string' ? body : Buffer.from(body), status);
        assert.deepEqual(compareAnswer(parseExpected(expectedOf(one), 'x'), one), []);
      }),
    );
  });
});
