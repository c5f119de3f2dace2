import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compareAnswers } from '../../src/shared/compareAnswers.ts';
import type { RecordedAnswer } from '../../src/shared/traceApi.ts';

const answer = (body: string, more: Partial<RecordedAnswer> = {}): RecordedAnswer => ({
  status: 200,
  headers: {},
  body,
  encoding: 'utf8',
  size: Buffer.byteLength(body),
  truncated: false,
  ...more,
});

const json = (value: unknown): RecordedAnswer => answer(JSON.stringify(value));

describe('two answers', () => {
  it('differ in nothing if they mean the same, and in something if not', () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(value, value, (one, other) => {
        const [a, b] = [JSON.stringify(one), JSON.stringify(other)];
        assert.deepEqual(compareAnswers(answer(a), answer(JSON.stringify(one, null, 2))), []);
        const isSame = JSON.stringify(sorted(JSON.parse(a))) === JSON.stringify(sorted(JSON.parse(b)));
        assert.equal(compareAnswers(answer(a), answer(b)).length === 0, isSame);
      }),
    );
  });

  it('are compared place by place, by their headers, and without what differs each time', () => {
    const before = json({ items: [{ n: 1 }, { n: 2 }], gone: true });
    const after = json({ items: [{ n: 1 }, { n: 3 }, 4] });
    before.headers = { Date: 'a', 'X-One': '1', 'Set-Cookie': ['a', 'b'], 'Content-Length': '1' };
    after.headers = { Date: 'b', 'x-one': '1', 'Set-Cookie': ['a', 'c'], Server: 'nuclio' };
    after.status = 500;
    assert.deepEqual(compareAnswers(before, after), [
      { what: 'status', before: '200', after: '500' },
      { what: 'header:set-cookie', before: 'a, b', after: 'a, c' },
      { what: 'body.items[1].n', before: '2', after: '3' },
      { what: 'body.items[2]', before: null, after: '4' },
      { what: 'body.gone', before: 'true', after: null },
    ]);
  });

  it('are compared as texts where they are no JSON; the list and its values are bounded', () => {
    assert.deepEqual(compareAnswers(answer('a'), answer('b')), [{ what: 'body', before: 'a', after: 'b' }]);
    const many = (n: number): RecordedAnswer => json(Array.from({ length: 500 }, (_, index) => index + n));
    assert.equal(compareAnswers(many(0), many(1)).length, 100);
    const [long] = compareAnswers(answer('a'.repeat(1000)), answer('b'));
    assert.equal(long?.before?.length, 203);
    const deep = (end: string): RecordedAnswer => answer('['.repeat(500) + end + ']'.repeat(500));
    assert.equal(compareAnswers(deep('1'), deep('2')).length, 1);
  });
});

/** With the keys of objects in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return { entries: entries.map(([key, inner]) => [key, sorted(inner)]) };
}
