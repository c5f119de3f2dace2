/**
 * Names that a file cannot have on Windows or macOS: devices of Windows with any ending, characters that Windows does
 * not allow, and endings that it takes away, so that two names become one.
 * https://learn.microsoft.com/windows/win32/fileio/naming-a-file
 */
const RESERVED =
  /^(con|prn|aux|nul|clock\$|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3]) *(\.|$)|[. ]$|[\0-\x1f<>:"|?*\\]/i;

/** Whether a file or folder can have this name on every system. @param part one part of a path */
export const isPortableName = (part: string): boolean => !RESERVED.test(part);

/**
 * Whether a path is one of the files in which macOS keeps what its file system has beside the content: `._main.py`, and
 * all below `__MACOSX` in a zip. They are no part of a Task.
 */
export const isAppleDouble = (file: string): boolean => /^__MACOSX(\/|$)|(^|\/)\._[^/]*$/.test(file);
