import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { circlesOf, importsOf, sourceFiles } from './sources.ts';

const MAX_LINE = 120;
/** Titles, regular expressions and the code of Tasks in tests that are longer. No more may come. */
const LONG_IN_TESTS = 50;
const MAX_FILE = 300;
const SMALL = 12;
const MAX_SMALL = 15;

interface ImportRules {
  readonly MAY_IMPORT: Readonly<Record<string, readonly string[]>>;
  importRules(): string;
}
const rules: ImportRules = await import(new URL('../../scripts/importRules.mjs', import.meta.url).href);

/** The files in which the linter, with the project's import rules, finds an import that is not allowed. */
async function refused(t: TestContext, imports: readonly Import[]): Promise<string[]> {
  const dir = await mkdtemp(path.join(tmpdir(), 'import-rules-'));
  t.after(() => rm(dir, { recursive: true }));
  const config = { extends: [path.resolve('biome.imports.json')], linter: { rules: { preset: 'none' } } };
  await writeFile(path.join(dir, 'biome.json'), JSON.stringify(config));
  for (const [index, [folder, specifier]] of imports.entries()) {
    await mkdir(path.join(dir, folder), { recursive: true });
    await writeFile(
      path.join(dir, folder, `example${index}.ts`),
      `import { x } from '${specifier}';\nconsole.log(x);\n`,
    );
  }
  const biome = path.resolve('node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const args = [biome, 'lint', '--max-diagnostics=none', '--colors=off', '.'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: dir, encoding: 'utf8' });
  const output = stdout + stderr;
  assert.match(output, new RegExp(`Checked ${imports.length + 1} files`), output);
  return [...output.matchAll(/^(\S+?):\d+:\d+ lint\/style\/noRestrictedImports/gm)].map(([, file = '']) => file);
}

type Import = readonly [folder: string, specifier: string];

describe('the import rules', () => {
  it('are the ones that the linter has', () => {
    assert.deepEqual(
      JSON.parse(readFileSync('biome.imports.json', 'utf8')),
      JSON.parse(rules.importRules()),
      'biome.imports.json is out of date: run node scripts/importRules.mjs',
    );
  });

  const BROKEN: readonly Import[] = [
    ['src/shared', '../task/task.ts'],
    ['src/task/yaml', '../../engine/store.ts'],
    ['src/state', '../client/transport.ts'],
    ['src/secrets', '../platform/platform.ts'],
    ['src/client', '../engine/store.ts'],
    ['src/platform/embedded/build', '../../../engine/store.ts'],
    ['src/engine', '../platform/embedded/embeddedPlatform.ts'],
    ['src/engine/fuse', '../../server/parts.ts'],
    ['src/triggers/cron', '../../engine/fusionizer.ts'],
    ['src/optimizer/schedule', '../../server/parts.ts'],
    ['src/server/http', '../../extension/settings.ts'],
    ['src/cli/commands', '../../engine/fusionizer.ts'],
    ['src/demo', '../cli/main.ts'],
    ['src/extension/deploy/commands', '../../../server/parts.ts'],
    ['src/extension', '../platform/platform.ts'],
    ['src/engine', 'vscode'],
    ['webview/schedule', '../../src/extension/settings.ts'],
    ['webview/kit', 'node:fs'],
  ];
  const KEPT: readonly Import[] = [
    ['src/engine', '../platform/platform.ts'],
    ['src/engine', '../shared/errors.ts'],
    ['src/extension/deploy', '../server/connect.ts'],
    ['src/extension/deploy', 'vscode'],
    ['src/extension/deploy', '../../startServer.ts'],
    ['src/cli/commands', '../../startServer.ts'],
    ['webview/schedule', '../../src/shared/errors.ts'],
    ['webview/schedule', '../kit/host.ts'],
  ];

  it('refuse an import against the direction of each folder, and keep the others', async (t) => {
    const all = [...BROKEN, ...KEPT];
    const expected = BROKEN.map(([folder], index) => `${folder}/example${index}.ts`);
    assert.deepEqual((await refused(t, all)).sort(), expected.sort());
  });
});

describe('the files', () => {
  const files = sourceFiles();

  it('import each other without a circle', () => {
    const shown = circlesOf(importsOf(files)).map((circle) => circle.join(' -> '));
    assert.deepEqual(shown, []);
  });

  it('would be found in a circle', () => {
    const circles = circlesOf(
      new Map([
        ['a', ['b']],
        ['b', ['c']],
        ['c', ['b']],
      ]),
    );
    assert.deepEqual(circles, [['b', 'c', 'b']]);
  });

  it(`have lines of at most ${MAX_LINE} characters`, () => {
    const long = files.flatMap(({ path: file, lines }) =>
      lines.flatMap((line, index) => (line.length > MAX_LINE ? [`${file}:${index + 1}`] : [])),
    );
    const inTests = long.filter((place) => place.startsWith('test/'));
    assert.deepEqual(
      long.filter((place) => !inTests.includes(place)),
      [],
    );
    assert.ok(inTests.length <= LONG_IN_TESTS, `${inTests.length}: ${inTests.join(', ')}`);
  });

  it(`have at most ${MAX_FILE} lines`, () => {
    const long = files.filter(({ lines }) => lines.length > MAX_FILE).map(({ path: file }) => file);
    assert.deepEqual(long, []);
  });

  it(`are in at most ${MAX_SMALL} cases shorter than ${SMALL} lines`, () => {
    const small = files
      .filter(({ path: file, lines }) => /^(src|dispatcher)\//.test(file) && lines.length < SMALL)
      .map(({ path: file }) => file);
    assert.ok(small.length <= MAX_SMALL, `${small.length}: ${small.join(', ')}`);
  });
});
