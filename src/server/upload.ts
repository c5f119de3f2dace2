import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Busboy } from '@fastify/busboy';
import { FusionizerError, messageOf } from '../core/errors.ts';
import type { Store } from '../core/store.ts';
import { unpackZip } from '../core/unpack.ts';

/** Of the zip itself, in bytes. */
const MAX_UPLOAD = 256 * 1024 ** 2;
const FIELD = 'zip_file';

/**
 * Receives the multipart field `zip_file` into a file, limited while it streams, and unpacks it.
 * @returns a folder of `store.newFolder()`, for the caller to take over
 * @throws FusionizerError `malformed`, `too-large` or `task`; then nothing is left behind
 */
export async function receiveTask(request: IncomingMessage, store: Store): Promise<string> {
  const dir = await store.newFolder();
  const zip = `${dir}.zip`;
  try {
    await receiveFile(request, zip);
    await unpackZip(zip, dir);
    return dir;
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw error;
  } finally {
    await rm(zip, { force: true });
  }
}

async function receiveFile(request: IncomingMessage, file: string): Promise<void> {
  const type = request.headers['content-type'];
  if (type === undefined || !type.startsWith('multipart/form-data')) {
    throw new FusionizerError(
      'malformed',
      `A Task is sent as multipart/form-data with the field '${FIELD}', e.g. curl -X PUT -F ${FIELD}=@task.zip; this request is ${type ?? 'without a type'}`,
    );
  }
  let parser: InstanceType<typeof Busboy>;
  try {
    parser = new Busboy({ headers: { ...request.headers, 'content-type': type }, limits: { files: 1, fileSize: MAX_UPLOAD, fields: 10, parts: 11 } });
  } catch (cause) {
    throw new FusionizerError('malformed', `The upload's Content-Type is malformed: ${messageOf(cause)}`, { cause });
  }
  const fields: string[] = [];
  let saved: Promise<void> | undefined;
  parser.on('file', (name, stream) => {
    fields.push(name);
    if (name !== FIELD) {
      stream.resume();
      return;
    }
    saved = pipeline(stream, createWriteStream(file, { flags: 'wx', mode: 0o600 })).then(() => {
      if (stream.truncated)
        throw new FusionizerError('too-large', `The zip is larger than ${MAX_UPLOAD / 1024 ** 2} MiB: does it hold files that the Task does not need?`);
    });
    // Its failure is awaited below; it may come before that.
    saved.catch(() => request.unpipe(parser));
  });
  parser.on('field', (name) => fields.push(name));
  try {
    await pipeline(request, parser);
  } catch (cause) {
    throw new FusionizerError('malformed', `The upload ended before it was whole: ${messageOf(cause)}`, { cause });
  }
  if (saved === undefined) {
    throw new FusionizerError('malformed', `The upload has no file in the field '${FIELD}'${fields.length > 0 ? ` (it has ${fields.join(', ')})` : ''}`);
  }
  await saved;
}
