// `npm run package`: makes fusionizer-for-nuclio-<version>.vsix, which VS Code installs. An argument is the file to
// write instead.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkSdk } from './npmPackage.mjs';
import { prepare } from './prepare.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * .vscodeignore lists what the package holds. The links of README.md stay relative: the project has no public address
 * yet to make them absolute with.
 */
const OPTIONS = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];

/**
 * @param out the file to write
 * @throws Error with vsce's output, or where nuclio-sdk is missing
 */
export async function makePackage(out) {
  checkSdk();
  // esbuild comes with prepare().
  const { bundleExtension } = await import('./bundle.mjs');
  await bundleExtension(path.join(root, 'dist', 'extension'));
  const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const result = spawnSync(process.execPath, [vsce, 'package', ...OPTIONS, '--out', out], {
    cwd: root,
    encoding: 'utf8',
  });
  if (result.status !== 0)
    throw new Error(
      `vsce could not make ${out}: ${result.error?.message ?? ''}${result.stdout}${result.stderr}`.trim(),
    );
  return result.stdout;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  prepare();
  const { name, version } = (await import('../package.json', { with: { type: 'json' } })).default;
  try {
    console.log((await makePackage(path.resolve(process.argv[2] ?? `${name}-${version}.vsix`))).trim());
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
