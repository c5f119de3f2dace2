import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Bundles the command line, with the server, into one CommonJS file. It finds dispatcher/ in a folder above it. */
export async function bundleCli(outfile) {
  await build({
    absWorkingDir: root,
    entryPoints: ['src/cli/main.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: true,
    banner: { js: '#!/usr/bin/env node' },
    // import.meta.url is empty in CommonJS; packageRoot() knows.
    logOverride: { 'empty-import-meta': 'silent' },
    logLevel: 'warning',
  });
}
