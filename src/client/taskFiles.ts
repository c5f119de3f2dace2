import type { Stats } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';

export const IGNORE_FILE = '.fusionizerignore';

/** Never needed by a Task; a `!pattern` in `.fusionizerignore` brings one back. node_modules is not here: handlers require it. */
export const BUILT_IN_IGNORES = [
  '.git',
  '.hg',
  '.svn',
  '__pycache__',
  '*.pyc',
  '.venv',
  'venv',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '.fusionizer',
  IGNORE_FILE,
  '.vscode',
  '.idea',
  '.DS_Store',
  'Thumbs.db',
];

export interface TaskFile {
  /** Relative to the Task's folder, with `/`. */
  name: string;
  /** Where its content is. */
  path: string;
  size: number;
  executable: boolean;
}

export interface TaskFiles {
  /** Sorted by name, in code units. */
  files: TaskFile[];
  /** What was left out although nothing ignores it, for a person. */
  warnings: string[];
}

/** The rules of one folder's ignore file; its patterns are relative to that folder. */
interface Rules {
  dir: string;
  rules: Ignore;
}

/** Lists the files of a Task's folder that are sent: those that neither `.fusionizerignore` files (gitignore syntax, nested ones too) nor the built-in rules leave out. */
export async function listTaskFiles(root: string): Promise<TaskFiles> {
  const realRoot = await realpath(root);
  const files: TaskFile[] = [];
  const warnings: string[] = [];

  /** @param ancestors real paths of the folders above, so that a link to one of them does not go round for ever */
  const walk = async (dir: string, above: readonly Rules[], ancestors: ReadonlySet<string>): Promise<void> => {
    const real = await realpath(path.join(root, dir));
    if (ancestors.has(real)) return void warnings.push(`${dir} is not sent: it links to a folder that it lies in`);
    const inside = new Set([...ancestors, real]);
    const rules = [...above, ...(await rulesOf(root, dir, above.length === 0))];
    for (const entry of await readdir(path.join(root, dir), { withFileTypes: true })) {
      const name = dir === '' ? entry.name : `${dir}/${entry.name}`;
      const full = path.join(root, name);
      if (entry.isSymbolicLink() && isIgnored(rules, name)) continue;
      const target = entry.isSymbolicLink() ? await targetOf(full, realRoot) : { stats: await stat(full) };
      if ('reason' in target) {
        if (!isIgnored(rules, `${name}/`)) warnings.push(`${name} is not sent: ${target.reason}`);
      } else if (target.stats.isDirectory()) {
        if (!isIgnored(rules, `${name}/`)) await walk(name, rules, inside);
      } else if (!isIgnored(rules, name)) {
        if (target.stats.isFile()) files.push({ name, path: full, size: target.stats.size, executable: (target.stats.mode & 0o111) !== 0 });
        else warnings.push(`${name} is not sent: it is no file`);
      }
    }
  };

  await walk('', [], new Set());
  files.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { files, warnings };
}

async function rulesOf(root: string, dir: string, top: boolean): Promise<Rules[]> {
  const text = await readFile(path.join(root, dir, IGNORE_FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined && !top) return [];
  const rules = ignore({ ignorecase: false, allowRelativePaths: false });
  if (top) rules.add(BUILT_IN_IGNORES);
  return [{ dir, rules: rules.add(text ?? '') }];
}

/** @param name with a trailing `/` for a folder */
function isIgnored(above: readonly Rules[], name: string): boolean {
  // The nearest ignore file that says anything about it decides.
  for (const { dir, rules } of [...above].reverse()) {
    const { ignored, unignored } = rules.test(dir === '' ? name : name.slice(dir.length + 1));
    if (ignored || unignored) return ignored;
  }
  return false;
}

type Target = { stats: Stats } | { reason: string };

/** What a link leads to; a link that leaves the Task's folder is not followed. */
async function targetOf(link: string, realRoot: string): Promise<Target> {
  let target: string;
  try {
    target = await realpath(link);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ELOOP')) return { reason: 'the link leads nowhere' };
    throw error;
  }
  const inside = path.relative(realRoot, target);
  if (inside === '..' || inside.startsWith(`..${path.sep}`) || path.isAbsolute(inside)) return { reason: `the link leaves the folder, to ${target}` };
  return { stats: await stat(target) };
}
