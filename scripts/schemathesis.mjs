// Installs schemathesis, which test/fuzz needs, below node_modules/.cache, once for each list of versions. Prints the
// path of its program.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installInVenv } from './pythonVenv.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const requirements = path.join(root, 'test', 'fuzz', 'requirements.txt');

/** @returns the path of the program; throws if Python 3.10 or newer, or one of the packages, is not available */
export function installSchemathesis() {
  const versions = readFileSync(requirements, 'utf8');
  const [, version] = /^schemathesis==(.*)$/m.exec(versions);
  const hash = createHash('sha256').update(versions).digest('hex').slice(0, 8);
  const dir = path.join(root, 'node_modules', '.cache', `schemathesis-${version}-${hash}`);
  const bin = installInVenv({
    dir,
    requirements,
    failure:
      'schemathesis, which test/fuzz needs, could not be installed ' +
      '(it needs Python 3.10 or newer with venv and pip, and a network)',
  });
  return path.join(bin, 'schemathesis');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(installSchemathesis());
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
