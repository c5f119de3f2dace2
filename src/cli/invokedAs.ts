import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';

const PACKAGE = 'fusionizer-for-nuclio';

/**
 * What a person types in a folder to run this program, for commands that messages show to be pasted. `npx fusionizer`
 * is right only where npm finds the program in the folder or above it: elsewhere it would fetch another package of that
 * name from the registry.
 *
 * | where the program is | shown |
 * | --- | --- |
 * | fetched by npx for one run | `npx fusionizer-for-nuclio`, or the file that npx was given |
 * | installed in a project (a devDependency), or a clone | `npx fusionizer` in there, elsewhere `node FILE` |
 * | installed globally | `fusionizer` |
 *
 * @param script the program's file, without links in its path
 * @param cwd the working directory, in the same form
 */
export function invokedAs(script: string, cwd: string): string {
  const file = path.resolve(script);
  const modules = file.lastIndexOf(`${path.sep}node_modules${path.sep}`);
  const home = modules < 0 ? packageOf(file) : file.slice(0, modules);
  if (path.basename(path.dirname(home)) === '_npx') return fetchedAs(home);
  // npm keeps what is installed globally in a node_modules without a project around it.
  if (modules >= 0 && !existsSync(path.join(home, 'package.json'))) return 'fusionizer';
  const below = path.relative(home, cwd);
  const isInside = below !== '..' && !below.startsWith(`..${path.sep}`) && !path.isAbsolute(below);
  return isInside ? 'npx fusionizer' : `node ${inShell(file)}`;
}

/** The nearest folder above a file that has a package.json. */
function packageOf(file: string): string {
  for (let dir = path.dirname(file); ; dir = path.dirname(dir))
    if (existsSync(path.join(dir, 'package.json')) || dir === path.dirname(dir)) return dir;
}

/** npx notes in its folder for a package which one it was asked for: a name with or without a version, or a file. */
function fetchedAs(home: string): string {
  try {
    const { _npx } = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8'));
    const [asked]: unknown[] = _npx.packages;
    if (typeof asked !== 'string') return `npx ${PACKAGE}`;
    // `npx /FILE` would run the file itself as a program.
    return path.isAbsolute(asked) ? `npx --package ${inShell(asked)} fusionizer` : `npx ${inShell(asked)}`;
  } catch {
    // Another version of npm may keep it elsewhere.
    return `npx ${PACKAGE}`;
  }
}

/** A path as a shell takes it. */
export function inShell(file: string): string {
  return /^[\w/.@:\\+-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`;
}

export const PROGRAM = invokedAs(realpathSync(process.argv[1] ?? '.'), process.cwd());
