// Installs ruff and mypy, which `npm run check` needs, once per list of versions, in .cache/python-tools.
// Prints the path of their programs.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const requirements = path.join(root, 'scripts', 'python-tools.txt');

/** @returns the folder of the programs; throws where Python (3.10 or newer) or one of the packages cannot be had */
export function installPythonTools() {
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 8);
  const dir = path.join(root, '.cache', 'python-tools', hash);
  const bin = path.join(dir, process.platform === 'win32' ? 'Scripts' : 'bin');
  const done = path.join(dir, 'installed');
  if (existsSync(done)) return bin;
  rmSync(path.dirname(dir), { recursive: true, force: true });
  run(process.env.FUSIONIZER_PYTHON ?? (process.platform === 'win32' ? 'python' : 'python3'), ['-m', 'venv', dir]);
  run(path.join(bin, 'python'), [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--no-deps',
    '-r',
    requirements,
  ]);
  writeFileSync(done, '');
  return bin;
}

function run(command, args) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return;
  const why = error ? error.message : `${stdout}${stderr}`.trim();
  throw new Error(
    `ruff and mypy could not be installed. They need Python 3.10 or newer with venv and pip, and a network: ${why}`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(installPythonTools());
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
