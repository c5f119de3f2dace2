'use strict';

const { promisify } = require('node:util');
const zlib = require('node:zlib');
const { failed } = require('./request');

/** Each one multiplies the size of what a small answer can hold. */
const MOST_CODINGS = 5;

// As in fetch, a body that ends too early gives what it has.
const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH } = zlib.constants;
const LENIENT = { flush: Z_SYNC_FLUSH, finishFlush: Z_SYNC_FLUSH };
const gunzip = promisify(zlib.gunzip);
const inflate = promisify(zlib.inflate);
const inflateRaw = promisify(zlib.inflateRaw);
const brotli = promisify(zlib.brotliDecompress);

/** @type {Record<string, (body: Buffer) => Promise<Buffer>>} */
const DECODERS = {
  gzip: (body) => gunzip(body, LENIENT),
  'x-gzip': (body) => gunzip(body, LENIENT),
  // With its zlib header, or without, as some servers send it.
  deflate: (body) => ((body[0] & 0x0f) === 0x08 ? inflate(body, LENIENT) : inflateRaw(body, LENIENT)),
  br: (body) => brotli(body, { flush: BROTLI_OPERATION_FLUSH, finishFlush: BROTLI_OPERATION_FLUSH }),
};

// fetch knows it from undici 7.11 on, where zlib does.
const zstd = /** @type {any} */ (zlib).zstdDecompress;
const [major, minor] = (process.versions.undici ?? '0.0').split('.').map(Number);
if (zstd !== undefined && (major > 7 || (major === 7 && minor >= 11))) DECODERS.zstd = promisify(zstd);

/**
 * Takes the content codings off a body. As in fetch, all stay if one of them is unknown.
 * @param {{body: string | Buffer}} reply its body is replaced
 * @param {string} encoding of the header Content-Encoding
 * @returns {Promise<TypeError | null>} why the body cannot be read
 * @throws {TypeError} as fetch, for more codings than anybody needs
 */
async function decode(reply, encoding) {
  const codings = encoding
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .reverse();
  if (codings.length > MOST_CODINGS) throw failed(`too many content-encodings: ${codings.length}`);
  if (!codings.every((coding) => Object.hasOwn(DECODERS, coding))) return null;
  try {
    for (const coding of codings) {
      if (reply.body.length === 0) return null;
      reply.body = await /** @type {(body: Buffer) => Promise<Buffer>} */ (DECODERS[coding])(Buffer.from(reply.body));
    }
    return null;
  } catch (cause) {
    return new TypeError('terminated', { cause });
  }
}

module.exports = { decode };
