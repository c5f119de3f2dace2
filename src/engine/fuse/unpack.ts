import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import { FusionizerError, isDiskFault, messageOf } from '../../shared/errors.ts';
import { shownName } from '../../task/fileNames.ts';
import { TASK_LIMITS } from '../../task/taskLimits.ts';
import { checksum } from './checksum.ts';
import { EntryNames, isExecutable, refuse } from './entryNames.ts';

export type UnpackLimits = Readonly<Record<keyof typeof TASK_LIMITS, number>>;

/**
 * Unpacks a zip file entry by entry, counting real sizes. No entry leaves the folder.
 * @throws FusionizerError `task` that names the entry at fault, `too-large`; the folder may then hold a part
 */
export async function unpackZip(file: string, dir: string, limits: UnpackLimits = TASK_LIMITS): Promise<void> {
  let left = limits.bytes;
  const names = new EntryNames(limits.entries);
  const folders = new Set([dir]);
  const makeFolder = async (folder: string): Promise<void> => {
    if (folders.has(folder)) return;
    await mkdir(folder, { recursive: true });
    folders.add(folder);
  };
  try {
    // Names are decoded in entryNames.ts.
    const zip = await openPromise(file, { lazyEntries: true, autoClose: true, decodeStrings: false });
    if (zip.entryCount > limits.entries) refuse(`has ${zip.entryCount} entries, more than ${limits.entries}`);
    for await (const entry of zip.eachEntry()) {
      const place = names.add(entry);
      if (place === undefined) continue;
      const target = path.join(dir, ...place.parts);
      if (place.isFolder) {
        await makeFolder(target);
        continue;
      }
      await makeFolder(path.dirname(target));
      // The size in the entry is not trusted: it only refuses sooner.
      if (entry.uncompressedSize > left) throw tooLarge(limits);
      let sum = 0;
      const count = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          left -= chunk.length;
          if (left >= 0) sum = checksum(chunk, sum);
          done(left < 0 ? tooLarge(limits) : null, chunk);
        },
      });
      await pipeline(
        await zip.openReadStreamPromise(entry),
        count,
        createWriteStream(target, { flags: 'wx', mode: isExecutable(entry) ? 0o755 : 0o644 }),
      );
      if (sum !== entry.crc32)
        refuse(`is damaged: the checksum of ${shownName(place.parts.join('/'))} is wrong. Make the zip again`);
    }
  } catch (error) {
    if (error instanceof FusionizerError) throw error;
    // A full disk and the like are not the zip's fault.
    if (isDiskFault(error)) throw error;
    if (error instanceof Error && 'syscall' in error)
      throw new FusionizerError('internal', `The zip cannot be unpacked: ${error.message}`, { cause: error });
    throw new FusionizerError('task', `The upload is not a zip file that can be unpacked: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  if (names.empty) refuse('is empty');
}

/** Without the parser's questions. */
function reasonOf(error: unknown): string {
  const message = messageOf(error);
  return message.startsWith('End of central directory record')
    ? 'it has no directory at its end. It is another kind of file, such as .tar.gz, .7z or .rar, or a part: send a zip'
    : message;
}

function tooLarge({ bytes }: UnpackLimits): FusionizerError {
  return new FusionizerError(
    'too-large',
    `The zip unpacks to more than ${bytes / 1024 ** 2} MiB: leave out what the Task does not need`,
  );
}
