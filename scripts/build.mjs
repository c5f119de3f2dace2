// Builds dist/ with esbuild, and installs nuclio-sdk into the package for the Python worker.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleCli, bundleDemo, bundleExtension } from './bundle.mjs';
import { bundlePages } from './bundlePages.mjs';
import { writeContributes } from './contributes.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

writeContributes();
await Promise.all([
  bundleCli(path.join('dist', 'cli.cjs')),
  bundleDemo(path.join('dist', 'demo.cjs')),
  bundleExtension(path.join('dist', 'extension')),
  bundlePages(path.join('dist', 'webview')),
]);
installSdk();

/**
 * Only warns if Python or pip is missing: Node.js Tasks work without them, and the deploy of a Python Task reports what
 * is missing.
 */
function installSdk() {
  const vendor = path.join('dispatcher', 'python', 'vendor');
  const requirements = path.join('dispatcher', 'python', 'requirements.txt');
  if (existsSync(path.join(vendor, 'nuclio_sdk-0.5.13.dist-info'))) return;
  rmSync(vendor, { recursive: true, force: true });
  const python = process.env.FUSIONIZER_PYTHON ?? (process.platform === 'win32' ? 'python' : 'python3');
  const args = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--no-deps',
    '--require-hashes',
    '--target',
    vendor,
    '-r',
    requirements,
  ];
  const result = spawnSync(python, args, { encoding: 'utf8' });
  if (result.status === 0) return;
  rmSync(vendor, { recursive: true, force: true });
  const why = result.error ? result.error.message : result.stderr.trim();
  console.warn(`nuclio-sdk could not be installed. Python Tasks will not run, Node.js Tasks will: ${why}`);
}
