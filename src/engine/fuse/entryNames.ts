import { isUtf8 } from 'node:buffer';
import { type Entry, getFileNameLowLevel, validateFileName } from 'yauzl';
import { FusionizerError } from '../../shared/errors.ts';
import { isAppleDouble, isPortableName } from '../../task/fileNames.ts';

/** The longest names, in UTF-8 bytes: of one part (the limit of file systems), and of a whole path. */
const MAX_PART = 255;
const MAX_NAME = 1024;

const SYMLINK = 0o120000;
const FILE_TYPE = 0o170000;
/** Of an entry's flags: its name is UTF-8. */
const UTF8_FLAG = 0x800;

/** @throws FusionizerError `task` */
export function refuse(why: string): never {
  throw new FusionizerError('task', `The zip ${why}`);
}

const modeOf = (entry: Entry): number => entry.externalFileAttributes >>> 16;

export function isExecutable(entry: Entry): boolean {
  return (modeOf(entry) & 0o111) !== 0;
}

/** Where an entry belongs. */
export interface EntryPlace {
  readonly parts: readonly string[];
  readonly isFolder: boolean;
}

/**
 * The name of an entry, with `/`. Old programs of Windows write backslashes, which no system of ours would keep apart.
 * Programs of macOS and Linux write UTF-8, often without the flag that says so; without it, a name that is not UTF-8 is
 * of the DOS code page 437, as the format has it.
 */
function nameOf({ generalPurposeBitFlag: flags, fileNameRaw, extraFields }: Entry): string {
  if ((flags & UTF8_FLAG) !== 0 && !isUtf8(fileNameRaw))
    refuse(`has an entry whose name is not UTF-8 text, ${shownName(fileNameRaw.toString('latin1'))}: rename it`);
  const flag = isUtf8(fileNameRaw) ? UTF8_FLAG : 0;
  return getFileNameLowLevel(flags | flag, fileNameRaw, extraFields, false);
}

const shownName = (name: string): string => JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}...` : name);

/** The files and folders of a zip, compared without regard to case and Unicode form, as some file systems do. */
export class EntryNames {
  readonly #files = new Set<string>();
  /** Folders, also those that only occur in paths. True: the folder has an entry of its own. */
  readonly #folders = new Map<string, boolean>();
  readonly #limit: number;
  empty = true;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * @returns undefined for an entry that is no part of the Task
   * @throws FusionizerError `task` for a name that cannot be, is there already, as a file or as a folder, and for too
   *   many
   */
  add(entry: Entry): EntryPlace | undefined {
    const name = nameOf(entry);
    const shown = shownName(name);
    const invalid = validateFileName(name);
    if (invalid !== null) refuse(`has an entry that leaves the Task's folder: ${invalid}`);
    if (isAppleDouble(name)) return undefined;
    const parts = name.split('/').filter((part) => part !== '' && part !== '.');
    if ((modeOf(entry) & FILE_TYPE) === SYMLINK) refuse(`holds a link, ${shown}: put in the file itself`);
    if (Buffer.byteLength(name) > MAX_NAME || parts.some((part) => Buffer.byteLength(part) > MAX_PART))
      refuse(
        `has an entry whose name is too long, ${shown}: ${MAX_PART} bytes for each part and ${MAX_NAME} in all are ` +
          'allowed',
      );
    if (!parts.every(isPortableName)) refuse(`has an entry whose name not every system allows, ${shown}: rename it`);
    const isFolder = name.endsWith('/');
    if (parts.length === 0 && !isFolder) refuse(`has an entry without a name, ${shown}`);
    this.#remember(parts, isFolder, shown);
    return { parts, isFolder };
  }

  #remember(parts: readonly string[], isFolder: boolean, shown: string): void {
    this.empty = false;
    const keys = parts.map((part) => part.normalize('NFC').toLowerCase());
    let folder = '';
    for (const part of keys.slice(0, -1)) {
      folder = folder === '' ? part : `${folder}/${part}`;
      if (this.#files.has(folder)) refuse(`has an entry ${shown} below one that is a file`);
      if (!this.#folders.has(folder)) this.#folders.set(folder, false);
    }
    const key = keys.join('/');
    const there = isFolder
      ? this.#files.has(key) || this.#folders.get(key) === true
      : this.#files.has(key) || this.#folders.has(key);
    if (there && key !== '') refuse(`has two entries for ${shown}`);
    if (isFolder) this.#folders.set(key, true);
    else this.#files.add(key);
    // Each entry may make a long path of folders, so that few entries are very many files.
    if (this.#files.size + this.#folders.size > this.#limit) refuse(`has more than ${this.#limit} files and folders`);
  }
}
