import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { packageRoot } from '../../src/shared/packageRoot.ts';
import { CliProcess } from '../support/cli.ts';
import { until } from '../support/until.ts';

/** In bytes, packed: with room to grow. */
const LIMIT = 1_200_000;

/** A machine with Node.js alone: an empty home and npm prefix, no registry. Python is there for the Python Task. */
describe('the npm package that `npm pack` makes', { concurrency: false }, () => {
  let dir: string;
  let file: string;
  const at = (...parts: string[]): string => path.join(dir, ...parts);
  const env = (): NodeJS.ProcessEnv => ({
    PATH: `${at('prefix', 'bin')}${path.delimiter}${process.env['PATH']}`,
    HOME: at('home'),
    npm_config_prefix: at('prefix'),
    npm_config_cache: at('cache'),
    npm_config_offline: 'true',
    npm_config_update_notifier: 'false',
  });
  const run = (command: string, args: readonly string[], cwd = at('empty')): { code: number | null; text: string } => {
    const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env: env(), encoding: 'utf8' });
    return { code: status, text: `${stdout}${stderr}${error?.message ?? ''}` };
  };
  const ok = (command: string, args: readonly string[], cwd?: string): string => {
    const { code, text } = run(command, args, cwd);
    assert.equal(code, 0, `${command} ${args.join(' ')}: ${text}`);
    return text;
  };

  before(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'fusionizer-npm-'));
    for (const name of ['home', 'prefix', 'empty', 'project', 'bare']) await mkdir(at(name));
    // Built by `npm test` already: the build that `npm pack` begins with would write dist/ under the other tests.
    const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', dir];
    const { stdout, stderr } = spawnSync('npm', args, { cwd: packageRoot(), encoding: 'utf8' });
    const [packed]: { filename: string }[] = JSON.parse(stdout);
    assert.ok(packed, stderr);
    assert.doesNotMatch(stderr, /\bwarn/i);
    file = at(packed.filename);
  });
  after(() => rm(dir, { recursive: true, force: true }));

  it('installs in an empty folder, without a registry and without dependencies', async () => {
    ok('npm', ['install', '--offline', file]);
    assert.deepEqual(
      (await readdir(at('empty', 'node_modules'))).filter((name) => !name.startsWith('.')),
      ['fusionizer-for-nuclio'],
    );
    const { version } = JSON.parse(await readFile(path.join(packageRoot(), 'package.json'), 'utf8'));
    assert.equal(ok('npx', ['fusionizer', '--version']).trim(), version);
    assert.match(ok('npx', ['fusionizer', 'list', '--help']), /Usage: fusionizer list/);
    const readme = await readFile(at('empty', 'node_modules', 'fusionizer-for-nuclio', 'README.md'), 'utf8');
    assert.ok(readme.includes(`npm install -g ./${path.basename(file)}`), 'README.md names another version');
    assert.ok((await stat(file)).size < LIMIT);
  });

  it('holds what the server and the command line need, and nothing else', async () => {
    const installed = at('empty', 'node_modules', 'fusionizer-for-nuclio');
    const entries = await readdir(installed, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(installed, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
    const kinds = files.map((name) =>
      name
        .replace(/^dispatcher\/(nodejs|python)\/(fusionizer_\w+)\/\w+\.(js|py)$/, 'dispatcher/$1/$2/*.$3')
        .replace(/^dispatcher\/python\/vendor\/nuclio_sdk\/\w+\.py$/, 'dispatcher/python/vendor/nuclio_sdk/*.py')
        .replace(/^dispatcher\/python\/vendor\/nuclio_sdk-[\d.]+\.dist-info\/[\w.]+$/, 'nuclio_sdk.dist-info/*')
        .replace(/^dist\/webview\/[\w.]+\.(css|js)$/, 'dist/webview/*.$1')
        .replace(/^docs\/\w+(-\w+)*\.md$/, 'docs/*.md'),
    );
    assert.deepEqual([...new Set(kinds)].sort(), [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'dispatcher/nodejs/fusionizer_dispatcher/*.js',
      'dispatcher/nodejs/fusionizer_worker/*.js',
      'dispatcher/nodejs/package.json',
      'dispatcher/nodejs/worker.js',
      'dispatcher/processes/confine.sh',
      'dispatcher/processes/reaper.cjs',
      'dispatcher/processes/supervise.cjs',
      'dispatcher/python/fusionizer_dispatcher/*.py',
      'dispatcher/python/fusionizer_worker/*.py',
      'dispatcher/python/requirements.txt',
      'dispatcher/python/vendor/nuclio_sdk/*.py',
      'dispatcher/python/worker.py',
      'dist/cli.cjs',
      'dist/webview/*.css',
      'dist/webview/*.js',
      'docs/*.md',
      'docs/examples/pair-by-traffic.mjs',
      'media/schemas/function.schema.json',
      'nuclio_sdk.dist-info/*',
      'package.json',
      'src/server/docs/form.css',
      'src/server/docs/page.css',
      'src/server/docs/page.js',
    ]);
    const manifest = JSON.parse(await readFile(path.join(installed, 'package.json'), 'utf8'));
    assert.equal(manifest.dependencies, undefined, 'the bundle holds them');
    assert.equal(manifest.private, true, 'npm refuses to publish it');
    assert.doesNotMatch(manifest.description, /%/);
  });

  it('names the commands to type as they work: in a project, by npx from the file, and installed globally', () => {
    assert.match(run('npx', ['fusionizer', 'list', '--server', 'http://127.0.0.1:9']).text, /`npx fusionizer serve`/);
    const fromFile = ['--yes', '--package', file, 'fusionizer', 'list', '--server', 'http://127.0.0.1:9'];
    const { text } = run('npx', fromFile, at('bare'));
    assert.ok(text.includes(`\`npx --package ${file} fusionizer serve\``), text);
    const relative = path.join('..', path.basename(file));
    const byName = run('npx', ['--yes', relative, 'list', '--server', 'http://127.0.0.1:9'], at('bare'));
    assert.ok(byName.text.includes(`\`npx ${relative} serve\``), byName.text);
    ok('npm', ['install', '--global', '--offline', file]);
    const installed = run('fusionizer', ['list', '--server', 'http://127.0.0.1:9'], at('bare'));
    assert.match(installed.text, /`fusionizer serve`/);
  });

  it('serves, makes, deploys, invokes and fuses Tasks in a folder of its own, and ends', async () => {
    const child = spawn('fusionizer', ['serve', '--port', '0'], { cwd: at('project'), env: env() });
    const server = new CliProcess(child);
    try {
      await server.until(/^Fusionizer is ready at (\S+)$/m);
      const fusionizer = (...args: string[]): string => ok('fusionizer', args, at('project'));
      fusionizer('init', 'hello');
      fusionizer('init', 'caller', '--template', 'call', '--runtime', 'nodejs');
      fusionizer('init', 'relay', '--template', 'call');
      fusionizer('deploy', 'hello', 'caller', 'relay');
      for (const group of [undefined, 'hello,relay']) {
        if (group !== undefined) assert.match(fusionizer('fuse', group), /Fused: hello \+ relay/);
        for (const task of ['caller', 'relay'])
          assert.match(fusionizer('invoke', task, '-d', '{"name": "you"}'), /Hello, you!/);
      }
      // Functions send the records of their calls within a second.
      await until('the record of a local call', () => /relay -> hello +local/.test(fusionizer('traces')));
    } finally {
      child.kill('SIGINT');
    }
    assert.equal((await server.ended).code, 0, server.stderr);
  });
});
