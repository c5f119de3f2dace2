import { UNSEARCHED_FOLDERS } from '../../task/ignores.ts';

/** What the workspace is searched for, as patterns of VS Code. */

/** The files that make a folder a Task's. package.json activates the extension where there is one. */
export const TASK_FILES = '**/function.{yaml,yml}';

/** Files that may have an inline configuration, and how many of them a workspace folder is searched for. */
export const SOURCE_FILES = '**/*.{py,js,mjs,cjs}';
export const MAX_SOURCES = 5000;

/** Folders that hold no Tasks of the user: those of tools, and installed packages. */
export const UNSEARCHED = `**/{${UNSEARCHED_FOLDERS.join(',')}}/**`;
