import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Entry, openPromise } from 'yauzl';
import { FusionizerError, isDiskFault, messageOf } from '../../shared/errors.ts';

export interface UnpackLimits {
  entries: number;
  /** Of all files together, unpacked, in bytes. */
  bytes: number;
}

export const DEFAULT_LIMITS: UnpackLimits = { entries: 15_000, bytes: 512 * 1024 ** 2 };

/** The longest names, in UTF-8 bytes: of one part (the limit of file systems), and of a whole path. */
const MAX_PART = 255;
const MAX_NAME = 1024;

const SYMLINK = 0o120000;
const FILE_TYPE = 0o170000;
/**
 * Names that Windows does not allow for files, with any ending; and endings that it takes away, so that two names
 * become one.
 */
const RESERVED = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)|[. ]$|[\0-\x1f]/i;

/**
 * Unpacks a zip file entry by entry, counting real sizes. No entry leaves the folder.
 * @throws FusionizerError `task` that names the entry at fault, `too-large`; the folder may then hold a part
 */
export async function unpackZip(file: string, dir: string, limits: UnpackLimits = DEFAULT_LIMITS): Promise<void> {
  let left = limits.bytes;
  const names = new EntryNames(limits.entries);
  try {
    const zip = await openPromise(file, { lazyEntries: true, autoClose: true, strictFileNames: true });
    if (zip.entryCount > limits.entries) refuse(`has ${zip.entryCount} entries, more than ${limits.entries}`);
    for await (const entry of zip.eachEntry()) {
      const parts = checkEntry(entry, names);
      const target = path.join(dir, ...parts);
      if (entry.fileName.endsWith('/')) {
        await mkdir(target, { recursive: true });
        continue;
      }
      await mkdir(path.dirname(target), { recursive: true });
      // The size in the entry is not trusted: it only refuses sooner.
      if (entry.uncompressedSize > left) throw tooLarge(limits);
      const count = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          left -= chunk.length;
          done(left < 0 ? tooLarge(limits) : null, chunk);
        },
      });
      await pipeline(
        await zip.openReadStreamPromise(entry),
        count,
        createWriteStream(target, { flags: 'wx', mode: isExecutable(entry) ? 0o755 : 0o644 }),
      );
    }
  } catch (error) {
    if (error instanceof FusionizerError) throw error;
    // A full disk and the like are not the zip's fault.
    if (isDiskFault(error)) throw error;
    if (error instanceof Error && 'syscall' in error)
      throw new FusionizerError('internal', `The zip cannot be unpacked: ${error.message}`, { cause: error });
    throw new FusionizerError('task', `The upload is not a zip file that can be unpacked: ${messageOf(error)}`, {
      cause: error,
    });
  }
  if (names.empty) refuse('is empty');
}

function refuse(why: string): never {
  throw new FusionizerError('task', `The zip ${why}`);
}

function tooLarge({ bytes }: UnpackLimits): FusionizerError {
  return new FusionizerError(
    'too-large',
    `The zip unpacks to more than ${bytes / 1024 ** 2} MiB: leave out what the Task does not need`,
  );
}

const modeOf = (entry: Entry): number => entry.externalFileAttributes >>> 16;

function isExecutable(entry: Entry): boolean {
  return (modeOf(entry) & 0o111) !== 0;
}

/**
 * yauzl refuses `..`, absolute paths, drive letters and backslashes itself (strictFileNames).
 * @returns the parts of its path
 */
function checkEntry(entry: Entry, names: EntryNames): string[] {
  const { fileName } = entry;
  const shown = JSON.stringify(fileName.length > 100 ? `${fileName.slice(0, 100)}...` : fileName);
  const parts = fileName.split('/').filter((part) => part !== '' && part !== '.');
  if ((modeOf(entry) & FILE_TYPE) === SYMLINK) refuse(`holds a link, ${shown}: put in the file itself`);
  if (Buffer.byteLength(fileName) > MAX_NAME || parts.some((part) => Buffer.byteLength(part) > MAX_PART))
    refuse(
      `has an entry whose name is too long, ${shown}: ${MAX_PART} bytes for each part and ${MAX_NAME} in all are allowed`,
    );
  if (parts.some((part) => RESERVED.test(part)))
    refuse(`has an entry whose name not every system allows, ${shown}: rename it`);
  const isFolder = fileName.endsWith('/');
  if (parts.length === 0 && !isFolder) refuse(`has an entry without a name, ${shown}`);
  names.add(parts, isFolder, shown);
  return parts;
}

/** The files and folders of a zip, compared without regard to case and Unicode form, as some file systems do. */
class EntryNames {
  readonly #files = new Set<string>();
  /** Folders, also those that only occur in paths. True: the folder has an entry of its own. */
  readonly #folders = new Map<string, boolean>();
  readonly #limit: number;
  empty = true;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @throws FusionizerError `task` for a name that is there already, as a file or as a folder, and for too many */
  add(parts: readonly string[], isFolder: boolean, shown: string): void {
    this.empty = false;
    const keys = parts.map((part) => part.normalize('NFC').toLowerCase());
    for (let length = 1; length < keys.length; length += 1) {
      const folder = keys.slice(0, length).join('/');
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
