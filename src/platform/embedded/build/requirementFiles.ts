import path from 'node:path';
import { Turns } from '../../../shared/turns.ts';
import { readShort } from '../../../task/taskLimits.ts';

/** A Task's folder, as a command names what is in it. */
export interface NamedFiles {
  readonly dir: string;
  /** The path of a word in the folder, whether it is there or not; undefined for a place elsewhere. */
  inside(word: string): string | undefined;
  isNamedBy(word: string): boolean;
  /** Takes note of what is required of a package, as pip writes it: `name>=1`. */
  require(requirement: string): void;
  present(names: readonly string[]): string[];
}

/** Options of pip whose value is no package: it follows as a word of its own. */
const WITH_VALUE = new RegExp(
  `^(-f|-i|-t|--(${[
    'find-links|index-url|extra-index-url|trusted-host|target|prefix|root|src|python-version|platform|implementation',
    'abi|progress-bar|timeout|retries|cache-dir|upgrade-strategy|no-binary|only-binary|log|proxy|cert|index-strategy',
  ].join('|')}))$`,
);
const FILE_OPTION = /^(?:-r|--requirements?|-c|--constraints?)(?:=(.+))?$/;
/** A package, with the versions that will do; without a marker, an address or a hash. */
const REQUIREMENT = /^[A-Za-z0-9][\w.-]*(\[[\w,.-]+\])?([=<>!~]=?=?[\w.*+!-]+(,[=<>!~]=?=?[\w.*+!-]+)*)?$/;
const SHORT_FILE_OPTION = /^-[rc](.+)$/;

/**
 * The Task's files that decide what `pip install` with these arguments installs: requirements files, with those that
 * they include. `all` if it installs from the Task's folder, as `pip install .` does.
 */
export async function requirementFiles(args: readonly string[], task: NamedFiles): Promise<Set<string> | 'all'> {
  const files: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    const [isFile, value] = FILE_OPTION.exec(word) ?? [undefined, SHORT_FILE_OPTION.exec(word)?.[1]];
    if (isFile !== undefined || value !== undefined) {
      files.push(value ?? args[index + 1] ?? '');
      if (value === undefined) index += 1;
    } else if (WITH_VALUE.test(word)) {
      index += 1;
      if (/^(-f|--find-links)$/.test(word) && task.isNamedBy(args[index] ?? '')) return 'all';
    } else if (/^(--find-links=)/.test(word) && task.isNamedBy(word.slice(word.indexOf('=') + 1))) return 'all';
    else if (isPath(word) && task.isNamedBy(word)) return 'all';
    else if (REQUIREMENT.test(word)) task.require(word);
  }
  const found = new Set<string>();
  const turns = new Turns();
  for (const file of files) {
    await turns.next();
    if (!(await follow(task.inside(file), task, found, turns))) return 'all';
  }
  return found;
}

/**
 * Adds a requirements file and those that it includes.
 * @param file relative to the Task's folder; undefined for one elsewhere
 * @returns false if it names packages in the Task's folder, or is too long to be read
 */
async function follow(file: string | undefined, task: NamedFiles, found: Set<string>, turns: Turns): Promise<boolean> {
  if (file === undefined || found.has(file) || task.present([file]).length === 0) return true;
  found.add(file);
  const text = await readShort(path.join(task.dir, file));
  if (text === undefined) return false;
  const folder = path.posix.dirname(file);
  for (const line of text.replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    await turns.next();
    const words = line
      .replace(/(^|\s)#.*/, '')
      .trim()
      .split(/\s+/);
    const [first = '', second = ''] = words;
    const included = FILE_OPTION.test(first)
      ? (FILE_OPTION.exec(first)?.[1] ?? second)
      : SHORT_FILE_OPTION.exec(first)?.[1];
    if (included !== undefined) {
      // pip takes names in a requirements file relative to that file.
      const name = included.startsWith('/') ? included : path.posix.join(folder, included);
      if (!(await follow(task.inside(name), task, found, turns))) return false;
    } else if (/^(-e|--editable|-f|--find-links)/.test(first)) {
      const place = /=/.test(first) ? first.slice(first.indexOf('=') + 1) : second;
      if (!/^[a-z+]+:/.test(place)) return false;
    } else if (/^(\.|file:)/.test(first) || /\s@\s+file:/.test(line) || (isPath(first) && task.isNamedBy(first)))
      return false;
    else if (REQUIREMENT.test(words.join(''))) task.require(words.join(''));
  }
  return true;
}

/** Whether pip takes a word for a path: it has a separator, begins with a dot, or is an archive. */
const isPath = (word: string): boolean => /^\.|\/|\.(whl|zip|tar\.gz|tgz)$/.test(word);
