import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import JSZip from 'jszip';
import { guessedBySource } from '../../../src/extension/create/guessConfig.ts';
import { buildCommandsIn, buildCommandsOf, consentTo, listOf } from '../../../src/extension/deploy/buildConsent.ts';
import { packTask } from '../../../src/task/pack.ts';
import { taskNameOf } from '../../../src/task/taskName.ts';
import { temporaryFolder } from '../../support/folder.ts';

const YAML =
  'spec:\n  runtime: python\n  handler: main:handler\n  build:\n    commands:\n' +
  '      - pip install one\n      - pip install two\n';
const INLINE =
  '# @nuclio.configure\n#\n# function.yaml:\n#   spec:\n#     build:\n' +
  '#       commands: [pip install three]\n\ndef handler(context, event):\n    pass\n';

describe('build commands', () => {
  it('are those of function.yaml, else of the inline configuration', async (t) => {
    const dir = await temporaryFolder(t, {
      'a/function.yaml': YAML,
      'a/main.py': INLINE,
      'b/main.py': INLINE,
      'c/main.py': '',
    });
    assert.deepEqual(await buildCommandsIn('a', path.join(dir, 'a')), {
      task: 'a',
      commands: ['pip install one', 'pip install two'],
    });
    assert.deepEqual(await buildCommandsIn('b', path.join(dir, 'b')), { task: 'b', commands: ['pip install three'] });
    assert.equal(await buildCommandsIn('c', path.join(dir, 'c')), undefined);
  });

  it('are read from what is sent, although the files change after they were packed', async (t) => {
    const inline = (command: string) => INLINE.replace('pip install three', command);
    const yaml = (command: string) => `metadata:\n  name: ${command}\nspec:\n  build:\n    commands: [${command}]\n`;
    const dir = await temporaryFolder(t, {
      'yaml/function.yaml': yaml('old'),
      'yaml/function.yml': yaml('ignored'),
      'yml/function.yml': yaml('old'),
      'inline/main.py': inline('old'),
    });
    for (const [folder, file, text] of [
      ['yaml', 'function.yaml', yaml],
      ['yml', 'function.yml', yaml],
      ['inline', 'main.py', inline],
      ['inline/main.py', 'main.py', inline],
    ] as const) {
      const source = path.join(dir, folder);
      const onDisk = folder.endsWith(file) ? source : path.join(source, file);
      await writeFile(onDisk, text('old'));
      const packed = await packTask(source);
      await writeFile(onDisk, text('new'));
      assert.deepEqual(buildCommandsOf('task', packed.config), { task: 'task', commands: ['old'] }, folder);
      const sent = await (await JSZip.loadAsync(packed.zip)).file(file)?.async('string');
      assert.equal(sent, text('old'), folder);
      if (text === yaml) assert.equal(await taskNameOf(source, packed), 'old', folder);
    }
  });

  it('are agreed to by list and by machine', () => {
    const one = { task: 'a', commands: ['x', 'y'] };
    assert.equal(consentTo(one, undefined), consentTo({ ...one, task: 'b' }, undefined));
    const others = [
      consentTo(one, undefined),
      consentTo(one, 'http://10.0.0.5:8000'),
      consentTo(one, 'http://10.0.0.6:8000'),
    ];
    assert.equal(new Set([...others, consentTo({ task: 'a', commands: ['x y'] }, undefined)]).size, 4);
  });

  it('are listed once, under the Tasks that have them', () => {
    const asked = [
      { task: 'a', commands: ['x', 'y'] },
      { task: 'b', commands: ['z'] },
      { task: 'c', commands: ['x', 'y'] },
    ];
    assert.equal(listOf(asked), 'a, c:\nx\ny\n\nb:\nz');
  });
});

it('a handler is guessed only of one source file without any configuration', async (t) => {
  const dir = await temporaryFolder(t, {
    'guessed/work.py': 'def handler(context, event): pass\n',
    'guessed/notes.txt': '',
    'node/main.mjs': '',
    'yaml/function.yml': YAML,
    'yaml/main.py': '',
    'inline/main.py': INLINE,
    'two/a.py': '',
    'two/b.js': '',
    'none/readme.md': '',
  });
  const guess = async (name: string) => {
    const found = await guessedBySource(path.join(dir, name));
    return found && { runtime: found.server.runtime, handler: found.server.handler, file: found.server.file };
  };
  assert.deepEqual(await guess('guessed'), { runtime: 'python', handler: 'work:handler', file: 'work.py' });
  assert.deepEqual(await guess('node'), { runtime: 'nodejs', handler: 'main:handler', file: 'main.mjs' });
  for (const name of ['yaml', 'inline', 'two', 'none', 'guessed/work.py'])
    assert.equal(await guess(name), undefined, name);
});
