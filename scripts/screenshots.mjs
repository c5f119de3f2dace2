// `npm run screenshots`: runs the end-to-end tests that take the pictures for README.md, and copies these to
// media/screenshots.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The names of the pictures in the tests, and in README.md. */
const PICTURES = { 'answer beside': 'invoke', problems: 'problems' };

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const taken = path.join(root, 'test-results', 'e2e', 'task-life');
const kept = path.join(root, 'media', 'screenshots');

const { status } = spawnSync(process.execPath, [path.join('scripts', 'test.mjs'), 'e2e/taskLife'], {
  cwd: root,
  stdio: 'inherit',
});
if (status === 0) {
  mkdirSync(kept, { recursive: true });
  for (const [what, name] of Object.entries(PICTURES)) {
    const file = readdirSync(taken).find((one) => one.endsWith(` ${what}.png`));
    if (file === undefined) throw new Error(`The tests took no picture '${what}'`);
    copyFileSync(path.join(taken, file), path.join(kept, `${name}.png`));
    console.log(`media/screenshots/${name}.png`);
  }
}
process.exitCode = status ?? 1;
