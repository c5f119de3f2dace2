import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LineReader } from '../../src/platform/embedded/processes/lineReader.ts';
import { textMask } from '../../src/secrets/mask.ts';

const SECRET = 'S3cr3t-with-ünïcode-1234567890';
const CUT = 16 * 1024;

function reader(): { lines: string[]; read: LineReader } {
  const lines: string[] = [];
  return { lines, read: new LineReader(textMask([SECRET]), (line) => lines.push(line)) };
}

/** Asserts that the lines do not contain three successive characters of the secret. */
function assertNothingOf(lines: string[]): void {
  const text = lines.join('\n');
  for (let at = 0; at + 3 <= SECRET.length; at += 1)
    assert.ok(!text.includes(SECRET.slice(at, at + 3)), `${SECRET.slice(at, at + 3)} is in the lines`);
}

describe('lines that are cut', () => {
  it('contain no part of a secret, wherever it is and however the text is split', () => {
    for (let before = CUT - 40; before <= CUT + 10; before += 3) {
      for (const chunk of [997, CUT, 64 * 1024]) {
        const { lines, read } = reader();
        const text = Buffer.from(`${'.'.repeat(before)}${SECRET}${'.'.repeat(3 * CUT)}\nnext`);
        for (let at = 0; at < text.length; at += chunk) read.push(text.subarray(at, at + chunk));
        read.end();
        assertNothingOf(lines);
        assert.ok(lines.join('').replace(/\*+/, '').length === before + 3 * CUT + 4);
        assert.equal(lines.at(-1), 'next');
      }
    }
  });

  it('contain no part of a secret beside a gap', () => {
    for (const newline of ['', '\n']) {
      const { lines, read } = reader();
      read.push(Buffer.from(`whole\n${'.'.repeat(5000)}${SECRET.slice(0, 15)}`));
      read.gap();
      read.push(Buffer.from(`${SECRET.slice(15)}${'.'.repeat(5000)}${newline}after ${SECRET}\n`));
      read.end();
      assertNothingOf(lines);
      assert.equal(lines[0], 'whole');
      assert.match(lines[1] ?? '', /^\.{3000,}$/);
      assert.match(lines.at(-1) ?? '', /after \*\*\*$/);
    }
  });
});
