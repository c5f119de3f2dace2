// `npm run bench`: builds, then runs the measurements (bench/main.ts).
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installCodeServer } from './codeServer.mjs';
import { prepare } from './prepare.mjs';

prepare();
await installCodeServer();
const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
process.exitCode =
  spawnSync(process.execPath, ['--import', 'tsx', path.join('bench', 'main.ts')], { cwd: root, stdio: 'inherit' })
    .status ?? 1;
