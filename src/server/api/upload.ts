import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy } from '@fastify/busboy';
import { unpackZip } from '../../engine/fuse/unpack.ts';
import type { Store } from '../../engine/store.ts';
import { FusionizerError, isDiskFault, messageOf } from '../../shared/errors.ts';

/** The largest zip, in bytes. */
const MAX_UPLOAD = 256 * 1024 ** 2;
/** The most that the form around the zip may add, in bytes. */
const MAX_FORM = 1024 ** 2;
const FIELD = 'zip_file';
/** How many parts the form may have besides the file. Each takes the server some time. */
const MAX_FIELDS = 10;

/**
 * Streams the multipart field `zip_file` into a file, with a limit on its size, and unpacks it.
 * @returns a folder of `store.newFolder()`, which the caller then owns
 * @param signal cancels it
 * @throws FusionizerError `malformed`, `too-large` or `task`, or the signal's reason; then no file is left behind
 */
export async function receiveTask(request: IncomingMessage, store: Store, signal: AbortSignal): Promise<string> {
  const dir = await store.newFolder();
  const zip = `${dir}.zip`;
  try {
    await receiveFile(request, zip, signal);
    await unpackZip(zip, dir);
    return dir;
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw error;
  } finally {
    await rm(zip, { force: true });
  }
}

async function receiveFile(request: IncomingMessage, file: string, signal: AbortSignal): Promise<void> {
  const type = request.headers['content-type'];
  if (type === undefined || !type.startsWith('multipart/form-data')) {
    throw new FusionizerError(
      'task',
      `A Task is sent as multipart/form-data with the field '${FIELD}', e.g. curl -X PUT -F ${FIELD}=@task.zip; ` +
        `the Content-Type of this request is ${type ?? 'missing'}`,
    );
  }
  let parser: InstanceType<typeof Busboy>;
  try {
    parser = new Busboy({
      headers: { ...request.headers, 'content-type': type },
      limits: { files: 1, fileSize: MAX_UPLOAD, fields: MAX_FIELDS, parts: MAX_FIELDS + 1 },
    });
  } catch (cause) {
    throw new FusionizerError('malformed', `The upload's Content-Type is malformed: ${messageOf(cause)}`, { cause });
  }
  if (Number(request.headers['content-length']) > MAX_UPLOAD + MAX_FORM) throw tooLarge();
  const fields: string[] = [];
  let part: Readable | undefined;
  let saved: Promise<void> | undefined;
  // Not a pipeline: it would close the connection when the parser fails, and the client would not get the answer.
  const received = new Promise<void>((resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    parser.once('finish', resolve);
    parser.once('error', (cause) => reject(notWhole(cause)));
    request.once('close', () => {
      if (!request.complete) reject(notWhole(new Error('the connection was closed')));
    });
    parser.on('file', (name, stream) => {
      fields.push(name);
      part = stream;
      // If the upload ends in the middle of a file, only the stream of this file reports it.
      stream.on('error', (cause) => reject(notWhole(cause)));
      stream.on('limit', () => reject(tooLarge()));
      if (name === FIELD) {
        saved = pipeline(stream, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
        saved.catch(reject);
      } else stream.resume();
    });
    parser.on('field', (name) => fields.push(name));
    parser.once('filesLimit', () =>
      reject(
        new FusionizerError('malformed', `The upload has more than one file: send one zip in the field '${FIELD}'`),
      ),
    );
    parser.once('partsLimit', () =>
      reject(
        new FusionizerError(
          'malformed',
          `The upload has more than ${MAX_FIELDS + 1} parts: send one zip in the field '${FIELD}'`,
        ),
      ),
    );
    request.pipe(parser);
  });
  try {
    await received;
  } catch (error) {
    request.unpipe(parser);
    parser.destroy();
    part?.destroy();
    // Waits until the file is closed and can be removed. Its own error does not matter: `error` is the cause.
    await Promise.allSettled([saved]);
    throw error;
  }
  if (saved === undefined && fields.includes(FIELD)) {
    throw new FusionizerError(
      'task',
      `The field '${FIELD}' is text, not a file. Send a file with curl -X PUT -F ${FIELD}=@task.zip (note the @)`,
    );
  }
  if (saved === undefined) {
    throw new FusionizerError(
      'task',
      `The upload has no file in the field '${FIELD}'${fields.length > 0 ? ` (it has ${fields.join(', ')})` : ''}`,
    );
  }
  await saved;
}

/** A full disk is not the client's fault, so that error stays as it is. */
function notWhole(cause: unknown): unknown {
  if (isDiskFault(cause)) return cause;
  return new FusionizerError('malformed', `The upload is incomplete: ${messageOf(cause)}`, { cause });
}

function tooLarge(): FusionizerError {
  return new FusionizerError(
    'too-large',
    `The zip is larger than ${MAX_UPLOAD / 1024 ** 2} MiB: leave out files that the Task does not need`,
  );
}
