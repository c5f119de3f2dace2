import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Entry, openPromise } from 'yauzl';
import { FusionizerError, messageOf } from './errors.ts';

export interface UnpackLimits {
  entries: number;
  /** Of all files together, unpacked, in bytes. */
  bytes: number;
}

export const DEFAULT_LIMITS: UnpackLimits = { entries: 15_000, bytes: 1024 ** 3 };

const SYMLINK = 0o120000;
const FILE_TYPE = 0o170000;
/** Names that Windows does not allow for files, with any ending. */
const RESERVED = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;

/**
 * Unpacks a zip file entry by entry, counting real sizes. No entry leaves the folder.
 * @throws FusionizerError `task` that names the entry at fault; the folder may then hold a part
 */
export async function unpackZip(file: string, dir: string, limits: UnpackLimits = DEFAULT_LIMITS): Promise<void> {
  let left = limits.bytes;
  const names = new Set<string>();
  try {
    const zip = await openPromise(file, { lazyEntries: true, autoClose: true, strictFileNames: true });
    if (zip.entryCount > limits.entries) refuse(`has ${zip.entryCount} entries, more than ${limits.entries}`);
    for await (const entry of zip.eachEntry()) {
      const name = checkEntry(entry, names);
      const target = path.join(dir, ...name.split('/'));
      if (name.endsWith('/')) {
        await mkdir(target, { recursive: true });
        continue;
      }
      await mkdir(path.dirname(target), { recursive: true });
      const count = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          left -= chunk.length;
          done(left < 0 ? new FusionizerError('too-large', `The zip unpacks to more than ${limits.bytes / 1024 ** 2} MiB`) : null, chunk);
        },
      });
      await pipeline(await zip.openReadStreamPromise(entry), count, createWriteStream(target, { flags: 'wx', mode: isExecutable(entry) ? 0o755 : 0o644 }));
    }
  } catch (error) {
    if (error instanceof FusionizerError) throw error;
    throw new FusionizerError('task', `The upload is not a zip file that can be unpacked: ${messageOf(error)}`, { cause: error });
  }
  if (names.size === 0) refuse('is empty');
}

function refuse(why: string): never {
  throw new FusionizerError('task', `The zip ${why}`);
}

const modeOf = (entry: Entry): number => entry.externalFileAttributes >>> 16;

function isExecutable(entry: Entry): boolean {
  return (modeOf(entry) & 0o111) !== 0;
}

/** yauzl refuses `..`, absolute paths and backslashes itself (strictFileNames). */
function checkEntry(entry: Entry, names: Set<string>): string {
  const name = entry.fileName.replace(/^(\.\/)+/, '');
  if ((modeOf(entry) & FILE_TYPE) === SYMLINK) refuse(`holds a link, '${name}': put in the file itself`);
  if (/^[a-zA-Z]:/.test(name)) refuse(`has an entry with a drive letter, '${name}'`);
  if (name.split('/').some((part) => RESERVED.test(part) || /[\0-\x1f]/.test(part)))
    refuse(`has an entry whose name not every system allows, ${JSON.stringify(name)}`);
  const key = name.replace(/\/$/, '').toLowerCase();
  if (names.has(key) && key !== '') refuse(`has two entries for '${name}'`);
  names.add(key);
  return name;
}
