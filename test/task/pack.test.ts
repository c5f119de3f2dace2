import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import JSZip from 'jszip';
import { NoTaskError, TaskNameError } from '../../src/task/errors.ts';
import { BUILT_IN_IGNORES } from '../../src/task/ignores.ts';
import { packTask } from '../../src/task/pack.ts';
import { listTaskFiles } from '../../src/task/taskFiles.ts';
import { taskNameOf } from '../../src/task/taskName.ts';
import { temporaryFolder } from '../support/folder.ts';

const namesIn = async (dir: string): Promise<string[]> => (await listTaskFiles(dir)).files.map(({ name }) => name);
const windows = process.platform === 'win32';

describe('packing a Task', () => {
  it('leaves out files that a Task never needs, and sends node_modules', async (test) => {
    const dir = await temporaryFolder(test, {
      'main.py': '',
      '.git/config': '',
      '__pycache__/main.pyc': '',
      'lib/__pycache__/x.pyc': '',
      '.venv/bin/python': '',
      '.fusionizer/payloads/a.json': '',
      '.DS_Store': '',
      'node_modules/x/index.js': '',
      '.env': 'A=1',
    });
    assert.deepEqual(await namesIn(dir), ['.env', 'main.py', 'node_modules/x/index.js']);
  });

  it('follows .fusionizerignore files, also nested ones, before the built-in rules', async (test) => {
    const dir = await temporaryFolder(test, {
      '.fusionizerignore': '*.csv\n!keep.csv\n!.venv\n/top\n',
      'a.csv': '',
      'keep.csv': '',
      '.venv/lib.py': '',
      'top/x': '',
      'sub/top/x': '',
      'sub/.fusionizerignore': '!b.csv\nlocal\n',
      'sub/b.csv': '',
      'sub/local': '',
      local: '',
    });
    assert.deepEqual(await namesIn(dir), ['.venv/lib.py', 'keep.csv', 'local', 'sub/b.csv', 'sub/top/x']);
  });

  it('interprets a pattern as git does', { skip: spawnSync('git', ['--version']).status !== 0 }, async () => {
    const segment = fc.constantFrom('a', 'b', 'c.py', 'd.pyc', 'venv', 'ab');
    const file = fc
      .tuple(fc.constantFrom('', 'a/'), fc.array(segment, { minLength: 1, maxLength: 3 }))
      .map(([folder, parts]) => `${folder}${parts.join('/')}.f`);
    const pattern = fc
      .tuple(
        fc.constantFrom('', '!'),
        fc.constantFrom('', '/', '**/'),
        fc.constantFrom('*', '*.f', 'a', 'b', 'a*', 'venv', 'a/b', 'b/*', '*.pyc.f', 'c.py/**', '[ab].f'),
        fc.constantFrom('', '/'),
      )
      .map((parts) => parts.join(''));
    const patterns = fc.array(pattern, { maxLength: 4 });
    const env = { ...process.env, GIT_CONFIG_GLOBAL: os.devNull, GIT_CONFIG_NOSYSTEM: '1' };
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(file, { minLength: 1, maxLength: 8 }),
        patterns,
        patterns,
        async (files, above, below) => {
          const parent = await mkdtemp(path.join(os.tmpdir(), 'fusionizer-folder-'));
          try {
            const dir = path.join(parent, 'task');
            const builtIn = path.join(parent, 'built-in');
            await writeFile(builtIn, BUILT_IN_IGNORES.join('\n'));
            await mkdir(path.join(dir, 'a'), { recursive: true });
            for (const name of files) {
              await mkdir(path.dirname(path.join(dir, name)), { recursive: true });
              await writeFile(path.join(dir, name), '');
            }
            await writeFile(path.join(dir, '.fusionizerignore'), above.join('\n'));
            await writeFile(path.join(dir, 'a', '.fusionizerignore'), below.join('\n'));
            execFileSync('git', ['init', '--quiet', dir], { env });
            const listed = execFileSync(
              'git',
              [
                '-C',
                dir,
                'ls-files',
                '-z',
                '--others',
                '--exclude-per-directory=.fusionizerignore',
                `--exclude-from=${builtIn}`,
              ],
              { env },
            );
            const expected = listed
              .toString()
              .split('\0')
              .filter((name) => name !== '')
              .sort();
            // `!*` includes .git again here, like everything that a built-in rule ignores. git never lists it.
            const packed = (await namesIn(dir)).filter((name) => !name.startsWith('.git/'));
            assert.deepEqual(packed, expected);
          } finally {
            await rm(parent, { recursive: true, force: true });
          }
        },
      ),
      { numRuns: 80 },
    );
  });

  it('follows links inside the folder and warns of those that leave it', { skip: windows }, async (test) => {
    const outside = await temporaryFolder(test, { secret: 'x' });
    const dir = await temporaryFolder(test, { 'main.py': 'm', 'real/a.py': 'a' });
    await symlink('main.py', path.join(dir, 'alias.py'));
    await symlink('real', path.join(dir, 'linked'));
    await symlink('..', path.join(dir, 'real', 'round'));
    await symlink(path.join(outside, 'secret'), path.join(dir, 'stolen'));
    await symlink(outside, path.join(dir, 'stolen-folder'));
    await symlink('nowhere', path.join(dir, 'broken'));
    const { files, warnings } = await listTaskFiles(dir);
    assert.deepEqual(
      files.map(({ name }) => name),
      ['alias.py', 'linked/a.py', 'main.py', 'real/a.py'],
    );
    assert.deepEqual(warnings.map((warning) => warning.split(',')[0]).sort(), [
      'broken is not sent: the link leads nowhere',
      'linked/round is not sent: it links to a folder that contains it',
      'real/round is not sent: it links to a folder that contains it',
      'stolen is not sent: the link leaves the folder',
      'stolen-folder is not sent: the link leaves the folder',
    ]);
  });

  it('makes the same zip of the same files, whenever these were written, and keeps executable bits', {
    skip: windows,
  }, async (test) => {
    const files = { 'main.py': 'm', 'bin/tool': '#!/bin/sh\n', 'a/b/c.txt': 'c' };
    const [one, other] = [await temporaryFolder(test, files), await temporaryFolder(test, files)];
    for (const dir of [one, other]) await chmod(path.join(dir, 'bin/tool'), 0o755);
    await utimes(path.join(other, 'main.py'), 1, 1);
    const [first, second] = [await packTask(one), await packTask(other)];
    assert.ok(first.zip.equals(second.zip));
    assert.equal(first.hash, second.hash);
    const { files: entries } = await JSZip.loadAsync(first.zip);
    assert.deepEqual(Object.keys(entries), ['a/b/c.txt', 'bin/tool', 'main.py']);
    assert.equal(Number(entries['bin/tool']?.unixPermissions) & 0o777, 0o755);
    assert.equal(first.size, 12);
  });

  it('reports that a folder or file is not a Task, and does not count ignored files', async (test) => {
    const dir = await temporaryFolder(test, {
      'ignored/.fusionizerignore': 'b.py\n',
      'ignored/a.py': '',
      'ignored/b.py': '',
      'both/a.py': '',
      'both/b.py': '',
      'yml/function.yml': '',
      'below/task/function.yaml': '',
    });
    await assert.rejects(packTask(dir), /There is no function\.yaml in .* this one has no source file$/);
    await assert.rejects(packTask(path.join(dir, 'both')), NoTaskError);
    await assert.rejects(packTask(path.join(dir, 'below')), NoTaskError);
    await assert.rejects(packTask(path.join(dir, 'yml', 'function.yml')), /is not a Task/);
    assert.equal((await packTask(path.join(dir, 'ignored'))).files.length, 1);
    assert.equal((await packTask(path.join(dir, 'yml'))).files.length, 1);
    await assert.rejects(packTask(path.join(dir, 'absent')), /There is no file or folder/);
  });
});

describe('the name of a Task', () => {
  it('is metadata.name in function.yaml or inline, or else the name of the folder or file', async (test) => {
    const inline =
      '# @nuclio.configure\n#\n# function.yaml:\n#   metadata:\n#     name: inline\n\n' +
      'def handler(context, event): pass\n';
    const dir = await temporaryFolder(test, {
      'named/function.yaml': 'metadata: {name: given}',
      'plain/main.py': '',
      'x.py': inline,
      'y.py': '',
    });
    const name = (from: string): Promise<string> => taskNameOf(path.join(dir, from));
    assert.deepEqual(await Promise.all(['named', 'plain', 'x.py', 'y.py'].map(name)), [
      'given',
      'plain',
      'inline',
      'y',
    ]);
  });

  it('is refused with a suggestion if it is not a DNS label', async (test) => {
    const dir = await temporaryFolder(test, {
      'My Task/main.py': '',
      'Other Task/function.yaml': '# top\nmetadata: {}\n',
      'odd/function.yaml': 'spec: {}\nMetadata:\n  Name: Odd_Name\n',
      'x.py': '\n# @nuclio.configure\n#\n# function.yaml:\n#   metadata:\n#     name: In_Line\n\n',
    });
    const refusal = (from: string): Promise<unknown> =>
      taskNameOf(path.join(dir, from)).catch((error: unknown) => error);
    for (const [from, message, file, line] of [
      [
        'My Task',
        /^"My Task" cannot .* such as 'my-task' \(it is the folder's name\): write another one as metadata\.name$/,
        undefined,
        undefined,
      ],
      ['Other Task', /^function\.yaml:2: "Other Task" .*folder's name/, 'function.yaml', 2],
      ['odd', /^function\.yaml:3: "Odd_Name" cannot be a Task's name: .* such as 'odd-name'$/, 'function.yaml', 3],
      ['x.py', /^x\.py:6: "In_Line" .* such as 'in-line'$/, 'x.py', 6],
    ] as const) {
      const error = await refusal(from);
      assert.ok(error instanceof TaskNameError, from);
      assert.match(error.message, message);
      assert.deepEqual([error.file, error.line], [file, line]);
    }
  });
});
