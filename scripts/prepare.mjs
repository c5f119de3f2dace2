// Prepares a fresh clone: installs the dependencies of package-lock.json, and builds dist/.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

export function prepare() {
  if (!installed()) run('Installing the dependencies', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  run('Building', process.execPath, [path.join('scripts', 'build.mjs')]);
}

/** npm writes node_modules/.package-lock.json at the end of an installation. */
function installed() {
  const done = path.join(root, 'node_modules', '.package-lock.json');
  return existsSync(done) && statSync(done).mtimeMs >= statSync(path.join(root, 'package-lock.json')).mtimeMs;
}

function run(what, command, args) {
  const began = Date.now();
  if (process.stdout.isTTY) process.stdout.write(`${what} ...`);
  // On Windows npm is a .cmd file, which only a shell can start. No argument comes from outside.
  const result = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (process.stdout.isTTY) process.stdout.write('\r\x1b[K');
  if (result.status !== 0) {
    console.error(
      `${what} failed: ${result.error?.message ?? ''}\n${result.stdout ?? ''}${result.stderr ?? ''}`.trim(),
    );
    process.exit(1);
  }
  if (result.stderr.trim() !== '') console.error(result.stderr.trim());
  console.log(`${what}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
}
