import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type PayloadRequest, parsePayload, serialisePayload } from '../../../src/client/payload/payloadDocument.ts';

const marker = fc.constantFrom('//' as const, '#' as const);
const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/);
const value = fc.stringMatching(/^[!-~]([ -~]*[!-~])?$/);
const anyPath = fc.stringMatching(/^[/?][!-~]*$/);
const request: fc.Arbitrary<PayloadRequest> = fc.record(
  {
    method: fc.oneof(fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'), fc.stringMatching(/^[A-Z]{1,12}$/)),
    path: anyPath,
    headers: fc.array(fc.tuple(token, value), { maxLength: 5 }),
    body: fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.constantFrom('', '\n', '// GET /x\n\n{}', '# POST /', '\r\n\r\n#', '// X: y'),
    ),
  },
  { noNullPrototype: true },
);

describe('payload document', () => {
  it('reads what was written, whatever the body looks like', () => {
    fc.assert(
      fc.property(request, marker, (one, mark) =>
        assert.deepEqual(parsePayload(serialisePayload(one, mark), mark), one),
      ),
    );
  });

  it('never fails, and never loses a body that has no head', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), marker, (text, mark) => {
        const { body } = parsePayload(text, mark);
        assert.ok(text.endsWith(body));
        if (!text.trimStart().startsWith(mark)) assert.equal(body, text);
      }),
    );
  });

  it('reads a head whatever ends its lines', () => {
    fc.assert(
      fc.property(request, marker, (one, mark) => {
        const [head = '', ...rest] = serialisePayload({ ...one, body: '' }, mark).split('\n\n');
        assert.equal(rest.join(), '');
        assert.deepEqual(parsePayload(`${head.replaceAll('\n', '\r\n')}\r\n\r\n${one.body}`, mark), one);
      }),
    );
  });

  const cases: [title: string, text: string, mark: '//' | '#', expected: Partial<PayloadRequest>][] = [
    ['no head', '{"a": 1}', '//', { method: 'POST', path: '/', headers: [], body: '{"a": 1}' }],
    ['a method alone', '// GET\n', '//', { method: 'GET', path: '/', body: '' }],
    ['a usual method in small letters', '# put /a b?c=d\nx', '#', { method: 'PUT', path: '/a b?c=d', body: 'x' }],
    ['a version behind it', '# GET ?a=1 HTTP/1.1\n\n', '#', { method: 'GET', path: '?a=1', body: '' }],
    ['no space behind the marker', '//POST /\n//A:b\n1', '//', { headers: [['A', 'b']], body: '1' }],
    ['a header without a value', '// POST /\n// A:\n', '//', { headers: [['A', '']] }],
    [
      'notes among the headers',
      '// POST /\n// just a note\n// // Off: 1\n// On: 1\n\n{}',
      '//',
      { headers: [['On', '1']], body: '{}' },
    ],
    ['notes above the request line, in JSON', '// The empty order\n// POST /x\n\n{}', '//', { path: '/x', body: '{}' }],
    ['a comment first, in a text', '# id,name\n# POST /x\n1,a', '#', { path: '/', body: '# id,name\n# POST /x\n1,a' }],
    ['a method that is a word', '// see /docs\n{}', '//', { method: 'POST', path: '/', body: '// see /docs\n{}' }],
    ['a method that is a word in capitals', '// TODO\n{}', '//', { method: 'POST', body: '// TODO\n{}' }],
    ['an unusual method', '# PURGE /x\n', '#', { method: 'PURGE', path: '/x' }],
    ['only one empty line is the gap', '# POST /\n\n\n\nx', '#', { body: '\n\nx' }],
    [
      'a body that begins with the marker',
      '# POST /\n\n# not: a header',
      '#',
      { headers: [], body: '# not: a header' },
    ],
    ['header names that objects have', '# POST /\n# __proto__: 1\n', '#', { headers: [['__proto__', '1']] }],
  ];
  for (const [title, text, mark, expected] of cases) {
    it(title, () => assert.deepEqual(parsePayload(text, mark), { ...parsePayload(text, mark), ...expected }));
  }
});
