import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * A package without nuclio-sdk would fail at its user's first Python Task.
 * @throws Error where the build could not install it
 */
export function checkSdk() {
  if (existsSync(path.join(root, 'dispatcher', 'python', 'vendor'))) return;
  throw new Error(
    'nuclio-sdk is missing in dispatcher/python/vendor, so Python Tasks would not run: ' +
      '`npm run build` installs it, with Python 3.9 or newer and pip',
  );
}
