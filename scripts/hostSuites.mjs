// The suites of test/extension/host run inside VS Code's extension host: here is what a run of them needs, in
// code-server and on a desktop alike.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { SourceMap } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundleExtension } from './bundle.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const suites = path.join(root, 'test', 'extension', 'host');

/**
 * The windows that suites run in, by the folder that the suites lie in: with a copy of the examples or with none,
 * trusted or not.
 */
export const WINDOWS = [
  { name: 'folder', says: 'with a folder', examples: true, trusted: true },
  { name: 'noFolder', says: 'without a folder', examples: false, trusted: true },
  { name: 'untrusted', says: 'with a folder that is not trusted', examples: true, trusted: false },
];

/**
 * Makes a folder with what a run needs.
 * @param window one of WINDOWS
 * @returns the extension's folder, the module that VS Code runs as its tests, the file that these report to, the folder
 *   to open, and the variables that the extension host shall have
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
 * @returns a HostReport (test/extension/host/index.ts), with stacks that name lines of the sources; undefined: there is
 *   none
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
    return `(${path.relative(root, path.resolve(path.dirname(file), originalSource))}:${originalLine + 1}:${originalColumn + 1})`;
  });
}

/** The extension as it is in src/, apart from dist/ that others may be building. */
async function stageExtension(dir) {
  mkdirSync(path.join(dir, 'src', 'server'), { recursive: true });
  for (const name of ['package.json', 'package.nls.json']) cpSync(path.join(root, name), path.join(dir, name));
  for (const name of ['dispatcher', 'media', 'src/server/docs'])
    symlinkSync(path.join(root, name), path.join(dir, name), 'junction');
  await bundleExtension(path.join(dir, 'dist', 'extension'));
}

/** Each suite to a file of its own beside index.cjs, which looks for them. */
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
