// `npm run package`: makes fusionizer-for-nuclio-<version>.vsix, which VS Code installs. An argument is the file to
// write instead. `--pictures ADDRESS/` takes the pictures of the page from below that https address.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { marketplacePage } from './marketplacePage.mjs';
import { prepare } from './prepare.mjs';
import { checkSdk } from './sdk.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** The extension's page, as it is packed. */
const PAGE = path.join('dist', 'marketplace.md');

/**
 * .vscodeignore lists what the package holds. The page has its pictures inside and absolute links only, so vsce has
 * nothing to rewrite in it.
 */
const OPTIONS = ['--no-dependencies', '--no-rewrite-relative-links', '--readme-path', PAGE];

/**
 * @param out the file to write
 * @param pictures the address for the pictures of the page, if they are not to be in it
 * @throws Error with vsce's output or warning, or where nuclio-sdk is missing
 */
export async function makePackage(out, pictures) {
  checkSdk();
  // esbuild comes with prepare().
  const { bundleExtension, put } = await import('./bundle.mjs');
  const { bundlePages } = await import('./bundlePages.mjs');
  await bundleExtension(path.join(root, 'dist', 'extension'));
  await bundlePages(path.join(root, 'dist', 'webview'));
  await put(path.join(root, PAGE), marketplacePage(pictures));
  const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const result = spawnSync(process.execPath, [vsce, 'package', ...OPTIONS, '--out', out], {
    cwd: root,
    encoding: 'utf8',
  });
  if (result.status !== 0)
    throw new Error(
      `vsce could not make ${out}: ${result.error?.message ?? ''}${result.stdout}${result.stderr}`.trim(),
    );
  const warning = /^.*\bWARNING\b.*$/m.exec(result.stdout + result.stderr);
  if (warning) throw new Error(`vsce made ${out} with a warning: ${warning[0].trim()}`);
  return result.stdout;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  prepare();
  const { name, version } = (await import('../package.json', { with: { type: 'json' } })).default;
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { pictures: { type: 'string' } } });
    const out = path.resolve(positionals[0] ?? `${name}-${version}.vsix`);
    console.log((await makePackage(out, values.pictures)).trim());
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
