import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import ignore from 'ignore';
import { IGNORE_FILE, isUnsearched } from '../../task/ignores.ts';
import { isConfigFile } from '../../task/yaml/configFile.ts';
import type { Runtime } from '../../task/yaml/functionYaml.ts';
import { isSourceFile } from '../../task/yaml/inlineConfig.ts';
import { functionsIn } from './sourceFunctions.ts';

/** A function of a Task's folder that `spec.handler` can name. */
export interface FolderHandler {
  readonly runtime: Runtime['family'];
  /** `module:function` */
  readonly handler: string;
  /** Relative to the folder, with `/`. */
  readonly file: string;
  readonly name: string;
  /** Whether it looks as if it handled events. */
  readonly likely: boolean;
}

/** How many source files are read, how deep they lie, and how large they are in bytes. */
const MOST_FILES = 200;
const DEEPEST = 4;
const LARGEST = 512 * 1024;
/** Tests are no handlers. */
const TEST = /(?:^|\/)(?:tests?|__tests__)\/|(?:^|\/)(?:test_[^/]*|conftest)\.py$|[._-](?:test|spec)\.[cm]?js$/;
/** What Nuclio's wrappers take as a module. */
const MODULE = { python: /^[\p{L}\p{N}_|-]+(\.[\p{L}\p{N}_|-]+)*$/u, nodejs: /^[\w\-./\\]+$/ };

/** A file's text, as the editors show it. */
export type Read = (file: string) => Promise<string>;

/**
 * The functions in all source files of a Task's folder, the most likely handlers first. Files that are not sent, tests,
 * packages and other Tasks inside of the folder are left out.
 */
export async function folderHandlers(folder: string, read: Read = readUtf8): Promise<FolderHandler[]> {
  const files = await sourceFiles(folder);
  const found = await Promise.all(
    files.map(async (file): Promise<FolderHandler[]> => {
      const { size } = await stat(path.join(folder, file)).catch(() => ({ size: 0 }));
      const source = size > LARGEST ? '' : await read(path.join(folder, file)).catch(() => '');
      const runtime = familyOf(file);
      const module = moduleOf(file, files);
      if (!MODULE[runtime].test(module)) return [];
      return functionsIn(source, runtime).map(({ name, likely }) => ({
        runtime,
        file,
        name,
        likely,
        handler: `${module}:${name}`,
      }));
    }),
  );
  return found.flat().sort((one, other) => rank(one) - rank(other));
}

/** The source files of a Task's folder, relative and with `/`, those at the top first. */
export async function sourceFiles(folder: string): Promise<string[]> {
  const patterns = await readFile(path.join(folder, IGNORE_FILE), 'utf8').catch(() => '');
  const ignored = ignore({ ignorecase: false }).add(patterns);
  const files: string[] = [];
  let level = [''];
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth += 1) {
    const below: string[] = [];
    for (const dir of level) {
      const entries = await readdir(path.join(folder, dir), { withFileTypes: true }).catch(() => []);
      // Another Task has its own handlers.
      if (dir !== '' && entries.some(({ name }) => isConfigFile(name))) continue;
      for (const entry of entries) {
        const name = dir === '' ? entry.name : `${dir}/${entry.name}`;
        if (entry.name.startsWith('.') || isUnsearched(name)) continue;
        if (entry.isDirectory()) {
          if (!ignored.ignores(`${name}/`)) below.push(name);
        } else if (isSourceFile(name) && !TEST.test(name) && !ignored.ignores(name)) files.push(name);
      }
    }
    if (files.length >= MOST_FILES) break;
    level = below;
  }
  const depthOf = (file: string): number => file.split('/').length;
  return files.sort((a, b) => depthOf(a) - depthOf(b) || (a < b ? -1 : 1)).slice(0, MOST_FILES);
}

export const familyOf = (file: string): Runtime['family'] => (path.extname(file) === '.py' ? 'python' : 'nodejs');

/**
 * The name of a file's module in a handler. Python's modules have dots, and no ending. JavaScript's have their ending
 * only where another file would be found without it.
 */
export function moduleOf(file: string, files: readonly string[] = []): string {
  const { dir, name, ext } = path.posix.parse(file);
  const base = dir === '' ? name : `${dir}/${name}`;
  if (ext === '.py') return (name === '__init__' && dir !== '' ? dir : base).replaceAll('/', '.');
  const first = ['.js', '.cjs', '.mjs'].find((ending) => files.includes(base + ending)) ?? ext;
  return first === ext ? base : file;
}

const rank = ({ handler, name, likely }: FolderHandler): number =>
  handler === 'main:handler' ? 0 : name === 'handler' ? 1 : likely ? 2 : 3;

const readUtf8: Read = (file) => readFile(file, 'utf8');
