// Installs schemathesis, which test/fuzz needs, below node_modules/.cache, once for each list of versions. Prints the
// path of its program.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const requirements = path.join(root, 'test', 'fuzz', 'requirements.txt');

/** @returns the path of the program; throws if Python 3.10 or newer, or one of the packages, is not available */
export function installSchemathesis() {
  const versions = readFileSync(requirements, 'utf8');
  const [, version] = /^schemathesis==(.*)$/m.exec(versions);
  const hash = createHash('sha256').update(versions).digest('hex').slice(0, 8);
  const dir = path.join(root, 'node_modules', '.cache', `schemathesis-${version}-${hash}`);
  const bin = path.join(dir, process.platform === 'win32' ? 'Scripts' : 'bin');
  const done = path.join(dir, 'installed');
  if (existsSync(done)) return path.join(bin, 'schemathesis');
  rmSync(dir, { recursive: true, force: true });
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
  return path.join(bin, 'schemathesis');
}

function run(command, args) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return;
  const why = error ? error.message : `${stdout}${stderr}`.trim();
  throw new Error(
    'schemathesis, which test/fuzz needs, could not be installed ' +
      `(it needs Python 3.10 or newer with venv and pip, and a network): ${why}`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(installSchemathesis());
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
