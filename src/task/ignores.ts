/** The name of a file in a Task's folder with further patterns, in gitignore syntax. */
export const IGNORE_FILE = '.fusionizerignore';

/** Folders that belong to tools. No Task needs them, and they change often. */
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
 * Files and folders that are not sent, unless a `!pattern` in `.fusionizerignore` includes them again. node_modules is
 * sent: handlers require it.
 */
export const BUILT_IN_IGNORES: readonly string[] = [
  ...TOOL_FOLDERS,
  '*.pyc',
  IGNORE_FILE,
  '.vscode',
  '.idea',
  '.DS_Store',
  '._*',
  '__MACOSX',
  '.AppleDouble',
  '.Spotlight-V100',
  '.Trashes',
  '.fseventsd',
  'Thumbs.db',
  'desktop.ini',
];

/** Folders that a search for Tasks skips: those of tools, and installed packages. */
export const UNSEARCHED_FOLDERS: readonly string[] = [...TOOL_FOLDERS, 'node_modules'];

const among = (folders: readonly string[]): RegExp =>
  new RegExp(
    String.raw`(?:^|[\\/])(?:${folders.map((name) => name.replaceAll('.', String.raw`\.`)).join('|')})(?:[\\/]|$)`,
  );
const TOOLS = among(TOOL_FOLDERS);
const UNSEARCHED = among(UNSEARCHED_FOLDERS);

/** Whether a path leads into a tool's folder. Changes there do not concern a Task. @param file relative */
export const isInToolFolder = (file: string): boolean => TOOLS.test(file);

/** Whether a search for Tasks skips a path. @param file relative to the folder that is searched */
export const isUnsearched = (file: string): boolean => UNSEARCHED.test(file);
