'use strict';

const { canonicalHeader } = require('./nuclio_http');

/**
 * @typedef {object} SessionRequest what a call sends, the same for a local and a remote one
 * @property {string} method
 * @property {Record<string, string> | null} headers the caller's own, canonical names, without Content-Type
 * @property {string} contentType '' when there is none
 * @property {Buffer | null} body a copy of the caller's data
 * @property {'follow' | 'error' | 'manual'} redirect
 * @property {AbortSignal | null} signal
 * @property {boolean} [isStream] whether the caller gave the body as a stream, which cannot be sent again
 */

/** Requests with these methods and no body say nothing of its length. */
const NO_LENGTH = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']);

/** Headers that belong to the connection: fetch writes them itself. */
const IGNORED = new Set(['Connection', 'Content-Length', 'Host', 'Te', 'Trailer']);

/** Those that it refuses, which are the connection's, too. */
const REFUSED = new Set(['Expect', 'Keep-Alive', 'Transfer-Encoding', 'Upgrade']);

/** A content type that arrives as it is sent. */
const TYPE = /^[!-~](?:[ -~]*[!-~])?$/;

/** Methods that are sent as they are. `Request` judges others. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

const REDIRECTS = new Set(['follow', 'error', 'manual']);

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * @param {string} method upper case
 * @param {any} init fetch's init, or the options of a shorthand
 * @returns {SessionRequest | Promise<SessionRequest>} a promise when the body must be read first
 * @throws {TypeError} as fetch does
 */
function makeRequest(method, init) {
  let contentType = init.headers === undefined ? '' : onlyType(init.headers);
  const headers = init.headers === undefined || contentType !== '' ? null : canonicalHeaders(init.headers);
  if (headers?.['Content-Type'] !== undefined) {
    contentType = headers['Content-Type'];
    delete headers['Content-Type'];
  }
  const { json, body = null, redirect = 'follow', signal = null } = init;
  if (json === undefined && body === null) return request(method, headers, contentType, null, redirect, signal);
  if (json !== undefined)
    return request(
      method,
      headers,
      contentType || 'application/json',
      Buffer.from(JSON.stringify(json)),
      redirect,
      signal,
    );
  if (typeof body === 'string') {
    return request(method, headers, contentType || 'text/plain;charset=UTF-8', Buffer.from(body), redirect, signal);
  }
  if (body instanceof Uint8Array) return request(method, headers, contentType, Buffer.from(body), redirect, signal);
  return readBody(body).then((read) =>
    request(method, headers, contentType || read.contentType, read.body, redirect, signal),
  );
}

/**
 * The content type, if it is all that a caller's headers say, as in most calls with JSON; else ''.
 * @param {any} headers
 */
function onlyType(headers) {
  let type = '';
  for (const name in headers) {
    const value = headers[name];
    if (type !== '' || (name !== 'Content-Type' && canonicalHeader(name) !== 'Content-Type')) return '';
    if (value !== 'application/json' && (typeof value !== 'string' || !TYPE.test(value))) return '';
    type = value;
  }
  return type;
}

/**
 * Whether `makeRequest` does with fetch's init what fetch does. The platform's own `Request`, which is slow, takes the
 * others: it knows what is wrong, and how to read forms, blobs and streams.
 * @param {string} method
 * @param {any} init
 */
function isSimple(method, init) {
  if (typeof init !== 'object' || !METHODS.has(method)) return false;
  for (const name in init) {
    const value = init[name];
    if (value === undefined) continue;
    switch (name) {
      case 'method':
      case 'json':
      case 'params':
      case 'timeout':
        break;
      case 'headers':
        if (!isHeaderObject(value)) return false;
        break;
      case 'body':
        if (value === null) break;
        if (method === 'GET' || method === 'HEAD') return false;
        if (typeof value !== 'string' && !(value instanceof Uint8Array)) return false;
        break;
      case 'signal':
        if (value !== null && !(value instanceof AbortSignal)) return false;
        break;
      case 'redirect':
        if (!REDIRECTS.has(value)) return false;
        break;
      default:
        return false;
    }
  }
  return init.json === undefined || (method !== 'GET' && method !== 'HEAD');
}

/** @param {any} headers */
function isHeaderObject(headers) {
  if (typeof headers !== 'object' || headers === null) return false;
  const prototype = Object.getPrototypeOf(headers);
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const name in headers) if (REFUSED.has(canonicalHeader(name))) return false;
  return true;
}

/**
 * A request out of the platform's own `Request`.
 * @param {string | Request} input
 * @param {any} init
 * @returns {Promise<SessionRequest>}
 * @throws {TypeError} as fetch does
 */
async function readRequest(input, init) {
  const made = new globalThis.Request(input, init);
  for (const name of REFUSED)
    if (made.headers.has(name)) throw new TypeError('fetch failed', { cause: new Error(`invalid ${name} header`) });
  const headers = canonicalHeaders([...made.headers]);
  const contentType = headers['Content-Type'] ?? '';
  delete headers['Content-Type'];
  const body = made.body === null ? null : Buffer.from(await made.arrayBuffer());
  const redirect = /** @type {SessionRequest['redirect']} */ (made.redirect);
  const isStream = init?.body instanceof ReadableStream || typeof init?.body?.[Symbol.asyncIterator] === 'function';
  return { ...request(made.method, headers, contentType, body, redirect, made.signal), isStream };
}

/**
 * One place, so that all requests have one shape.
 * @param {string} method
 * @param {Record<string, string> | null} headers
 * @param {string} contentType
 * @param {Buffer | null} body
 * @param {SessionRequest['redirect']} redirect
 * @param {AbortSignal | null} signal
 * @returns {SessionRequest}
 */
function request(method, headers, contentType, body, redirect, signal) {
  return { method, headers, contentType, body, redirect, signal };
}

/**
 * Forms, blobs, streams and the like: the platform's own Request knows how to read them.
 * @param {any} body
 * @returns {Promise<{contentType: string, body: Buffer}>}
 */
async function readBody(body) {
  const reader = new globalThis.Request('http://localhost', { method: 'POST', body, duplex: 'half' });
  return { contentType: reader.headers.get('content-type') ?? '', body: Buffer.from(await reader.arrayBuffer()) };
}

/**
 * @param {any} init Headers, a Map, pairs, or an object
 * @returns {Record<string, string>} repeated names joined with ', ' as fetch does
 * @throws {TypeError} for a name or value that no header can have
 */
function canonicalHeaders(init) {
  /** @type {Record<string, string>} without a prototype: a header may be called __proto__ */
  const headers = Object.create(null);
  const pairs = typeof init[Symbol.iterator] === 'function' ? init : Object.entries(init);
  for (const [name, given] of pairs) {
    const value = String(given).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
    if (!TOKEN.test(name)) throw new TypeError(`'${name}' is not a valid header name.`);
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) throw new TypeError(`The value of header '${name}' is not valid.`);
    const canonical = canonicalHeader(name);
    if (IGNORED.has(canonical) || REFUSED.has(canonical)) continue;
    const separator = canonical === 'Cookie' ? '; ' : ', ';
    headers[canonical] = headers[canonical] === undefined ? value : headers[canonical] + separator + value;
  }
  return headers;
}

/**
 * The headers that reach the server, and so a handler, local or remote.
 * @param {SessionRequest} request
 * @param {string} host
 * @param {string} traceparent
 * @returns {Record<string, string>}
 */
function sentHeaders(request, host, traceparent) {
  const { headers, contentType, body, method } = request;
  /** @type {Record<string, string>} */
  const sent = { Host: host, 'User-Agent': 'node', Accept: '*/*', ...headers };
  if (body !== null) sent['Content-Length'] = String(body.length);
  else if (!NO_LENGTH.has(method)) sent['Content-Length'] = '0';
  if (contentType !== '') sent['Content-Type'] = contentType;
  sent.Traceparent = traceparent;
  return sent;
}

module.exports = { isSimple, makeRequest, readRequest, sentHeaders };
