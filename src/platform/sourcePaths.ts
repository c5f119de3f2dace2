import { existsSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TextMask } from '../secrets/mask.ts';
import type { Task } from '../task/task.ts';

/** Names places in code by the files that they were deployed from. */
export type SourcePaths = (text: string) => string;

/** A Task's files in its build folder, and where they come from: two folders. */
export interface SourceFolder {
  readonly built: string;
  readonly source: string;
}

/**
 * What says that a path is a place in code: `", line 3` behind it in Python, `:3` in Node.js and in Python's warnings.
 */
const LINE = String.raw`(?=", line \d|:\d)`;

/**
 * The folders that a group's Tasks were deployed from, as far as they are on this machine: a client elsewhere names its
 * own.
 * @param dir the build folder
 */
export function sourceFolders(dir: string, tasks: readonly Task[]): SourceFolder[] {
  return tasks.flatMap(({ name, source }) => {
    if (source === null || !path.isAbsolute(source) || !existsSync(source)) return [];
    // A single file was deployed: it lies in its folder under the same name.
    return [
      { built: path.join(dir, 'tasks', name), source: statSync(source).isDirectory() ? source : path.dirname(source) },
    ];
  });
}

/**
 * Makes what turns `<build folder>/tasks/<task>/main.py", line 3` into the user's own path. Other paths in a text stay:
 * what a handler opens or prints is where it is. The line numbers are those of the files as they were deployed.
 */
export function sourcePaths(folders: readonly SourceFolder[]): SourcePaths {
  const forms = new Map(
    folders.flatMap(({ built, source }) =>
      formsOf(built).map((form) => [form, form.startsWith('file:') ? hrefOf(source) : source]),
    ),
  );
  if (forms.size === 0) return (text) => text;
  // All lie in one build folder: a text without its name, which no other text has, holds none of them.
  const mark = path.basename(path.dirname(path.dirname(folders[0]?.built ?? '')));
  const pattern = new RegExp(String.raw`(${[...forms.keys()].map(escaped).join('|')})([\\/][^"\n:]*)${LINE}`, 'g');
  return (text) =>
    text.includes(mark) ? text.replace(pattern, (_, form: string, rest: string) => `${forms.get(form)}${rest}`) : text;
}

/** A mask that names places in code by their sources, too. It masks last: a source's path may hold a secret. */
export function withSources(mask: TextMask, paths: SourcePaths): TextMask {
  return Object.assign((text: string): string => mask(paths(text)), { reach: mask.reach });
}

/** The same folder as runtimes write it: as it was given, without links, as the URL that stacks of ES modules have. */
function formsOf(folder: string): string[] {
  const paths = [...new Set([folder, realpathSync(folder)])];
  return [...paths.map(hrefOf), ...paths];
}

const hrefOf = (folder: string): string => pathToFileURL(folder).href;
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
