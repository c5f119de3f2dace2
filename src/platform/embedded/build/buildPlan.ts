import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { readBuildCommands } from '../../../task/buildCommands.ts';
import { addFile, listFiles } from '../../../task/hash.ts';
import { readShort } from '../../../task/taskLimits.ts';
import { requirementFiles } from './requirementFiles.ts';
import { simpleCommands } from './shellWords.ts';

/** What a Task's build commands need. */
export interface BuildPlan {
  readonly commands: readonly string[];
  /** The Task's folder. */
  readonly source: string;
  /** The Task's files that matter for the result, relative to its folder, sorted. Commands find these. */
  readonly files: readonly string[];
  /** Packages that pip has to install, and in which versions: `name>=1`. */
  readonly requirements: readonly string[];
}

/** Where Nuclio's images hold the Task's files. */
export const HANDLER_DIR = '/opt/nuclio';
const BELOW_HANDLER_DIR = /^\/opt\/nuclio(\/|$)/;

/** What npm and its like read before they install what package.json names. */
const NODE_MANIFESTS = [
  'package.json',
  'package-lock.json',
  'npm-shrinkwrap.json',
  '.npmrc',
  'yarn.lock',
  '.yarnrc',
  '.yarnrc.yml',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
];
const PROJECT_FILES = ['pyproject.toml', 'setup.py', 'setup.cfg', 'Pipfile', 'poetry.lock', 'uv.lock', 'pdm.lock'];
/** Programs that change nothing that another command would see. */
const HARMLESS = new Set(['echo', 'true', 'set', 'export', ':', 'pwd']);

type Used = ReadonlySet<string> | 'all';
const NONE: Used = new Set();

/**
 * Finds out which of the Task's files its build commands use. The result decides what they see, and when they have to
 * run again. Commands whose needs are not known use all files if they run after the copy, or name one of them.
 * @param source the Task's folder
 * @returns undefined if there are no commands
 */
export async function planBuild(list: readonly string[], source: string): Promise<BuildPlan | undefined> {
  const { before, after } = readBuildCommands(list);
  const commands = [...before, ...after];
  if (commands.length === 0) return undefined;
  const all = await listFiles(source);
  const task = new TaskFolder(source, all);
  const used = new Set<string>();
  for (const [index, command] of commands.entries()) {
    for (const words of simpleCommands(command)) {
      const files = await usedBy(words, index >= before.length, task);
      if (files === 'all') return { commands, source, files: all, requirements: task.requirements };
      for (const file of files) used.add(file);
    }
  }
  return { commands, source, files: [...used].sort(), requirements: task.requirements };
}

/** The Task's files, by the names that commands give them. */
class TaskFolder {
  readonly dir: string;
  readonly requirements: string[] = [];
  readonly #files: ReadonlySet<string>;
  readonly #folders = new Set<string>();

  constructor(dir: string, files: readonly string[]) {
    this.dir = dir;
    this.#files = new Set(files);
    for (const file of files)
      for (let at = file.indexOf('/'); at > 0; at = file.indexOf('/', at + 1)) this.#folders.add(file.slice(0, at));
  }

  /** The path of a word in the Task's folder, whether it is there or not; undefined for a place elsewhere. */
  inside(word: string): string | undefined {
    const name = path.posix.normalize(BELOW_HANDLER_DIR.test(word) ? `./${word.slice(HANDLER_DIR.length)}` : word);
    return name.startsWith('/') || name.startsWith('..') ? undefined : name.replace(/\/$/, '');
  }

  /** Whether a word names a file or folder of the Task, the whole folder, or files by a pattern. */
  isNamedBy(word: string): boolean {
    const plain = word.replace(/\[[\w,.-]*\]$/, '').replace(/^(-\w|--[\w-]+=|file:)/, '');
    const name = plain === '' ? undefined : this.inside(plain);
    if (name === undefined) return false;
    return name === '.' || BELOW_HANDLER_DIR.test(word) || this.has(name) || /^[\w./-]*\*[\w.*/-]*$/.test(name);
  }

  has(name: string): boolean {
    return this.#files.has(name) || this.#folders.has(name);
  }

  require(requirement: string): void {
    this.requirements.push(requirement);
  }

  present(names: readonly string[]): string[] {
    return names.filter((name) => this.#files.has(name));
  }
}

async function usedBy(words: readonly string[], afterCopy: boolean, task: TaskFolder): Promise<Used> {
  const [program = '', second = ''] = words;
  if (program === 'cd' && words.length === 2 && task.inside(second) === '.') return NONE;
  const pip = pipArguments(words);
  if (pip !== undefined) return requirementFiles(pip, task);
  if (/^(npm|pnpm|yarn)$/.test(program) && /^(|ci|i|install|add|clean-install)$/.test(second.replace(/^-.*/, '')))
    return usedByNpm(words.slice(1), task);
  if (/^(poetry|pipenv|uv|pdm)$/.test(program)) return task.present(PROJECT_FILES).length > 0 ? 'all' : NONE;
  if (HARMLESS.has(program) && !words.some((word) => /[<>]/.test(word))) return NONE;
  return afterCopy || words.some((word) => task.isNamedBy(word)) ? 'all' : NONE;
}

/** What follows `pip install` and its like. */
function pipArguments(words: readonly string[]): string[] | undefined {
  const [program = '', ...rest] = words;
  const at = /^pip[0-9.]*$/.test(program)
    ? 1
    : /^python[0-9.]*$/.test(program) && rest[0] === '-m' && rest[1] === 'pip'
      ? 3
      : /^uv$/.test(program) && rest[0] === 'pip'
        ? 2
        : -1;
  return at > 0 && /^(install|download|wheel|sync)$/.test(words[at] ?? '') ? words.slice(at + 1) : undefined;
}

/** Without names of packages, npm installs what package.json says. */
async function usedByNpm(words: readonly string[], task: TaskFolder): Promise<Used> {
  const [, ...named] = words.filter((word) => !word.startsWith('-'));
  if (named.some((word) => task.isNamedBy(word))) return 'all';
  const manifests = task.present(NODE_MANIFESTS);
  if (named.length > 0 || !manifests.includes('package.json')) return NONE;
  const text = await readShort(path.join(task.dir, 'package.json'));
  if (text === undefined) return 'all';
  // Scripts, workspaces and packages in folders may read any file.
  const more = /"(pre|post)?install"\s*:|"prepare"\s*:|"workspaces"\s*:|"(file|link|portal|workspace):|"\.{1,2}\//;
  return more.test(text) ? 'all' : new Set(manifests);
}

/** Content, and whether it can be run. */
export async function fingerprint(file: string): Promise<string> {
  const { mode, size } = await stat(file);
  const hash = createHash('sha256');
  await addFile(hash, file, size);
  return `${hash.digest('hex')}${(mode & 0o111) === 0 ? '' : ' x'}`;
}
