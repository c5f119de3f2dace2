import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findCodePlaces } from '../../../src/extension/logs/codePlaces.ts';

const found = (text: string): [string, string, number][] =>
  findCodePlaces(text).map(({ start, end, file, line }) => [text.slice(start, end), file, line]);

describe('places in code', () => {
  it('are found in tracebacks of Python', () => {
    const text =
      'Traceback (most recent call last):\n  File "/my work/main.py", line 3, in handler\n    fail()\n' +
      '  File "C:\\\\work\\\\a.py", line 12\nKeyError: \'x\'';
    assert.deepEqual(found(text), [
      ['/my work/main.py", line 3', '/my work/main.py', 3],
      ['C:\\\\work\\\\a.py", line 12', 'C:\\\\work\\\\a.py', 12],
    ]);
  });

  it('are found in stacks of Node.js', () => {
    const text =
      'Error: x\n    at fail (/my work/main.js:3:5)\n    at async /w/a.js:4:1\n' +
      '    at file:///w/of%20one/b.mjs:5:2\n    at node:internal/x:1:2';
    assert.deepEqual(found(text), [
      ['/my work/main.js:3:5', '/my work/main.js', 3],
      ['/w/a.js:4:1', '/w/a.js', 4],
      ['file:///w/of%20one/b.mjs:5:2', '/w/of one/b.mjs', 5],
    ]);
  });

  it('are not found in other texts', () => {
    assert.deepEqual(found('    at file:///w/%2F/b.mjs:5:2'), []);
    assert.deepEqual(found('{"at": "12:30:05", "url": "http://x/y:1:2", "File": "main.py"}'), []);
  });
});
