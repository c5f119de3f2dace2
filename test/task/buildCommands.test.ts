import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mergeBuildCommands, readBuildCommands } from '../../src/task/buildCommands.ts';

describe('build commands', () => {
  it('are split by the marker, without it, and continue after a backslash', () => {
    const list = ['one \\', ' two', ' ', 'three', '@nuclio.postCopy', 'four', 'five \\'];
    assert.deepEqual(readBuildCommands(list), { before: ['one two', 'three'], after: ['four', 'five '.trim()] });
  });

  it('of a group run in order without repeats, and those of no Task move behind the copy', () => {
    const marker = '@nuclio.postCopy';
    assert.deepEqual(
      mergeBuildCommands([
        ['one', 'two'],
        ['two', 'three'],
      ]),
      ['one', 'two', 'three'],
    );
    assert.deepEqual(
      mergeBuildCommands([
        ['one', marker, 'after'],
        ['one', 'two', marker, 'after', 'later'],
      ]),
      ['one', 'two', marker, 'after', 'later'],
    );
  });
});
