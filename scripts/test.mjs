// `npm test`: installs and builds what is missing, then runs everything: lint, types, the tests in TypeScript and
// JavaScript, the Python Dispatcher's. Arguments are parts of test files' paths: `npm test -- setup` runs those only.
// `--no-registry`, or FUSIONIZER_NO_REGISTRY=1, leaves out the tests that install from PyPI and npm ("[registry]").
// The last line is `N passed, N failed`.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { findChromium } from './chromium.mjs';
import { codeServerIsInstalled, installCodeServer } from './codeServer.mjs';
import { prepare } from './prepare.mjs';
import { installSchemathesis } from './schemathesis.mjs';

/** What the files import that need a browser, and a VS Code in one. */
const BROWSER = /support\/(chromium|vscode\/(startVSCode|exampleWindow|everyCommand))\.ts/;
const VSCODE = /support\/vscode\/(startVSCode|exampleWindow|everyCommand)\.ts/;

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const args = process.argv.slice(2);
const parts = args.filter((arg) => arg !== '--no-registry');
const noRegistry = args.includes('--no-registry') || process.env.FUSIONIZER_NO_REGISTRY === '1';
const leftOut = [];
const total = { passed: 0, failed: 0 };
const notRun = [];

prepare();
if (parts.length === 0) {
  const { check } = await import('./check.mjs');
  const { count, failed } = check();
  total.failed += failed.length;
  total.passed += count - failed.length;
}
// All tests make their folders in here, and all their processes carry its name: what is left at the end was left behind
// by a test.
const scratch = mkdtempSync(path.join(os.tmpdir(), 'fusionizer-tests-'));
process.env.TMPDIR = scratch;
process.env.TEMP = scratch;
process.env.TMP = scratch;
await runNodeTests();
if (parts.length === 0 || parts.some((part) => 'test/dispatcher/python'.includes(part))) await runPythonTests();
checkNothingIsLeft();
sayWhatDidNotRun();
rmSync(scratch, { recursive: true, force: true });
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;

async function runNodeTests() {
  const files = readdirSync('test', { recursive: true })
    .map((file) => path.join('test', file))
    .filter(
      (file) => /\.test\.(ts|js)$/.test(file) && (parts.length === 0 || parts.some((part) => file.includes(part))),
    )
    .sort()
    .filter(canRun);
  if (files.length === 0) return;
  if (files.some((file) => file.startsWith(path.join('test', 'fuzz')))) prepareFuzzing();
  if (files.some((file) => VSCODE.test(read(file)))) await prepareVSCode();
  const report = path.join(scratch, 'report.json');
  const reporter = pathToFileURL(path.join('scripts', 'testReporter.mjs')).href;
  const code = await run(process.execPath, [
    '--import',
    'tsx',
    '--test',
    '--test-concurrency=2',
    '--test-timeout=300000',
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${reporter}`,
    `--test-reporter-destination=${report}`,
    ...files,
  ]);
  const counts = JSON.parse(readFileSync(report, 'utf8'));
  rmSync(report);
  if (process.env.FUSIONIZER_VSIX !== undefined) rmSync(process.env.FUSIONIZER_VSIX, { force: true });
  total.passed += counts.passed;
  // A run that ends badly without a failed test (a file that cannot be loaded, a crash) is a failure all the same.
  total.failed += counts.failed + (code !== 0 && counts.failed === 0 ? 1 : 0);
  if (counts.skipped > 0) console.log(`${counts.skipped} tests did not run: a skipped test shows nothing`);
  total.failed += counts.skipped;
}

/**
 * Tests in a real VS Code, and all that need a browser, cannot run where there is none: that is said, and with CI=1 it
 * is a failure.
 */
function canRun(file) {
  const imports = read(file);
  if (noRegistry && imports.includes("'[registry] ")) {
    leftOut.push(file);
    return false;
  }
  try {
    if (BROWSER.test(imports)) findChromium();
    if (VSCODE.test(imports) && process.platform === 'win32')
      throw new Error('code-server does not run on Windows; `npm run test:desktop` does');
    return true;
  } catch (error) {
    notRun.push({ file, why: error.message });
    return false;
  }
}

function sayWhatDidNotRun() {
  if (leftOut.length > 0) console.log(`left out: ${leftOut.join(', ')}, which installs from a package registry`);
  for (const reason of new Set(notRun.map(({ why }) => why))) {
    const files = notRun.filter(({ why }) => why === reason).map(({ file }) => file);
    console.log(`not run: ${files.join(', ')}. ${reason}`);
  }
  if (['', '0', 'false', undefined].includes(process.env.CI)) return;
  total.failed += notRun.length;
}

function read(file) {
  return readFileSync(file, 'utf8');
}

/**
 * Before the tests, whose time is limited, and once for all of them. Where it fails, the tests fail with the same
 * words.
 */
async function prepareVSCode() {
  const began = Date.now();
  try {
    const installed = codeServerIsInstalled();
    await installCodeServer();
    if (!installed) console.log(`Installing code-server: ${((Date.now() - began) / 1000).toFixed(1)} s`);
    // It needs packages that prepare() installs.
    const { makePackage } = await import('./package.mjs');
    const file = path.join(scratch, 'fusionizer.vsix');
    await makePackage(file);
    // Its service would be found among the processes that tests left.
    await (await import('esbuild')).stop();
    process.env.FUSIONIZER_VSIX = file;
  } catch (error) {
    console.log(`✖ ${error.message}`);
  }
}

/** Before the tests, whose time is limited. Where it fails, the test fails with the same words. */
function prepareFuzzing() {
  try {
    installSchemathesis();
  } catch (error) {
    console.log(`✖ ${error.message}`);
  }
}

async function runPythonTests() {
  const said = [];
  const python = process.env.FUSIONIZER_PYTHON ?? 'python3';
  // The Dispatcher's session is compared with requests itself; where the interpreter has none, it gets one for these
  // tests.
  const packages = mkdtempSync(path.join(scratch, 'requests-'));
  const env = { ...process.env };
  if (spawnSync(python, ['-c', 'import requests']).status !== 0) {
    env.PYTHONPATH = packages;
    await run(python, [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--target',
      packages,
      'requests==2.32.5',
    ]);
  }
  const code = await run(
    python,
    ['-m', 'unittest', 'discover', '-s', path.join('test', 'dispatcher', 'python')],
    (text) => said.push(text),
    env,
  );
  rmSync(packages, { recursive: true });
  const output = said.join('');
  const ran = Number(/^Ran (\d+) tests?/m.exec(output)?.[1] ?? 0);
  const bad = [...output.matchAll(/(?:failures|errors|skipped)=(\d+)/g)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );
  const failed = code === 0 && bad === 0 ? 0 : Math.max(1, bad);
  if (failed > 0) console.log(output);
  else console.log(`✔ Python Dispatcher: ${ran} tests`);
  total.passed += Math.max(0, ran - bad);
  total.failed += failed;
}

/** Folders, and on Linux processes, that outlived the tests which made them. */
function checkNothingIsLeft() {
  const files = readdirSync(scratch).filter((name) => !/^(tsx-|node-compile-cache)/.test(name));
  const processes =
    process.platform === 'linux'
      ? readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && pid !== String(process.pid) && carries(pid))
      : [];
  for (const file of files) console.log(`✖ left behind: ${path.join(scratch, file)}`);
  for (const pid of processes) console.log(`✖ still running: process ${pid}: ${commandOf(pid)}`);
  if (files.length + processes.length > 0) total.failed += 1;
  else {
    total.passed += 1;
    console.log('✔ no process and no file is left behind');
  }
}

function commandOf(pid) {
  try {
    return readFileSync(path.join('/proc', pid, 'cmdline'), 'latin1')
      .replaceAll('\0', ' ')
      .trim();
  } catch {
    return 'it has ended meanwhile';
  }
}

function carries(pid) {
  try {
    return ['environ', 'cmdline'].some((file) =>
      readFileSync(path.join('/proc', pid, file), 'latin1').includes(scratch),
    );
  } catch (error) {
    // It ended meanwhile, or is another user's.
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(error.code)) return false;
    throw error;
  }
}

/** Runs a program; its output goes to the terminal, or to `take`. Resolves with its exit code. */
function run(command, args, take, env = process.env) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env,
      stdio: ['ignore', take ? 'pipe' : 'inherit', take ? 'pipe' : 'inherit'],
    });
    child.stdout?.on('data', (chunk) => take(String(chunk)));
    child.stderr?.on('data', (chunk) => take(String(chunk)));
    child.on('error', (error) => {
      console.error(`${command} cannot be started: ${error.message}`);
      resolve(127);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
}
