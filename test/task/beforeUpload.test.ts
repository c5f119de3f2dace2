import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { packTask } from '../../src/task/pack.ts';
import { checkFileNames, listTaskFiles } from '../../src/task/taskFiles.ts';
import { temporaryFolder } from '../support/folder.ts';

const config = (handler = '  handler: main:handler\n', more = ''): string =>
  `spec:\n  runtime: nodejs\n${handler}${more}`;
const TS = 'export const handler = (c: any) => c.callback();\n';
const COMMANDS = '  build: {commands: [npm install x]}\n';

const REFUSED: [what: string, files: Record<string, string>, message: RegExp][] = [
  [
    'a handler of which there is TypeScript only',
    { 'function.yaml': config(), 'main.ts': TS },
    /function\.yaml:3: .*main\.ts is TypeScript.* --format=cjs --outfile=main\.js/,
  ],
  [
    'a handler that names TypeScript',
    { 'function.yaml': config('  handler: main.ts:handler\n'), 'main.ts': TS, 'main.js': '' },
    /main\.ts is TypeScript/,
  ],
  [
    'the same, with build commands',
    { 'function.yaml': config('  handler: main.ts:handler\n', COMMANDS), 'main.ts': TS },
    /main\.ts is TypeScript/,
  ],
  [
    'no handler',
    { 'function.yaml': config(''), 'main.mts': TS },
    /function\.yaml:\d: main\.mts is TypeScript.* --format=esm --outfile=main\.mjs/,
  ],
  [
    'a folder',
    { 'function.yaml': config('  handler: lib:handler\n'), 'lib/index.ts': TS },
    /lib\/index\.ts is TypeScript/,
  ],
  ['no function.yaml', { 'main.ts': TS }, /There is no function\.yaml in .*, and main\.ts is TypeScript/],
];
const TAKEN: [what: string, files: Record<string, string>][] = [
  ['compiled beside', { 'function.yaml': config(), 'main.ts': TS, 'main.js': 'exports.handler = 1' }],
  ['types beside', { 'function.yaml': config(), 'types.d.ts': '', 'main.js': '' }],
  ['a package that brings the module', { 'function.yaml': config('  handler: x:handler\n', COMMANDS), 'x.ts': TS }],
  ['Python', { 'function.yaml': 'spec: {runtime: python, handler: "main:handler"}\n', 'main.py': '', 'main.ts': TS }],
];

test('TypeScript is refused before it is packed, with what to do', async (context) => {
  for (const [what, files, message] of REFUSED) {
    const folder = await temporaryFolder(context, files);
    await assert.rejects(packTask(folder), message, what);
  }
  const folder = await temporaryFolder(context, { 'main.ts': TS });
  await assert.rejects(packTask(path.join(folder, 'main.ts')), /main\.ts is TypeScript/);
  for (const [, files] of TAKEN) await packTask(await temporaryFolder(context, files));
});

test('a folder with more files than the server takes is refused before they are read', async (context) => {
  const folder = await temporaryFolder(context, { 'function.yaml': config(), 'main.js': '' });
  for (let part = 0; part < 76; part += 1) {
    const dir = path.join(folder, 'node_modules', `p${part}`);
    await mkdir(dir, { recursive: true });
    await Promise.all(Array.from({ length: 200 }, (_, index) => writeFile(path.join(dir, `${index}.js`), '')));
  }
  await assert.rejects(
    listTaskFiles(folder),
    /has more than 15000 files and folders to send, at least 1\d+ of them in node_modules: write node_modules\/ into /,
  );
  await writeFile(path.join(folder, '.fusionizerignore'), 'node_modules/\n');
  assert.equal((await packTask(folder)).files.length, 2);
});

test('what macOS and Windows keep in folders is not sent, and is no second source file', async (context) => {
  const folder = await temporaryFolder(context, {
    'main.py': 'def handler(context, event):\n    return 1\n',
    '._main.py': '\0\x05\x16\x07',
    '.DS_Store': 'x',
    'desktop.ini': 'x',
    '__MACOSX/._main.py': 'x',
  });
  assert.deepEqual(
    (await packTask(folder)).files.map(({ name }) => name),
    ['main.py'],
  );
});

test('functions.yaml is named where function.yaml is missing', async (context) => {
  const folder = await temporaryFolder(context, { 'functions.yaml': config(), 'a.js': '', 'b.js': '' });
  await assert.rejects(packTask(folder), /There is no function\.yaml in .*: rename functions\.yaml/);
});

/** What Linux can hold, and other systems cannot. */
const NAMES: [files: string[], message: RegExp][] = [
  [
    ['what?.txt'],
    /^folder has a file whose name not every system allows, "what\?\.txt": rename it, because Windows allows no \? in/,
  ],
  [
    ['lib/con.txt'],
    /"lib\/con\.txt": rename it, because Windows has a device 'con'\. Or leave it out by \.fusionizerignore$/,
  ],
  [['tab\tin'], /"tab\\tin": rename it, because Windows allows no control characters in names/],
  [['dir./x'], /"dir\.\/x": rename it, because Windows takes away points and spaces at the end/],
  [['back\\slash'], /"back\\\\slash": rename it/],
  [
    ['a.txt', 'A.txt'],
    /has two names that macOS and Windows take for one, "a\.txt" and "A\.txt": rename one of them\./,
  ],
  [['lib/a', 'Lib/b'], /take for one, "lib" and "Lib\/b"/],
  [['\u00e9', 'e\u0301'], /take for one/],
  [[`${'abcdefghi/'.repeat(110)}x`], /name is too long, .*: 255 bytes for each part and 1024 in all are allowed/],
];

test('names that not every system can hold are refused before they are sent', async (context) => {
  for (const [names, message] of NAMES) {
    const files = names.map((name) => ({ name, path: name, size: 0, executable: false }));
    assert.throws(() => checkFileNames('folder', files), { code: 'task', message });
  }
  if (process.platform !== 'linux') return;
  const text = 'def handler(context, event): pass\n';
  const folder = await temporaryFolder(context, { 'main.py': text, 'con.txt': '', 'lib/x': '', 'Lib/y': '' });
  await assert.rejects(packTask(folder), /has a device 'con'|take for one/);
  await writeFile(path.join(folder, '.fusionizerignore'), 'con.txt\nLib/\n');
  assert.equal((await packTask(folder)).files.length, 2);
  const alone = await temporaryFolder(context, { 'con.py': text });
  await assert.rejects(packTask(path.join(alone, 'con.py')), /has a device 'con'/);
});
