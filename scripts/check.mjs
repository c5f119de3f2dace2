// Lint, format and types, of TypeScript, JavaScript and Python. Prints only what is wrong.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPythonTools } from './pythonTools.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const inNode = (program, ...args) => [process.execPath, [path.join(root, 'node_modules', program), ...args]];
const tsc = path.join('typescript', 'bin', 'tsc');
const inPython = (program, ...args) => [path.join(installPythonTools(), program), args];

/** The name of each check, and its command lines. */
const CHECKS = {
  'format and lint': () => [
    inNode(path.join('@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings', '.'),
  ],
  types: () => [inNode(tsc, '-p', '.'), inNode(tsc, '-p', 'webview')],
  'types of the Node.js Dispatcher': () => [inNode(tsc, '-p', 'tsconfig.dispatcher.json')],
  'Python: format, lint and types': () => [
    inPython('ruff', 'format', '--check', '.'),
    inPython('ruff', 'check', '.'),
    inPython('mypy'),
  ],
};

/** Runs every check; returns how many there are, and the names of those that failed. */
export function check() {
  const names = Object.keys(CHECKS);
  return { count: names.length, failed: names.filter((name) => !passes(name)) };
}

function passes(name) {
  const problem = problemOf(CHECKS[name]);
  console.log(problem === undefined ? `✔ ${name}` : `✖ ${name}\n${problem}`);
  return problem === undefined;
}

function problemOf(commands) {
  try {
    for (const [command, args] of commands()) {
      const { status, error, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
      if (status !== 0) return error ? `${command} cannot be started: ${error.message}` : `${stdout}${stderr}`;
    }
  } catch (error) {
    return error.message;
  }
  return undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = check().failed.length > 0 ? 1 : 0;
