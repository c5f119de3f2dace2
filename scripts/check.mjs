// Checks lint, format and types. Prints the output of failed checks only.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const CHECKS = [
  ['format and lint', path.join('@biomejs', 'biome', 'bin', 'biome'), ['check', '--error-on-warnings', '.']],
  ['types', path.join('typescript', 'bin', 'tsc'), ['-p', '.']],
];

/** Runs every check; returns the names of those that failed. */
export function check() {
  return CHECKS.flatMap(([name, program, args]) => {
    const result = spawnSync(process.execPath, [path.join(root, 'node_modules', program), ...args], {
      cwd: root,
      encoding: 'utf8',
    });
    if (result.status === 0) {
      console.log(`✔ ${name}`);
      return [];
    }
    console.log(`✖ ${name}\n${result.stdout}${result.stderr}`);
    return [name];
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = check().length > 0 ? 1 : 0;
