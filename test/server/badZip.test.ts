import '../support/confined.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Files } from '../support/server.ts';
import { functionYaml, saying } from '../support/tasks.ts';
import { AttackedServer } from '../support/unharmed.ts';
import { deflatedZeros, type ZipEntry, zipBytes } from '../support/zipBytes.ts';

const good: ZipEntry[] = Object.entries(saying('x') as Record<string, string>).map(([name, content]) => ({
  name,
  content,
}));
const withEntries = (...entries: ZipEntry[]): Buffer => zipBytes([...good, ...entries]);
const named = (...names: (string | Buffer)[]): Buffer => withEntries(...names.map((name) => ({ name, content: 'x' })));
const whole = zipBytes(good);
const GIB = 1024 ** 3;
const zeros = deflatedZeros(1024);

type Case = [what: string, zip: () => Buffer, status: number, message: RegExp];

const ENTRIES: Case[] = [
  ['a path that leaves the folder', () => named('../evil.js'), 422, /invalid relative path: \.\.\/evil\.js/],
  ['one that leaves it further down', () => named('a/../../evil.js'), 422, /invalid relative path/],
  ['one that comes back', () => named('a/../main2.js'), 422, /invalid relative path/],
  ['`..` as a folder', () => named('../'), 422, /invalid relative path/],
  ['an absolute path', () => named('/tmp/evil.js'), 422, /absolute path: \/tmp\/evil\.js/],
  ['two slashes', () => named('//server/share'), 422, /absolute path/],
  ['a drive letter', () => named('C:/evil.js'), 422, /absolute path: C:\/evil\.js/],
  ['a drive letter alone', () => named('c:evil.js'), 422, /absolute path: c:evil\.js/],
  ['backslashes that leave the folder', () => named('..\\evil.js'), 422, /invalid relative path: \.\.\/evil\.js/],
  [
    'a link',
    () => withEntries({ name: 'link', content: '/etc/passwd', mode: 0o120777 }),
    422,
    /holds a link, "link": put in the file itself/,
  ],
  ['a link that is a folder', () => withEntries({ name: 'link/', mode: 0o120777 }), 422, /holds a link/],
  ['two entries of a name', () => named('a.js', 'a.js'), 422, /two entries for "a\.js"/],
  [
    'two that differ in case',
    () => named('lib/a.js', 'LIB/A.js'),
    422,
    /take for one, "lib" and "LIB\/A\.js": rename one/,
  ],
  ['two that differ in Unicode form', () => named('é.txt', 'e\u0301.txt'), 422, /take for one/],
  ['two that are one path', () => named('a/b', 'a//b'), 422, /two entries for "a\/\/b"/],
  ['two that are one path by a dot', () => named('a/b', './a/./b'), 422, /two entries for/],
  ['a second function.yaml', () => named('function.yaml'), 422, /two entries for "function\.yaml"/],
  ['a file, and an entry below it', () => named('a', 'a/b'), 422, /"a\/b" below one that is a file/],
  ['an entry, and a file above it', () => named('a/b', 'a'), 422, /two entries for "a"/],
  ['a file and a folder of one name', () => named('a', 'a/'), 422, /two entries for "a\/"/],
  ['a folder twice', () => named('a/', 'a/'), 422, /two entries for "a\/"/],
  ['a folder in two spellings', () => named('a/', 'A/'), 422, /take for one, "a" and "A\/": rename one/],
  ['folders in two spellings above files', () => named('a/x', 'A/y'), 422, /take for one, "a" and "A\/y"/],
  ['NUL in a name', () => named('a\0.js'), 422, /"a\\u0000\.js": rename it/],
  ['a line break in a name', () => named('a\nb'), 422, /"a\\nb": rename it/],
  ['a name of Windows', () => named('lib/CON.txt'), 422, /whose name not every system allows, "lib\/CON\.txt"/],
  ['a name that ends with a dot', () => named('main.js.'), 422, /not every system allows, "main\.js\."/],
  ['a name that ends with a space', () => named('lib /a.js'), 422, /not every system allows/],
  ['no name', () => named(''), 422, /an entry without a name/],
  ['a very long part', () => named('a'.repeat(256)), 422, /name is too long.*255 bytes/],
  ['a very long name', () => named('abc/'.repeat(300).concat('x')), 422, /name is too long.*1024 in all/],
  [
    '20,000 entries',
    () => named(...Array.from({ length: 20_000 }, (_, index) => `f${index}`)),
    422,
    /has 20002 entries, more than 15000/,
  ],
  [
    'few entries with very many folders',
    () => named(...Array.from({ length: 100 }, (_, i) => `${i}/${'a/'.repeat(400)}x`)),
    422,
    /more than 15000 files and folders/,
  ],
  [
    'more entries than it says',
    () => zipBytes([...good, { name: 'a' }], 5),
    422,
    /not a zip file that can be unpacked/,
  ],
  [
    'an entry that needs a password',
    () => withEntries({ name: 'a', content: 'x', deflate: true, encrypted: true }),
    422,
    /has an encrypted entry, "a": make the zip without a password/,
  ],
  [
    'a method that nobody knows',
    () => withEntries({ name: 'a', content: 'x', declaredMethod: 99 }),
    422,
    /has an entry in compression method 99, "a": make the zip with Deflate/,
  ],
  [
    "a method of another program's",
    () => withEntries({ name: 'a', content: 'x', declaredMethod: 14 }),
    422,
    /in compression method LZMA, "a"/,
  ],
  [
    'a wrong checksum',
    () => withEntries({ name: 'lib/a', content: 'x', deflate: true, declaredSum: 1 }),
    422,
    /is damaged: the checksum of "lib\/a" is wrong\. Make the zip again/,
  ],
  [
    'bytes that are not deflated',
    () => withEntries({ name: 'a', content: 'abcdef', declaredMethod: 8 }),
    422,
    /not a zip file that can be unpacked/,
  ],
];

const SIZES: Case[] = [
  [
    '1 GiB of zeros',
    () => withEntries({ name: 'zeros', deflated: zeros, declaredSize: GIB }),
    413,
    /unpacks to more than 512 MiB: leave out/,
  ],
  [
    '1 GiB that says it is 10 bytes',
    () => withEntries({ name: 'zeros', deflated: zeros, declaredSize: 10 }),
    422,
    /too many bytes in the stream\. expected 10/,
  ],
  [
    '10 bytes that say they are 4 GiB',
    () => withEntries({ name: 'a', content: '0123456789', deflate: true, declaredSize: 2 ** 32 - 2 }),
    413,
    /more than 512 MiB/,
  ],
  [
    '10 bytes that say they are 20',
    () => withEntries({ name: 'a', content: '0123456789', deflate: true, declaredSize: 20 }),
    422,
    /not enough bytes/,
  ],
];

const FILES: Case[] = [
  ['text', () => Buffer.from('not a zip'), 422, /not a zip file.*no directory at its end/],
  ['nothing', () => Buffer.alloc(0), 422, /not a zip file/],
  [
    'another kind of archive',
    () => Buffer.from([0x1f, 0x8b, 8, ...Array<number>(100).fill(0)]),
    422,
    /or \.rar.*: send a zip/,
  ],
  ['a zip without entries', () => zipBytes([]), 422, /The zip is empty/],
  ['a zip that is cut short', () => whole.subarray(0, whole.length - 30), 422, /not a zip file/],
  ['a zip without its beginning', () => whole.subarray(30), 422, /not a zip file/],
  [
    'a zip whose directory lies elsewhere',
    () => Buffer.concat([whole.subarray(0, whole.length - 6), Buffer.from([255, 255, 255, 127, 0, 0])]),
    422,
    /not a zip file/,
  ],
];

describe('a zip that is refused', { concurrency: false }, () => {
  for (const [group, cases] of [
    ['for an entry', ENTRIES],
    ['for its size', SIZES],
    ['for being none', FILES],
  ] as const) {
    it(`${group}, leaves nothing behind, and the other Tasks serve`, async (t) => {
      const attacked = await AttackedServer.start(t);
      for (const [what, zip, status, message] of cases) {
        const answer = await attacked.upload('evil', zip());
        assert.deepEqual(
          [answer.status, message.test(answer.text)],
          [status, true],
          `${what}: ${answer.status} ${answer.text}`,
        );
        assert.ok(!answer.text.includes(attacked.server.state), `${what}: ${answer.text}`);
        await attacked.assertUnharmed(what);
      }
    });
  }

  it('does not harm the version that serves', async (t) => {
    const attacked = await AttackedServer.start(t);
    await attacked.server.deploy('task', saying('first'));
    assert.equal((await attacked.upload('task', named('../evil.js'))).status, 422);
    assert.equal((await attacked.server.post('task')).text, 'first');
    await attacked.assertUnharmed('redeploy', ['task']);
  });
});

describe('a zip with what is odd but harmless', () => {
  it('is deployed', async (t) => {
    const attacked = await AttackedServer.start(t);
    const odd: Record<string, Files[string]> = {
      './lib//a.js': 'x',
      'emoji 😀 & co.txt': 'x',
      '...dots': 'x',
      'console.js': 'x',
      com10: 'x',
    };
    const entries = [
      { name: './' },
      { name: 'empty/' },
      ...Object.entries(odd).map(([name, content]) => ({ name, content, mode: 0o104755 })),
    ];
    const yaml = { name: './function.yaml', content: functionYaml('nodejs') };
    const code = {
      name: 'main.js',
      content:
        "const fs = require('node:fs');\nexports.handler = (c) => c.callback({ names: fs.readdirSync(__dirname), " +
        "mode: fs.statSync(__dirname + '/com10').mode });",
    };
    const deployed = await attacked.upload('odd', zipBytes([...entries, yaml, code]));
    assert.equal(deployed.status, 200, deployed.text);
    const { names, mode } = (await attacked.server.post('odd')).json<{ names: string[]; mode: number }>();
    for (const name of ['lib', 'empty', 'emoji 😀 & co.txt', '...dots']) assert.ok(names.includes(name), name);
    // No set-user-id bit comes in by a zip.
    assert.equal(mode & 0o7777, 0o755);
  });
});
