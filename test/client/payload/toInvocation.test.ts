import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { payloadFolder, payloadName, payloadOf } from '../../../src/client/payload/payloadFile.ts';
import { documentInvocation, plainInvocation } from '../../../src/client/payload/toInvocation.ts';

describe('what a payload document sends', () => {
  it('is JSON without its comments, with the head', () => {
    const { body, ...rest } = documentInvocation(
      'a.json',
      '// PUT /a b/ü?c=%20\n// X: 1\n// x: 2\n// Cookie: a=1\n// cookie: b=2\n\n// why\n{"a": 1,}\n',
    );
    assert.deepEqual(rest, {
      method: 'PUT',
      path: '/a%20b/%C3%BC?c=%20',
      headers: { X: '1, 2', Cookie: 'a=1; b=2', 'Content-Type': 'application/json' },
    });
    assert.deepEqual(JSON.parse(body.toString()), { a: 1 });
  });

  it('is a text as it stands', () => {
    const text = '# a comment of it\nline\n';
    assert.deepEqual(documentInvocation('a.txt', text), {
      method: 'POST',
      path: '/',
      headers: { 'Content-Type': 'text/plain; charset=utf-8' },
      body: Buffer.from(text),
    });
  });

  it('has the type that its head or its name says', () => {
    const type = (name: string, text: string): string | undefined =>
      documentInvocation(name, text).headers['Content-Type'];
    assert.equal(type('a.json', '// POST /\n// Content-Type: text/x\n\n{}'), 'text/x');
    assert.equal(
      documentInvocation('a.json', '// POST /\n// content-type: text/x\n\n{}').headers['Content-Type'],
      undefined,
    );
    assert.equal(type('a.json', '{"wrong'), 'application/json');
    assert.equal(type('a.csv', 'a,b'), 'text/csv; charset=utf-8');
    assert.equal(type('a.md', 'x'), 'text/plain; charset=utf-8');
    assert.equal(type('a.json', '// GET /\n'), undefined);
  });

  it('keeps header names that objects have', () => {
    assert.deepEqual(Object.entries(documentInvocation('a.txt', '# POST /\n# __proto__: 1\n').headers), [
      ['__proto__', '1'],
    ]);
  });

  it('is refused where HTTP cannot carry it', () => {
    assert.throws(
      () => documentInvocation('a.json', '// POST /\n// Content-Length: 3\n\n{}'),
      /a\.json: the header Content-Length belongs to the connection/,
    );
    assert.throws(() => documentInvocation('a.json', '// POST /\n// X: 漢\n\n{}'), /the header X has characters/);
  });

  it('is bytes as they are', () => {
    const bytes = Buffer.from([0xff, 0, 1]);
    assert.deepEqual(plainInvocation(bytes), {
      method: 'POST',
      path: '/',
      headers: { 'Content-Type': 'application/octet-stream' },
      body: bytes,
    });
    assert.deepEqual(plainInvocation(Buffer.from('// GET /'), 'a.bin').headers, {
      'Content-Type': 'application/octet-stream',
    });
    assert.deepEqual(plainInvocation(Buffer.alloc(0)).headers, {});
  });
});

describe('payload files', () => {
  it('are told by their place', () => {
    assert.deepEqual(payloadOf(path.join(payloadFolder('/ws', 'taska'), 'a.json')), { task: 'taska', name: 'a.json' });
    assert.deepEqual(payloadOf('C:\\ws\\.fusionizer\\payloads\\taska\\a b.txt'), { task: 'taska', name: 'a b.txt' });
    for (const other of [
      '/ws/a.json',
      '/ws/.fusionizer/payloads/a.json',
      '/ws/.fusionizer/payloads/taska/x/a.json',
      '/ws/.fusionizer/payloads/taska/.hidden',
    ]) {
      assert.equal(payloadOf(other), undefined);
    }
  });

  it('are named by what a person types', () => {
    assert.equal(payloadName(' big order '), 'big order.json');
    assert.equal(payloadName('a.txt'), 'a.txt');
    for (const bad of ['', '..', '../a', 'a/b', 'a\\b', '.a', 'a.', 'x'.repeat(70), 'a:b'])
      assert.equal(payloadName(bad), undefined, bad);
  });
});
