import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parseDocument } from 'yaml';
import { packageRoot } from '../../../src/shared/packageRoot.ts';
import { unknownKeys } from '../../../src/task/yaml/unknownKeys.ts';

const schema = JSON.parse(readFileSync(path.join(packageRoot(), 'media', 'schemas', 'function.schema.json'), 'utf8'));

test('a value that Nuclio does not know is reported where a key has only some, such as a mode of a trigger', () => {
  const text = `spec:
  triggers:
    mine:
      kind: http
      explicitAckMode: enabled
      batch: {mode: maybe}
      attributes: {mode: asnyc}
    other: {kind: http, explicitAckMode: explicitOnly, batch: {mode: disable}, attributes: {mode: async}}
  build: {mode: ""}
`;
  const found = unknownKeys(parseDocument(text).contents, schema);
  assert.deepEqual(
    found.map(({ span = [0, 0], message, meant }) => [text.slice(...span), message, meant]),
    [
      ['enabled', "Nuclio does not know 'enabled' as explicitAckMode: did you mean 'enable'?", 'enable'],
      ['maybe', "Nuclio does not know 'maybe' as mode: it has enable, disable", undefined],
      ['asnyc', "Nuclio does not know 'asnyc' as mode: did you mean 'async'?", 'async'],
    ],
  );
});
