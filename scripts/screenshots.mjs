// `npm run screenshots`: runs the end-to-end tests that take the pictures of README.md, of the extension's page and of
// its walkthrough, and keeps these in media.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withPalette } from './palette.mjs';

/** By test: its folder of screenshots, the folder to keep some in, and their names in the one and in the other. */
const TAKEN = {
  'e2e/taskLife': {
    from: 'task-life',
    to: 'screenshots',
    pictures: { 'answer beside': 'invoke', problems: 'problems' },
  },
  'e2e/walkthrough': {
    from: 'walkthrough',
    to: 'walkthrough',
    pictures: { view: 'view', deploy: 'deploy', invoke: 'invoke', fuse: 'fuse' },
  },
};

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { status } = spawnSync(process.execPath, [path.join('scripts', 'test.mjs'), ...Object.keys(TAKEN)], {
  cwd: root,
  stdio: 'inherit',
});
if (status === 0) for (const { from, to, pictures } of Object.values(TAKEN)) keep(from, to, pictures);
process.exitCode = status ?? 1;

function keep(from, to, pictures) {
  const taken = path.join(root, 'test-results', 'e2e', from);
  mkdirSync(path.join(root, 'media', to), { recursive: true });
  for (const [what, name] of Object.entries(pictures)) {
    const file = readdirSync(taken).find((one) => one.replace(/^\d+ /, '') === `${what}.png`);
    if (file === undefined) throw new Error(`The tests took no picture '${what}'`);
    const kept = path.join('media', to, `${name}.png`);
    writeFileSync(path.join(root, kept), withPalette(readFileSync(path.join(taken, file))));
    console.log(kept);
  }
}
