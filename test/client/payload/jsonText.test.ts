import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { indentJson, isJson, withoutComments } from '../../../src/client/payload/jsonText.ts';

const comment = fc.oneof(
  fc.stringMatching(/^[^*\n\r]*$/).map((text) => `/*${text}*/`),
  fc.stringMatching(/^[^\n\r]*$/).map((text) => `//${text}\n`),
);

/** The pieces of a JSON text between which comments may stand. */
function pieces(json: string): string[] {
  return json.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g) ?? [];
}

describe('JSON as text', () => {
  it('is the same value without its comments and last commas', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.array(comment, { minLength: 1, maxLength: 20 }),
        fc.boolean(),
        (json, comments, commas) => {
          const text = pieces(json)
            .map((piece, index, all) => {
              const said = comments[index % comments.length] ?? '';
              const comma = commas && /^[}\]]$/.test(piece) && !/^[{[]$/.test(all[index - 1] ?? '') ? ',' : '';
              return comma + said + piece;
            })
            .join('');
          assert.deepEqual(JSON.parse(withoutComments(text)), JSON.parse(json));
        },
      ),
    );
  });

  it('stays as it is when it is JSON, or nothing like it', () => {
    fc.assert(fc.property(fc.json(), (json) => assert.equal(withoutComments(json), json)));
    for (const text of ['{"a": ', '[,]', '{"a":,}', '1/**/2', '"open \\', 'https://host/path', '{"a": "//"', '/'])
      assert.equal(withoutComments(text), text);
  });

  it('is nothing when all of it is comment', () => {
    assert.equal(withoutComments('// nothing\n/* at all */\n'), '');
    assert.equal(withoutComments(''), '');
  });

  it('takes no time over hostile text', { timeout: 5000 }, () => {
    for (const text of [
      `"${'a'.repeat(1_000_000)}\\`,
      '/*'.repeat(300_000),
      `"${'\\"'.repeat(500_000)}`,
      ' '.repeat(1_000_000),
    ]) {
      assert.equal(isJson(withoutComments(text)), false);
    }
  });

  it('is indented without a change of its meaning', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const shown = indentJson(json) ?? assert.fail('no JSON');
        assert.deepEqual(pieces(shown), pieces(json));
        assert.equal(shown, indentJson(shown));
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), (value) =>
        assert.equal(indentJson(JSON.stringify(value)), JSON.stringify(value, undefined, 2)),
      ),
    );
  });

  it('keeps the digits of numbers and repeated names', () => {
    assert.equal(indentJson('{"a":12345678901234567890,"a":1.10}'), '{\n  "a": 12345678901234567890,\n  "a": 1.10\n}');
    assert.equal(indentJson('{"a": 1'), undefined);
  });
});
