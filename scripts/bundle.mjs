import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { slim } from './slim.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Bundles the command line, with the server, into one CommonJS file. It finds dispatcher/ in a folder above it. */
export const bundleCli = (outfile) => bundle('src/cli/main.ts', outfile, '#!/usr/bin/env node');

/** The demo of `npm start`, in the same way. */
export const bundleDemo = (outfile) => bundle('src/demo/main.ts', outfile, '');

/** The extension, with the server. VS Code gives `vscode`. */
export const bundleExtension = (outfile) => bundle('src/extension/extension.ts', outfile, '', { minify: true, plugins: [slim], external: ['vscode'] });

async function bundle(entry, outfile, firstLine, options = {}) {
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: true,
    banner: { js: firstLine },
    // import.meta.url is empty in CommonJS; packageRoot() knows.
    logOverride: { 'empty-import-meta': 'silent' },
    logLevel: 'warning',
    ...options,
  });
}
