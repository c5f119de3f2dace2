/** A file in a Task's folder with further patterns, in gitignore syntax. */
export const IGNORE_FILE = '.fusionizerignore';

/** Folders of tools. No Task needs them, and they change often. */
const TOOL_FOLDERS = [
  '.git',
  '.hg',
  '.svn',
  '__pycache__',
  '.venv',
  'venv',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '.fusionizer',
];

/**
 * Files and folders that are never sent. A `!pattern` in `.fusionizerignore` brings one back. node_modules is not here:
 * handlers require it.
 */
export const BUILT_IN_IGNORES: readonly string[] = [
  ...TOOL_FOLDERS,
  '*.pyc',
  IGNORE_FILE,
  '.vscode',
  '.idea',
  '.DS_Store',
  'Thumbs.db',
];

/** Folders in which a search for Tasks does not look: those of tools, and installed packages. */
export const UNSEARCHED_FOLDERS: readonly string[] = [...TOOL_FOLDERS, 'node_modules'];

const among = (folders: readonly string[]): RegExp =>
  new RegExp(
    String.raw`(?:^|[\\/])(?:${folders.map((name) => name.replaceAll('.', String.raw`\.`)).join('|')})(?:[\\/]|$)`,
  );
const TOOLS = among(TOOL_FOLDERS);
const UNSEARCHED = among(UNSEARCHED_FOLDERS);

/** Whether a path leads into a tool's folder, so that its changes do not concern a Task. @param file relative */
export const isInToolFolder = (file: string): boolean => TOOLS.test(file);

/** Whether a search for Tasks leaves a path out. @param file relative to where the search begins */
export const isUnsearched = (file: string): boolean => UNSEARCHED.test(file);
