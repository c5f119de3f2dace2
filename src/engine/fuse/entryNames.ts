import { isUtf8 } from 'node:buffer';
import { type Entry, getFileNameLowLevel, validateFileName } from 'yauzl';
import { FusionizerError } from '../../shared/errors.ts';
import { FileNames, isAppleDouble, shownName } from '../../task/fileNames.ts';

const SYMLINK = 0o120000;
const FILE_TYPE = 0o170000;
/** Compression methods: two that are read, and the names of others. PKWARE's APPNOTE, 4.4.5. */
const STORED = 0;
const DEFLATED = 8;
const METHODS: Readonly<Record<number, string>> = {
  9: 'Deflate64',
  12: 'BZIP2',
  14: 'LZMA',
  93: 'Zstandard',
  95: 'XZ',
};
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

/** The files and folders of a zip. */
export class EntryNames {
  readonly #names: FileNames;
  empty = true;

  /** @param limit the most files and folders */
  constructor(limit: number) {
    this.#names = new FileNames({ noun: 'entry', limit, refuse });
  }

  /**
   * @returns undefined for an entry that is no part of the Task
   * @throws FusionizerError `task` for a name that cannot be, is there already, as a file or as a folder, and for too
   *   many
   */
  add(entry: Entry): EntryPlace | undefined {
    const name = nameOf(entry);
    const invalid = validateFileName(name);
    if (invalid !== null) refuse(`has an entry that leaves the Task's folder: ${invalid}`);
    if (isAppleDouble(name)) return undefined;
    if ((modeOf(entry) & FILE_TYPE) === SYMLINK) refuse(`holds a link, ${shownName(name)}: put in the file itself`);
    this.empty = false;
    if (entry.isEncrypted()) refuse(`has an encrypted entry, ${shownName(name)}: make the zip without a password`);
    const method = entry.compressionMethod;
    if (method !== STORED && method !== DEFLATED)
      refuse(
        `has an entry in compression method ${METHODS[method] ?? method}, ${shownName(name)}: make the zip with ` +
          'Deflate, which zip programs use by default',
      );
    return { parts: this.#names.add(name), isFolder: name.endsWith('/') };
  }
}
