import { realpathSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TextMask } from '../secrets/mask.ts';
import type { SourceFolder } from './platform.ts';

/** Names places in code by the files that they were deployed from. */
export type SourcePaths = (text: string) => string;

/** Marks a path as a place in code: `", line 3` follows it in Python, `:3` in Node.js and in Python's warnings. */
const LINE = String.raw`(?=", line \d|:\d)`;

/**
 * Makes the function that turns `<package folder>/tasks/<task>/main.py", line 3` into the user's own path. Other paths
 * in a text stay, because a handler may have opened or printed them. The line numbers are those of the deployed files.
 * @param dir the package's folder
 */
export function sourcePaths(dir: string, folders: readonly SourceFolder[]): SourcePaths {
  const forms = new Map(
    folders.flatMap(({ built, source }) =>
      formsOf(path.join(dir, built)).map((form) => [form, form.startsWith('file:') ? hrefOf(source) : source]),
    ),
  );
  if (forms.size === 0) return (text) => text;
  // The name of the package's folder is unique: a text without it holds none of the paths.
  const mark = path.basename(dir);
  const pattern = new RegExp(
    String.raw`(${[...forms.keys()].map(escaped).join('|')})([\\/][^"\n:]{0,1000})${LINE}`,
    'g',
  );
  return (text) =>
    text.includes(mark) ? text.replace(pattern, (_, form: string, rest: string) => `${forms.get(form)}${rest}`) : text;
}

/**
 * A mask that also names places in code by their sources. It masks last, because a source's path may hold a secret.
 */
export function withSources(mask: TextMask, paths: SourcePaths): TextMask {
  return Object.assign((text: string): string => mask(paths(text)), { reach: mask.reach });
}

/** The forms in which runtimes write a folder: as given, without links, and as the URL in stacks of ES modules. */
function formsOf(folder: string): string[] {
  const paths = [...new Set([folder, realpathSync(folder)])];
  return [...paths.map(hrefOf), ...paths];
}

const hrefOf = (folder: string): string => pathToFileURL(folder).href;
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
