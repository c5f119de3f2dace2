// `npm run test:desktop`: runs the suites of test/extension/host in the desktop VS Code of the oldest supported
// version, which is downloaded once to .vscode-test. The variable VSCODE, the path of a program, selects another one.
// It needs a display (on Linux without one: xvfb-run npm run test:desktop).
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { prepare } from './prepare.mjs';

const VERSION = '1.100.3';
const PATIENCE_MS = 300_000;
const total = { passed: 0, failed: 0 };

prepare();
const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
const { prepareHostRun, readHostReport, WINDOWS } = await import('./hostSuites.mjs');
const program = process.env.VSCODE ?? (await downloadAndUnzipVSCode({ version: VERSION }));
for (const window of WINDOWS) await runIn(window);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;

async function runIn(window) {
  // The path has to be short: VS Code creates a socket below its data folder.
  const dir = mkdtempSync(path.join(os.tmpdir(), 'vsc-'));
  try {
    const run = await prepareHostRun(dir, window);
    const code = await start(
      [
        ...windowArguments(dir, window),
        `--extensionDevelopmentPath=${run.extension}`,
        `--extensionTestsPath=${run.tests}`,
      ],
      run,
    );
    report(window, readHostReport(run.report), code);
  } finally {
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Replaces the arguments of test-electron's own runTests(), which trusts every folder. */
function windowArguments(dir, { trusted }) {
  const user = path.join(dir, 'data', 'User');
  mkdirSync(user, { recursive: true });
  const settings = {
    'security.workspace.trust.startupPrompt': 'never',
    'telemetry.telemetryLevel': 'off',
    'update.mode': 'none',
  };
  writeFileSync(path.join(user, 'settings.json'), JSON.stringify(settings));
  const folders = ['--user-data-dir', path.join(dir, 'data'), '--extensions-dir', path.join(dir, 'extensions')];
  const quiet = [
    '--no-sandbox',
    '--disable-gpu-sandbox',
    '--disable-updates',
    '--skip-welcome',
    '--skip-release-notes',
    '--disable-extensions',
  ];
  return [...folders, ...quiet, ...(trusted ? ['--disable-workspace-trust'] : [])];
}

/** @returns the exit code; null if it took too long */
function start(args, { workspace, env }) {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VSCODE|ELECTRON)_/.test(name)));
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...(workspace === undefined ? [] : [workspace]), ...args], {
      env: { ...clean, ...env },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const late = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(late);
      resolve(code);
    });
  });
}

function report({ says }, result, code) {
  console.log(`▶ ${says}`);
  for (const { title, state, error } of result?.tests ?? []) {
    console.log(`  ${state === 'passed' ? '✔' : '✖'} ${title}${error === undefined ? '' : `\n${error}`}`);
    total[state === 'passed' ? 'passed' : 'failed'] += 1;
  }
  if (result?.complete) return;
  const why = code === null ? `it took more than ${PATIENCE_MS / 1000} s` : `exit code ${code}`;
  console.log(`  ✖ VS Code ended before the last test (${why})`);
  total.failed += 1;
}
