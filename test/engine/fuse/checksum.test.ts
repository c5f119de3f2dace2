import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checksum, checksumInJs } from '../../../src/engine/fuse/checksum.ts';

test('a checksum is the CRC-32, whole or in pieces, whichever way it is computed', () => {
  for (const sum of [checksum, checksumInJs]) {
    // The check value of CRC-32/ISO-HDLC: https://reveng.sourceforge.io/crc-catalogue/17plus.htm
    assert.equal(sum(Buffer.from('123456789')), 0xcbf43926);
    assert.equal(sum(Buffer.from('6789'), sum(Buffer.from('12345'))), 0xcbf43926);
    assert.equal(sum(Buffer.alloc(0)), 0);
  }
});
