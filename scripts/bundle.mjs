import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { slim } from './slim.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const COMMON = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  // Its file for Node.js loads others in a way that no bundler can follow.
  alias: { 'jsonc-parser': path.join(root, 'node_modules', 'jsonc-parser', 'lib', 'esm', 'main.js') },
  // import.meta.url is empty in CommonJS. packageRoot() handles that.
  logOverride: { 'empty-import-meta': 'silent' },
  logLevel: 'warning',
};

/** Without line breaks and spaces, with all names. Lines stay short: Node.js prints the line of an uncaught error. */
const COMPACT = { minifyWhitespace: true, minifySyntax: true, lineLimit: 160 };

/** Bundles the command line with the server into one CommonJS file. It finds dispatcher/ in a folder above it. */
export const bundleCli = (outfile, { sourcemap = true } = {}) =>
  bundle('src/cli/main.ts', outfile, { sourcemap, ...COMPACT, banner: { js: '#!/usr/bin/env node' } });

/** Bundles the demo of `npm start` in the same way. */
export const bundleDemo = (outfile) => bundle('src/demo/main.ts', outfile, { sourcemap: true });

async function bundle(entry, outfile, options) {
  await build({ ...COMMON, entryPoints: [entry], outfile, format: 'cjs', ...options });
}

/**
 * Bundles the extension with the server into a folder: extension.cjs, and the files that it loads with `await import()`
 * on first use, which keep the activation quick. VS Code provides `vscode`. Files of an earlier build are removed once
 * the new ones are in place.
 */
export async function bundleExtension(outdir) {
  // esbuild can only split ES modules. A second step converts each of them to CommonJS.
  const { outputFiles } = await build({
    ...COMMON,
    entryPoints: ['src/extension/extension.ts'],
    outdir,
    outExtension: { '.js': '.cjs' },
    format: 'esm',
    splitting: true,
    minify: true,
    sourcemap: 'inline',
    plugins: [slim],
    external: ['vscode'],
    write: false,
  });
  await mkdir(outdir, { recursive: true });
  const written = new Set();
  // extension.cjs is written last, when all files that it loads exist: another build may use the same folder.
  for (const { path: file, text } of outputFiles.sort((one, other) => isEntry(one.path) - isEntry(other.path))) {
    const name = path.basename(file);
    const { code, map } = await transform(text, {
      format: 'cjs',
      platform: 'node',
      target: 'node20',
      minify: true,
      sourcemap: 'external',
      sourcefile: name,
    });
    await put(path.join(outdir, `${name}.map`), map);
    await put(path.join(outdir, name), `${code}//# sourceMappingURL=${name}.map\n`);
    written.add(name).add(`${name}.map`);
  }
  for (const name of await readdir(outdir))
    if (!written.has(name) && /\.cjs(\.map)?$/.test(name)) await rm(path.join(outdir, name), { force: true });
}

const isEntry = (file) => Number(path.basename(file) === 'extension.cjs');

/** Writes a file atomically. */
export async function put(file, text) {
  const made = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(made, text);
  await rename(made, file);
}
