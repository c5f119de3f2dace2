// Installs code-server, for the tests that drive a real VS Code, below .cache/code-server, once for each version.
// Prints the path of its program.
import { execFile, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const dir = path.join(root, '.cache', 'code-server');
const modules = path.join(dir, 'node_modules');
const vscode = path.join(modules, 'code-server', 'lib', 'vscode');
const done = path.join(dir, 'installed');

/**
 * code-server 4.100.3 is VS Code 1.100.3. This is the oldest version that the extension supports, and the newest that
 * runs on Node.js 20.
 */
const PACKAGES = ['code-server@4.100.3', 'node-gyp@11.4.2', '@vscode/ripgrep@1.18.0'];
/**
 * argon2 hashes passwords, which the tests do not use. Unlike the version that code-server wants, this one is compiled.
 */
const OVERRIDES = { argon2: '0.44.0' };
/** The modules compiled here: for terminals, logs, ending the extension host with its server, and file watching. */
const NATIVE = ['node-pty', '@vscode/spdlog', 'native-watchdog', '@parcel/watcher'];

/** Identifies this installation. Its native modules fit one version of the binary interface of Node.js only. */
const identity = `${PACKAGES.join(' ')} node-${process.versions.modules} ${process.platform}-${process.arch}\n`;

/** The program, to be run with Node.js. */
export const codeServerEntry = path.join(modules, 'code-server', 'out', 'node', 'entry.js');

export function codeServerIsInstalled() {
  return existsSync(done) && readFileSync(done, 'utf8') === identity;
}

/** @returns the path of the program; throws with what is missing if it cannot be installed */
export async function installCodeServer() {
  if (codeServerIsInstalled()) return codeServerEntry;
  needTools();
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  writeFileSync(path.join(dir, 'package.json'), JSON.stringify({ private: true, overrides: OVERRIDES }));
  // Install scripts would download files that are not in a registry. The modules that they build are built below.
  await npm(dir, '--save-exact', ...PACKAGES);
  await Promise.all([npm(vscode, '--omit=dev'), npm(path.join(vscode, 'extensions'), '--omit=dev')]);
  await Promise.all(NATIVE.map((name) => compile(path.join(vscode, 'node_modules', name))));
  linkParts();
  const { stdout } = await run('The program', process.execPath, [codeServerEntry, '--version'], dir);
  if (!stdout.includes('4.100.3')) throw new Error(`code-server has version ${stdout.trim()} instead of 4.100.3`);
  writeFileSync(done, identity);
  return codeServerEntry;
}

function needTools() {
  if (process.platform === 'win32')
    throw new Error(
      'code-server does not run on Windows. Use `npm run test:desktop`, which runs the suites in the desktop VS Code',
    );
  const tools = {
    'a C++ compiler': [process.env.CXX ?? 'c++'],
    make: ['make'],
    'Python 3': [process.env.npm_config_python ?? 'python3'],
  };
  const missing = Object.keys(tools).filter((tool) => spawnSync(tools[tool][0], ['--version']).status !== 0);
  if (missing.length === 0) return;
  throw new Error(
    `code-server, which the tests in a real VS Code need, cannot be compiled without ${missing.join(' and ')}: ` +
      'apt-get install g++ make python3 (macOS: xcode-select --install)',
  );
}

function npm(cwd, ...args) {
  return run(
    'Its packages',
    'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error', ...args],
    cwd,
  );
}

function compile(folder) {
  const beside = path.resolve(process.execPath, '..', '..');
  // If the headers are not beside Node.js, node-gyp downloads them from nodejs.org.
  const headers = existsSync(path.join(beside, 'include', 'node', 'node.h')) ? [`--nodedir=${beside}`] : [];
  return run(
    path.basename(folder),
    process.execPath,
    [path.join(modules, 'node-gyp', 'bin', 'node-gyp.js'), 'rebuild', ...headers],
    folder,
  );
}

function linkParts() {
  // The server's own modules expect the others in the place where a packaged VS Code has them.
  symlinkSync('node_modules', path.join(vscode, 'node_modules.asar'));
  const ripgrep = path.join(vscode, 'node_modules', '@vscode', 'ripgrep', 'bin');
  mkdirSync(ripgrep, { recursive: true });
  copyFileSync(
    path.join(modules, '@vscode', `ripgrep-${process.platform}-${process.arch}`, 'bin', 'rg'),
    path.join(ripgrep, 'rg'),
  );
}

async function run(what, command, args, cwd) {
  try {
    return await promisify(execFile)(command, args, {
      cwd,
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, XDG_DATA_HOME: path.join(dir, 'data') },
    });
  } catch (error) {
    const why = `${error.stdout ?? ''}${error.stderr ?? ''}`.trim() || error.message;
    throw new Error(
      `code-server, which the tests in a real VS Code need, could not be installed. ${what} failed:\n` +
        why.split('\n').slice(-30).join('\n'),
    );
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(await installCodeServer());
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
