// `npm run pack`: makes fusionizer-for-nuclio-<version>.tgz, which `npm install -g` and npx take. An argument is the
// folder to write it to. The manifest of the clone is the extension's (its `main`, `contributes`, and packages that the
// bundle holds already), so the npm package is put together in a folder of its own, with a manifest of its own.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepare } from './prepare.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Files and folders that are taken as they are. README.md and `--help` lead to pages in docs/. */
const TAKEN = ['README.md', 'CHANGELOG.md', 'LICENSE', 'docs', 'dispatcher'];
const PAGE = path.join('src', 'server', 'docs');
/** Fields of package.json that are the same in both manifests. `private` keeps the package from being published. */
const KEPT = ['name', 'version', 'private', 'license', 'keywords'];

/**
 * @param outDir the folder to write to
 * @returns the path of the package
 * @throws Error with npm's output, or where nuclio-sdk is missing
 */
export async function makeNpmPackage(outDir) {
  checkSdk();
  const stage = mkdtempSync(path.join(os.tmpdir(), 'fusionizer-npm-'));
  try {
    for (const name of TAKEN)
      cpSync(path.join(root, name), path.join(stage, name), { recursive: true, filter: isPackaged });
    for (const name of readdirSync(path.join(root, PAGE)).filter((file) => /^page\.(css|js)$/.test(file)))
      cpSync(path.join(root, PAGE, name), path.join(stage, PAGE, name));
    writeFileSync(path.join(stage, 'package.json'), `${JSON.stringify(npmManifest(), null, 2)}\n`);
    // esbuild comes with prepare().
    const { bundleCli } = await import('./bundle.mjs');
    await bundleCli(path.join(stage, 'dist', 'cli.cjs'), { sourcemap: false });
    return pack(stage, outDir);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** A package without nuclio-sdk would fail at its user's first Python Task. */
export function checkSdk() {
  if (existsSync(path.join(root, 'dispatcher', 'python', 'vendor'))) return;
  throw new Error(
    'nuclio-sdk is missing in dispatcher/python/vendor, so Python Tasks would not run: ' +
      '`npm run build` installs it, with Python 3.9 or newer and pip',
  );
}

/** Leaves out what Python compiled, and the tests and programs of vendored packages. */
function isPackaged(file) {
  return !/(^|[\\/])(__pycache__|bin|test)([\\/]|$)|\.pyc$/.test(path.relative(root, file));
}

function npmManifest() {
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const texts = JSON.parse(readFileSync(path.join(root, 'package.nls.json'), 'utf8'));
  return {
    ...Object.fromEntries(KEPT.map((field) => [field, manifest[field]])),
    description: texts.description,
    engines: { node: manifest.engines.node },
    bin: manifest.bin,
  };
}

function pack(stage, outDir) {
  // npm is a .cmd file on Windows, which only a shell starts: the folders are passed by cwd and environment.
  const result = spawnSync('npm', ['pack', '--json', '--ignore-scripts', '--loglevel=error'], {
    cwd: stage,
    encoding: 'utf8',
    env: { ...process.env, npm_config_pack_destination: path.resolve(outDir) },
    shell: process.platform === 'win32',
  });
  if (result.status !== 0)
    throw new Error(
      `npm could not make the package: ${result.error?.message ?? ''}${result.stdout ?? ''}${result.stderr ?? ''}`,
    );
  const [{ filename }] = JSON.parse(result.stdout);
  return path.join(outDir, filename);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    prepare();
    console.log(await makeNpmPackage(process.argv[2] ?? '.'));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
