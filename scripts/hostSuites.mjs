// Prepares runs of the suites in test/extension/host, which run inside VS Code's extension host: in code-server or in
// the desktop VS Code.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { SourceMap } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundleExtension } from './bundle.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const suites = path.join(root, 'test', 'extension', 'host');

/**
 * The windows in which the suites run, by the folder of the suites: with or without a copy of the examples, trusted or
 * not.
 */
export const WINDOWS = [
  { name: 'folder', says: 'with a folder', examples: true, trusted: true },
  { name: 'noFolder', says: 'without a folder', examples: false, trusted: true },
  { name: 'untrusted', says: 'with a folder that is not trusted', examples: true, trusted: false },
];

/**
 * Creates a folder with everything that a run needs.
 * @param window one of WINDOWS
 * @returns the extension's folder, the module that VS Code runs as its tests, the file for their report, the folder to
 *   open, and the variables for the extension host
 */
export async function prepareHostRun(dir, window) {
  const run = {
    extension: path.join(dir, 'extension'),
    tests: path.join(dir, 'suites', 'index.cjs'),
    report: path.join(dir, 'report.json'),
  };
  const workspace = window.examples ? path.join(dir, 'examples') : undefined;
  if (workspace !== undefined) cpSync(path.join(root, 'examples'), workspace, { recursive: true });
  await Promise.all([stageExtension(run.extension), bundleSuites(path.dirname(run.tests), window.name)]);
  const env = { FUSIONIZER_HOST_REPORT: run.report };
  return { ...run, workspace, env };
}

/**
 * @returns a HostReport (test/extension/host/index.ts), with lines of the sources in its stacks; undefined if there is
 *   no report
 */
export function readHostReport(file) {
  if (!existsSync(file)) return undefined;
  const report = JSON.parse(readFileSync(file, 'utf8'));
  return {
    ...report,
    tests: report.tests.map((test) => (test.error === undefined ? test : { ...test, error: inSources(test.error) })),
  };
}

/** VS Code formats stacks itself, so Node.js does not apply source maps to them. */
function inSources(stack) {
  return stack.replaceAll(/\(?((?:\w:)?[^\s()]+\.suite\.cjs):(\d+):(\d+)\)?/g, (place, file, line, column) => {
    const { originalSource, originalLine, originalColumn } = new SourceMap(
      JSON.parse(readFileSync(`${file}.map`, 'utf8')),
    ).findEntry(line - 1, column - 1);
    if (originalSource === undefined) return place;
    const source = path.relative(root, path.resolve(path.dirname(file), originalSource));
    return `(${source}:${originalLine + 1}:${originalColumn + 1})`;
  });
}

/** Builds the extension from src/ into a folder of its own, because another process may be building dist/. */
async function stageExtension(dir) {
  mkdirSync(path.join(dir, 'src', 'server'), { recursive: true });
  for (const name of ['package.json', 'package.nls.json']) cpSync(path.join(root, name), path.join(dir, name));
  for (const name of ['dispatcher', 'media', 'src/server/docs'])
    symlinkSync(path.join(root, name), path.join(dir, name), 'junction');
  await bundleExtension(path.join(dir, 'dist', 'extension'));
}

/** Bundles each suite into a file of its own beside index.cjs, which searches for them. */
async function bundleSuites(dir, windowName) {
  const names = readdirSync(path.join(suites, windowName)).filter((name) => name.endsWith('.suite.ts'));
  await build({
    absWorkingDir: root,
    entryPoints: [path.join(suites, 'index.ts'), ...names.map((name) => path.join(suites, windowName, name))],
    entryNames: '[name]',
    outdir: dir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: true,
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  symlinkSync(path.join(root, 'node_modules'), path.join(dir, 'node_modules'), 'junction');
}

// Run with a folder as its argument, it prepares a run with the examples there, for a debugger (.vscode/launch.json).
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const dir = path.resolve(process.argv[2]);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  await prepareHostRun(dir, WINDOWS[0]);
}
