import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this package, which contains dispatcher/. The code may run from src/ or from a bundle in dist/. */
export function packageRoot(): string {
  // esbuild leaves import.meta.url undefined in a CommonJS bundle.
  const here = import.meta.url ? path.dirname(fileURLToPath(import.meta.url)) : __dirname;
  for (let dir = here; ; dir = path.dirname(dir)) {
    if (existsSync(path.join(dir, 'dispatcher')) && existsSync(path.join(dir, 'package.json'))) return dir;
    if (dir === path.dirname(dir)) throw new Error(`dispatcher/ is missing: no folder above ${here} contains it`);
  }
}
