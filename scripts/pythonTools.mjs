// Installs ruff and mypy, which `npm run check` needs, once per list of versions, in .cache/python-tools.
// Prints the path of their programs.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installInVenv } from './pythonVenv.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const requirements = path.join(root, 'scripts', 'python-tools.txt');

/** @returns the folder of the programs; throws where Python (3.10 or newer) or one of the packages cannot be had */
export function installPythonTools() {
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 8);
  const dir = path.join(root, '.cache', 'python-tools', hash);
  return installInVenv({
    dir,
    requirements,
    stale: path.dirname(dir),
    failure: 'ruff and mypy could not be installed. They need Python 3.10 or newer with venv and pip, and a network',
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(installPythonTools());
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
