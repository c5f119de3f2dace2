// `npm run soak`: builds, then kills a server 50 times and keeps one under load for 10 minutes (test/soak/main.ts).
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepare } from './prepare.mjs';

prepare();
const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
process.exitCode =
  spawnSync(process.execPath, ['--import', 'tsx', path.join('test', 'soak', 'main.ts')], {
    cwd: root,
    stdio: 'inherit',
  }).status ?? 1;
