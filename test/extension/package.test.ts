import assert from 'node:assert/strict';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import JSZip from 'jszip';
import { temporaryFolder } from '../support/folder.ts';
import { kibOf, loadedFiles } from '../support/loadedFiles.ts';
import { vsix } from '../support/vscode/vsix.ts';

/** Of the VSIX, with room to grow: 610 kB without pictures, 160 kB of the walkthrough, and 85 kB inside the page. */
// The pages came with the board of schedules: 50 kB each, packed.
const LIMIT = 1_200_000;
/** The most that an activation loads, in KiB: the rest is loaded on first use. */
const MAX_LOADED = 60;

describe('the VSIX that `npm run package` makes', () => {
  const closers: (() => Promise<void>)[] = [];
  let file: string;
  let zip: JSZip;
  before(async () => {
    file = await vsix({ after: (close) => closers.push(close) });
    zip = await JSZip.loadAsync(await readFile(file));
  });
  after(async () => {
    for (const close of closers) await close();
  });

  const files = () =>
    Object.values(zip.files)
      .filter(({ dir }) => !dir)
      .map(({ name }) => name);
  const text = async (name: string) =>
    (await zip.file(name)?.async('string')) ?? assert.fail(`no ${name} in the package`);

  it('holds what the extension needs, and nothing else', () => {
    const kinds = new Set(
      files().map((name) =>
        name.replace(
          /(dispatcher\/(?:nodejs|python|processes)|dist\/(?:extension|webview)|media|src\/server\/docs)\/.*/,
          '$1/',
        ),
      ),
    );
    assert.deepEqual([...kinds].sort(), [
      '[Content_Types].xml',
      'extension.vsixmanifest',
      'extension/LICENSE.txt',
      'extension/changelog.md',
      'extension/dispatcher/nodejs/',
      'extension/dispatcher/processes/',
      'extension/dispatcher/python/',
      'extension/dist/extension/',
      'extension/dist/webview/',
      'extension/media/',
      'extension/package.json',
      'extension/package.nls.json',
      'extension/readme.md',
      'extension/src/server/docs/',
    ]);
  });

  it('has the workers, the Dispatchers and nuclio-sdk', () => {
    const needed = [
      'python/worker.py',
      'python/fusionizer_dispatcher/entry.py',
      'python/fusionizer_worker/main.py',
      'python/vendor/nuclio_sdk/event.py',
    ];
    const others = [
      'python/vendor/nuclio_sdk-0.5.13.dist-info/LICENSE.txt',
      'nodejs/worker.js',
      'nodejs/fusionizer_dispatcher/entry.js',
      'processes/reaper.cjs',
      'processes/supervise.cjs',
      'processes/confine.sh',
    ];
    const missing = [...needed, ...others].filter((name) => !files().includes(`extension/dispatcher/${name}`));
    assert.deepEqual(missing, []);
  });

  it('has no sources, tests, maps, nor what Python compiled', () => {
    assert.deepEqual(
      files().filter((name) => /\.ts$|\.map$|\.pyc$|\/tests?\/|node_modules|__pycache__/.test(name)),
      [],
    );
  });

  it('has every file that package.json names', async () => {
    const manifest = JSON.parse(await text('extension/package.json'));
    const named = JSON.stringify({
      main: manifest.main,
      icon: manifest.icon,
      contributes: manifest.contributes,
    }).matchAll(/"(?:\.\/)?([\w.-]+\/[\w./-]+\.(?:cjs|json|md|png|svg))"/g);
    const missing = [...named].map(([, name]) => name).filter((name) => !files().includes(`extension/${name}`));
    assert.deepEqual(missing, []);
  });

  it('is of the version in package.json and small', async () => {
    const { name, publisher, version } = JSON.parse(await text('extension/package.json'));
    assert.match(
      await text('extension.vsixmanifest'),
      new RegExp(`Id="${name}" Version="${version}" Publisher="${publisher}"`),
    );
    const { size } = await stat(file);
    assert.ok(size < LIMIT, `${size} bytes`);
  });

  it('has pages of at most 300 KiB each', async () => {
    const pages = files().filter((name) => name.startsWith('extension/dist/webview/') && name.endsWith('.js'));
    assert.ok(pages.length > 0);
    for (const name of pages) assert.ok((await text(name)).length < 300 * 1024, name);
  });

  it('loads little at its activation', async (t) => {
    const folder = await temporaryFolder(t);
    const bundle = path.join(folder, 'dist', 'extension');
    await mkdir(bundle, { recursive: true });
    for (const name of files()) {
      if (name.endsWith('.cjs') && path.posix.dirname(name) === 'extension/dist/extension')
        await writeFile(path.join(bundle, path.posix.basename(name)), await text(name));
    }
    const loaded = loadedFiles(path.join(bundle, 'extension.cjs'));
    assert.ok(kibOf(loaded) <= MAX_LOADED, `${kibOf(loaded).toFixed(1)} KiB: ${JSON.stringify([...loaded])}`);
  });
});
