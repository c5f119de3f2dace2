/** The longest names, in UTF-8 bytes: of one part (the limit of file systems), and of a whole path. */
const MAX_PART = 255;
const MAX_NAME = 1024;

/**
 * Names that a file cannot have on Windows or macOS: devices of Windows with any ending, characters that Windows does
 * not allow, and endings that it takes away, so that two names become one.
 * https://learn.microsoft.com/windows/win32/fileio/naming-a-file
 */
const DEVICE = /^(con|prn|aux|nul|clock\$|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3]) *(\.|$)/i;
const CHARACTER = /[\0-\x1f<>:"|?*\\]/;
const ENDING = /[. ]$/;

/** Why not every system allows a name; undefined if it does. @param part one part of a path */
function nameFault(part: string): string | undefined {
  const [character] = CHARACTER.exec(part) ?? [];
  if (character !== undefined)
    return `Windows allows no ${character < ' ' ? 'control characters' : character} in names`;
  const [, device] = DEVICE.exec(part) ?? [];
  if (device !== undefined) return `Windows has a device '${device}'`;
  return ENDING.test(part) ? 'Windows takes away points and spaces at the end' : undefined;
}

/** What holds the files: a zip with entries, or a folder with files. */
export interface FileHolder {
  readonly noun: 'entry' | 'file';
  /** The most files and folders. */
  readonly limit: number;
  /** Throws the error. @param why goes on after the holder's name: "has two ..." */
  refuse(why: string): never;
}

/** A part of a path, and what is below it, by what it is compared as. Each name takes time by its length alone. */
interface PathPart {
  readonly written: string;
  /** `path`: a folder that only occurs in paths. */
  kind: 'file' | 'folder' | 'path';
  readonly below: Map<string, PathPart>;
}

/**
 * The names of a Task's files and folders, which every system has to be able to hold. They are compared without regard
 * to case and Unicode form, as the file systems of Windows and macOS do. The server checks the names of a zip by it,
 * and clients the names of a folder before they send it.
 */
export class FileNames {
  readonly #top: PathPart = { written: '', kind: 'path', below: new Map() };
  #count = 0;
  readonly #holder: FileHolder;

  constructor(holder: FileHolder) {
    this.#holder = holder;
  }

  /**
   * @param name with `/`; a folder's ends with one
   * @returns the parts of the path
   */
  add(name: string): readonly string[] {
    const { noun, refuse } = this.#holder;
    const shown = shownName(name);
    const parts = name.split('/').filter((part) => part !== '' && part !== '.');
    if (Buffer.byteLength(name) > MAX_NAME || parts.some((part) => Buffer.byteLength(part) > MAX_PART)) {
      const allowed = `${MAX_PART} bytes for each part and ${MAX_NAME} in all are allowed`;
      refuse(`has ${article(noun)} whose name is too long, ${shown}: ${allowed}`);
    }
    const fault = parts.map(nameFault).find((one) => one !== undefined);
    if (fault !== undefined)
      refuse(`has ${article(noun)} whose name not every system allows, ${shown}: rename it, because ${fault}`);
    const isFolder = name.endsWith('/');
    if (parts.length === 0 && !isFolder) refuse(`has ${article(noun)} without a name, ${shown}`);
    this.#remember(parts, isFolder, shown);
    return parts;
  }

  #remember(parts: readonly string[], isFolder: boolean, shown: string): void {
    const { refuse, limit } = this.#holder;
    let above = this.#top;
    for (const [index, written] of parts.entries()) {
      const isLast = index === parts.length - 1;
      const key = written.normalize('NFC').toLowerCase();
      const found = above.below.get(key);
      if (found !== undefined && found.written !== written) {
        const other = shownName([...parts.slice(0, index), found.written].join('/'));
        refuse(`has two names that macOS and Windows take for one, ${other} and ${shown}: rename one of them`);
      }
      if (found?.kind === 'file' && !isLast) refuse(`has an entry ${shown} below one that is a file`);
      if (found !== undefined && isLast && (found.kind !== 'path' || !isFolder)) refuse(`has two entries for ${shown}`);
      const part = found ?? { written, kind: 'path', below: new Map() };
      if (isLast) part.kind = isFolder ? 'folder' : 'file';
      if (found === undefined) {
        above.below.set(key, part);
        this.#count += 1;
      }
      above = part;
    }
    // Each name may make a long path of folders, so that few entries are very many files.
    if (this.#count > limit) refuse(`has more than ${limit} files and folders`);
  }
}

/** A name as a message quotes it. */
export const shownName = (name: string): string =>
  JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}...` : name);

const article = (noun: FileHolder['noun']): string => (noun === 'entry' ? 'an entry' : 'a file');

/**
 * Whether a path is one of the files in which macOS keeps what its file system has beside the content: `._main.py`, and
 * all below `__MACOSX` in a zip. They are no part of a Task.
 */
export const isAppleDouble = (file: string): boolean => /^__MACOSX(\/|$)|(^|\/)\._[^/]*$/.test(file);
