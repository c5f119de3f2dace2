import type { Stats } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { FusionizerError } from '../shared/errors.ts';
import { FileNames } from './fileNames.ts';
import { BUILT_IN_IGNORES, IGNORE_FILE } from './ignores.ts';
import { TASK_LIMITS } from './taskLimits.ts';

export interface TaskFile {
  /** Relative to the Task's folder, with `/`. */
  name: string;
  /** The path of the file with its content. */
  path: string;
  size: number;
  executable: boolean;
}

export interface TaskFiles {
  /** Sorted by name, in code units. */
  files: TaskFile[];
  /** Messages for the user: which files are not sent although no pattern ignores them. */
  warnings: string[];
}

/** Counts what is sent, so that a folder with too much is refused before its files are read. */
class Amount {
  readonly #root: string;
  /** Files and folders by the part of the folder that they are in. */
  readonly #parts = new Map<string, number>();
  #entries = 0;
  #bytes = 0;

  constructor(root: string) {
    this.#root = root;
  }

  /** @throws FusionizerError `task`, `too-large` */
  add(name: string, bytes: number): void {
    const [part = ''] = name.split('/', 1);
    this.#parts.set(part, (this.#parts.get(part) ?? 0) + 1);
    this.#entries += 1;
    this.#bytes += bytes;
    if (this.#entries > TASK_LIMITS.entries) {
      const [most, count] = [...this.#parts].reduce((one, other) => (other[1] > one[1] ? other : one));
      const advice =
        most === 'node_modules'
          ? 'write node_modules/ into .fusionizerignore, and install its packages with spec.build.commands'
          : 'write what the Task does not need into .fusionizerignore';
      throw new FusionizerError(
        'task',
        `${this.#root} has more than ${TASK_LIMITS.entries} files and folders to send, ` +
          `at least ${count} of them in ${most}: ${advice}`,
      );
    }
    if (this.#bytes > TASK_LIMITS.bytes) {
      throw new FusionizerError(
        'too-large',
        `The files in ${this.#root} are larger than ${TASK_LIMITS.bytes / 1024 ** 2} MiB together: ` +
          'write what the Task does not need into .fusionizerignore',
      );
    }
  }
}

/**
 * Lists the files of a Task's folder that are sent: those that neither the built-in rules nor `.fusionizerignore` files
 * leave out. The latter are in gitignore syntax, and may also lie in inner folders.
 * @throws FusionizerError `task` or `too-large` if the server would refuse so many files, or their size
 */
export async function listTaskFiles(root: string): Promise<TaskFiles> {
  const realRoot = await realpath(root);
  const files: TaskFile[] = [];
  const warnings: string[] = [];
  const amount = new Amount(root);

  /** @param ancestors the real paths of the folders above: a link to one of them would lead round for ever */
  const walk = async (dir: string, above: Ignore, ancestors: ReadonlySet<string>): Promise<void> => {
    const real = await realpath(path.join(root, dir));
    if (ancestors.has(real)) return void warnings.push(`${dir} is not sent: it links to a folder that contains it`);
    const inside = new Set([...ancestors, real]);
    const rules = await withRulesOf(root, dir, above);
    for (const entry of await readdir(path.join(root, dir), { withFileTypes: true })) {
      const name = dir === '' ? entry.name : `${dir}/${entry.name}`;
      const full = path.join(root, name);
      if (entry.isSymbolicLink() && rules.ignores(name)) continue;
      const target = entry.isSymbolicLink() ? await targetOf(full, realRoot) : { stats: await stat(full) };
      if ('reason' in target) {
        if (!rules.ignores(`${name}/`)) warnings.push(`${name} is not sent: ${target.reason}`);
      } else if (target.stats.isDirectory()) {
        if (rules.ignores(`${name}/`)) continue;
        amount.add(name, 0);
        await walk(name, rules, inside);
      } else if (!rules.ignores(name)) {
        if (target.stats.isFile()) {
          amount.add(name, target.stats.size);
          files.push({ name, path: full, size: target.stats.size, executable: (target.stats.mode & 0o111) !== 0 });
        } else warnings.push(`${name} is not sent: it is not a regular file`);
      }
    }
  };

  await walk('', newRules().add([...BUILT_IN_IGNORES]), new Set());
  files.sort((a, b) => (a.name < b.name ? -1 : 1));
  checkFileNames(root, files);
  return { files, warnings };
}

/**
 * Refuses names that the server would refuse, before anything is sent.
 * @throws FusionizerError `task`
 */
export function checkFileNames(root: string, files: readonly TaskFile[]): void {
  const names = new FileNames({
    noun: 'file',
    limit: Number.POSITIVE_INFINITY,
    refuse: (why) => {
      throw new FusionizerError('task', `${root} ${why}. Or leave it out by ${IGNORE_FILE}`);
    },
  });
  for (const { name } of files) names.add(name);
}

/** The names of the files at the top level of a Task's folder that are sent. */
export async function listTopLevelFiles(root: string): Promise<string[]> {
  const realRoot = await realpath(root);
  const rules = await withRulesOf(root, '', newRules().add([...BUILT_IN_IGNORES]));
  const files: string[] = [];
  for (const entry of await readdir(root, { withFileTypes: true })) {
    if (rules.ignores(entry.name)) continue;
    const target = entry.isSymbolicLink() ? await targetOf(path.join(root, entry.name), realRoot) : { stats: entry };
    if ('stats' in target && target.stats.isFile()) files.push(entry.name);
  }
  return files;
}

const newRules = (): Ignore => ignore({ ignorecase: false });

/** The rules from the folders above, then those of the folder's own ignore file. Later rules are stronger. */
async function withRulesOf(root: string, dir: string, above: Ignore): Promise<Ignore> {
  const text = await readFile(path.join(root, dir, IGNORE_FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return above;
  const patterns = text.split(/\r?\n/);
  return newRules()
    .add(above)
    .add(dir === '' ? patterns : patterns.map((pattern) => below(dir, pattern)));
}

/**
 * Converts a pattern of an inner folder's ignore file to one for the root's. All rules can then be tested as one list,
 * and a folder that one of them includes again is included for all.
 */
function below(dir: string, pattern: string): string {
  const [, negation = '', body = ''] = /^(!?)(.*)$/.exec(pattern) ?? [];
  if (body.trim() === '' || pattern.startsWith('#')) return '';
  const anchored = body.replace(/\/\s*$/, '').includes('/');
  return `${negation}/${dir.replace(/[\\*?[\]]/g, '\\$&')}/${anchored ? body.replace(/^\//, '') : `**/${body}`}`;
}

type Target = { stats: Stats } | { reason: string };

/** @returns the target of a link, or why it is not followed: it leads nowhere, or out of the Task's folder */
async function targetOf(link: string, realRoot: string): Promise<Target> {
  let target: string;
  try {
    target = await realpath(link);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ELOOP'))
      return { reason: 'the link leads nowhere' };
    throw error;
  }
  const inside = path.relative(realRoot, target);
  if (inside === '..' || inside.startsWith(`..${path.sep}`) || path.isAbsolute(inside))
    return { reason: `the link leaves the folder, to ${target}` };
  return { stats: await stat(target) };
}
