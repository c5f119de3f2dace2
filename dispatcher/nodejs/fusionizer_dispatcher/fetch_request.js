'use strict';

// Requests that the platform's own `Request` has to read: forms, blobs and streams, all options of fetch, and what is
// wrong with them.

const { CACHED, EXPECT_BODY, REFUSED, canonicalHeaders, failed, request } = require('./request');

/**
 * A request out of the platform's own `Request`.
 * @param {string | Request} input
 * @param {any} init
 * @returns {Promise<import('./request').SessionRequest>}
 * @throws {TypeError} as fetch does
 */
async function readRequest(input, init) {
  const made = new globalThis.Request(input, init);
  for (const name of REFUSED) if (made.headers.has(name)) throw failed(`invalid ${name} header`);
  const headers = canonicalHeaders([...made.headers]);
  addByFetch(headers, made);
  const contentType = headers['Content-Type'] ?? '';
  if (contentType !== '') delete headers['Content-Type'];
  const connection = made.headers.get('connection')?.toLowerCase() ?? 'keep-alive';
  if (connection === 'close') headers.Connection = connection;
  else if (connection !== 'keep-alive') throw failed('invalid connection header');
  const body = made.body === null ? null : await readAll(made.body, made.signal);
  checkLength(made.headers.get('content-length'), made.method, body);
  const redirect = /** @type {import('./request').SessionRequest['redirect']} */ (made.redirect);
  const isStream = init?.body instanceof ReadableStream || typeof init?.body?.[Symbol.asyncIterator] === 'function';
  return { ...request(made.method, headers, contentType, body, redirect, made.signal), isStream };
}

/**
 * What fetch adds for the sake of caches, and its mode.
 * @param {Record<string, string>} headers changed
 * @param {Request} made
 */
function addByFetch(headers, { cache, mode }) {
  if (mode !== 'cors') headers['Sec-Fetch-Mode'] = mode;
  const isConditional = cache === 'default' && [...CACHED].some((name) => headers[name] !== undefined);
  if (cache === 'no-cache') headers['Cache-Control'] ??= 'max-age=0';
  if (cache === 'no-store' || cache === 'reload' || isConditional) {
    headers.Pragma ??= 'no-cache';
    headers['Cache-Control'] ??= 'no-cache';
  }
  if (headers.Range !== undefined)
    headers['Accept-Encoding'] = [headers['Accept-Encoding'], 'identity'].filter(Boolean).join(', ');
}

/**
 * A length that the caller gave.
 * @param {string | null} given
 * @param {string} method
 * @param {Buffer | null} body
 * @throws {TypeError} as fetch, for another one than the body has
 */
function checkLength(given, method, body) {
  if (given === null) return;
  const length = Number.parseInt(given, 10);
  const isRight = Number.isFinite(length) && (body === null ? !EXPECT_BODY.has(method) : length === body.length);
  if (!isRight) throw failed(`invalid content-length header: ${given}`);
}

/**
 * @param {ReadableStream<Uint8Array>} body
 * @param {AbortSignal} signal ends the wait for it
 * @returns {Promise<Buffer>}
 * @throws {TypeError} as fetch, if it breaks; or the signal's reason
 */
async function readAll(body, signal) {
  const reader = body.getReader();
  const stop = () => reader.cancel(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  const chunks = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (signal.aborted) break;
      if (done) return Buffer.concat(chunks);
      chunks.push(value);
    }
  } catch (cause) {
    if (!signal.aborted) throw new TypeError('fetch failed', { cause });
  } finally {
    signal.removeEventListener('abort', stop);
  }
  throw signal.reason;
}

exports.readRequest = readRequest;
