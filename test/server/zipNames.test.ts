import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestServer } from '../support/server.ts';
import { functionYaml } from '../support/tasks.ts';
import { AttackedServer } from '../support/unharmed.ts';
import { type ZipEntry, zipBytes } from '../support/zipBytes.ts';

const LISTING =
  "const fs = require('node:fs');\nexports.handler = (c) => " +
  'c.callback(fs.readdirSync(__dirname, { recursive: true }).sort());';
const task = (code = LISTING): ZipEntry[] => [
  { name: 'function.yaml', content: functionYaml('nodejs') },
  { name: 'main.js', content: code },
];
const APPLE = Buffer.concat([Buffer.from([0, 5, 22, 7, 0, 2, 0, 0]), Buffer.from('Mac OS X        ')]);

/** Zips as programs of other systems make them, and the files that they hold beside function.yaml and main.js. */
const TAKEN: [what: string, entries: ZipEntry[], files: string[]][] = [
  [
    'the Finder of macOS',
    [
      { name: '__MACOSX/' },
      { name: '__MACOSX/._main.js', content: APPLE },
      { name: '._main.js', content: APPLE },
      { name: 'lib/a.js', content: '' },
      { name: '__MACOSX/lib/._a.js', content: APPLE },
      { name: 'lib/._a.js', content: APPLE },
    ],
    ['lib', 'lib/a.js'],
  ],
  [
    'Windows with backslashes',
    [
      { name: 'lib\\a.js', content: 'w', host: 0, isUtf8: false },
      { name: 'lib\\deep\\', host: 0, isUtf8: false },
    ],
    ['lib', 'lib/a.js', 'lib/deep'],
  ],
  ['Linux without the flag for UTF-8', [{ name: 'grüße.txt', content: 'x', isUtf8: false }], ['grüße.txt']],
  [
    'Windows in code page 437',
    [{ name: Buffer.from('gr\x81\xe1e.txt', 'latin1'), content: 'x', isUtf8: false, host: 0 }],
    ['grüße.txt'],
  ],
  ['any, with Japanese names', [{ name: '日本語/ファイル.txt', content: 'x' }], ['日本語', '日本語/ファイル.txt']],
];

const NOT_EVERYWHERE = [
  ...['1:2', 'a<b', 'a>b', 'a"b', 'a|b', 'what?', 'a*b', 'tab\tin', 'del\x7f\x01'],
  ...[
    'con',
    'CON.txt',
    'con .txt',
    'aux',
    'NUL',
    'prn.js',
    'com1',
    'COM9.log',
    'lpt0',
    'com¹',
    'LPT³.x',
    'conin$',
    'CONOUT$',
    'clock$',
  ],
  ...['dot.', 'space ', 'dir./x', 'dir /x', 'lib/nul/x', '...', 'a/. /b'],
];

describe('a zip of another system', () => {
  it('is unpacked as its user sees it', async (t) => {
    const { server, upload } = await attacked(t);
    for (const [what, entries, files] of TAKEN) {
      const answer = await upload(zipBytes([...entries, ...task()]));
      assert.equal(answer.status, 200, `${what}: ${answer.text}`);
      assert.deepEqual((await server.post('task')).json(), ['function.yaml', ...files, 'main.js'].sort(), what);
    }
  });

  it('counts as unchanged when only what macOS adds is new', async (t) => {
    const { server, upload } = await attacked(t);
    assert.equal((await upload(zipBytes(task()))).status, 200);
    assert.equal((await upload(zipBytes([...task(), { name: '__MACOSX/._main.js', content: APPLE }]))).status, 200);
    assert.equal((await server.task('task')).version, 1);
  });

  it('is refused for a name that Windows or macOS cannot hold', async (t) => {
    const { upload } = await attacked(t);
    for (const name of NOT_EVERYWHERE) {
      const answer = await upload(zipBytes([...task(), { name, content: 'x' }]));
      assert.deepEqual(
        [answer.status, /whose name not every system allows/.test(answer.text)],
        [422, true],
        `${name}: ${answer.text}`,
      );
    }
    const latin = await upload(zipBytes([...task(), { name: Buffer.from('gr\xfc\xdfe', 'latin1'), content: 'x' }]));
    assert.deepEqual([latin.status, /name is not UTF-8 text/.test(latin.text)], [422, true], latin.text);
  });
});

describe('a configuration with nearly the right name', () => {
  it('beside a source file is named in a warning', async (t) => {
    const server = await TestServer.start(t);
    for (const name of ['functions.yaml', 'Function.yaml', 'function.yaml.txt', 'fuction.yml']) {
      const answer = await server.put('task', { [name]: functionYaml('nodejs'), 'main.js': `${LISTING}// ${name}` });
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual((await server.task('task')).warnings, [
        `${name} is not read, because a Task's configuration is function.yaml: rename it, if that is meant`,
      ]);
    }
    await server.put('task', { 'function.yml': functionYaml('nodejs'), 'main.js': LISTING });
    assert.deepEqual((await server.task('task')).warnings, [
      'function.yml: Nuclio reads function.yaml only: rename the file',
    ]);
    await server.put('task', { 'values.yaml': 'a: 1', 'main.js': LISTING });
    assert.deepEqual((await server.task('task')).warnings, []);
  });

  it('is named in the refusal of a folder without function.yaml', async (t) => {
    const server = await TestServer.start(t);
    const answer = await server.put('task', { 'functions.yaml': functionYaml('nodejs'), 'a.js': '', 'b.js': '' });
    assert.match(
      answer.text,
      /no function\.yaml at the top level of the zip .*: rename functions\.yaml to function\.yaml/,
    );
  });
});

async function attacked(t: Parameters<typeof TestServer.start>[0]) {
  const one = await AttackedServer.start(t);
  return { server: one.server, upload: (zip: Buffer) => one.upload('task', zip) };
}
