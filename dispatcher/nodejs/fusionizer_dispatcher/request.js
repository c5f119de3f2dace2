'use strict';

const { canonicalHeader } = require('./nuclio_http');

/**
 * @typedef {object} SessionRequest what a call sends, the same for a local and a remote one
 * @property {string} method
 * @property {Record<string, string> | null} headers the caller's own, canonical names, without a Content-Type that has
 *   a value
 * @property {string} contentType '' when there is none, or it is empty
 * @property {Buffer | null} body a copy of the caller's data
 * @property {'follow' | 'error' | 'manual'} redirect
 * @property {AbortSignal | null} signal
 * @property {boolean} [isStream] whether the caller gave the body as a stream: it cannot be sent again, and has no
 *   length
 */

/** Requests with these methods and an empty body, or none, say so. */
const EXPECT_BODY = new Set(['PATCH', 'POST', 'PROPFIND', 'PROPPATCH', 'PUT', 'QUERY']);

/** What fetch adds to each request, unless the caller gave it. */
const DEFAULTS = Object.freeze({
  Connection: 'keep-alive',
  Accept: '*/*',
  'Accept-Language': '*',
  'Sec-Fetch-Mode': 'cors',
  'User-Agent': 'node',
  'Accept-Encoding': 'gzip, deflate',
});

/** Headers that belong to the connection or to fetch, which writes them itself. */
const IGNORED = new Set(['Connection', 'Content-Length', 'Host', 'Sec-Fetch-Mode', 'Trailer']);

/** Those that it refuses, which are the connection's, too. */
const REFUSED = new Set(['Expect', 'Keep-Alive', 'Transfer-Encoding', 'Upgrade']);

/** Without these, an answer may come from a cache: fetch says that it has none. */
const CACHED = new Set(['If-Modified-Since', 'If-None-Match', 'If-Unmodified-Since', 'If-Match', 'If-Range']);

/** A content type that arrives as it is sent. */
const TYPE = /^[!-~](?:[ -~]*[!-~])?$/;

/** Methods that are sent as they are. `Request` judges others. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

const REDIRECTS = new Set(['follow', 'error', 'manual']);

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * @param {string} method upper case
 * @param {any} init fetch's init, or the options of a shorthand, as `isSimple` takes it
 * @returns {SessionRequest}
 * @throws {TypeError} as fetch does
 */
function makeRequest(method, init) {
  let contentType = init.headers === undefined ? '' : onlyType(init.headers);
  const headers = init.headers === undefined || contentType !== '' ? null : canonicalHeaders(init.headers);
  if (headers?.['Content-Type']) {
    contentType = headers['Content-Type'];
    delete headers['Content-Type'];
  }
  const { json, body = null, redirect = 'follow', signal = null } = init;
  // An empty type of the caller's own is one, too.
  const hasType = contentType !== '' || headers?.['Content-Type'] !== undefined;
  if (json === undefined && body === null) return request(method, headers, contentType, null, redirect, signal);
  if (json !== undefined)
    return request(
      method,
      headers,
      hasType ? contentType : 'application/json',
      Buffer.from(JSON.stringify(json)),
      redirect,
      signal,
    );
  if (typeof body === 'string') {
    return request(
      method,
      headers,
      hasType ? contentType : 'text/plain;charset=UTF-8',
      Buffer.from(body),
      redirect,
      signal,
    );
  }
  return request(method, headers, contentType, Buffer.from(body), redirect, signal);
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
  for (const name in headers) {
    if (typeof headers[name] !== 'string') return false;
    if (name !== 'Content-Type' && isUnusual(canonicalHeader(name))) return false;
  }
  return true;
}

/**
 * Headers that fetch changes, or takes a cue from: https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
 * @param {string} name canonical
 */
function isUnusual(name) {
  return (
    REFUSED.has(name) || name === 'Connection' || name === 'Content-Length' || name === 'Range' || CACHED.has(name)
  );
}

/** @param {string} why */
function failed(why) {
  return new TypeError('fetch failed', { cause: new Error(why) });
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
    if (!TOKEN.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(value)) refuse(name, given);
    const canonical = canonicalHeader(name);
    if (IGNORED.has(canonical) || REFUSED.has(canonical)) continue;
    const separator = canonical === 'Cookie' ? '; ' : ', ';
    headers[canonical] = headers[canonical] === undefined ? value : headers[canonical] + separator + value;
  }
  return headers;
}

/**
 * @param {string} name
 * @param {string} value
 * @returns {never}
 * @throws {TypeError} in the platform's own words
 */
function refuse(name, value) {
  new globalThis.Headers().append(name, value);
  throw new TypeError(`The header '${name}' is not valid.`);
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
  const sent = { Host: host, ...DEFAULTS, ...headers };
  // fetch closes the connection of a HEAD.
  if (method === 'HEAD') sent.Connection = 'close';
  if (body !== null && body.length > 0) {
    if (request.isStream) sent['Transfer-Encoding'] = 'chunked';
    else sent['Content-Length'] = String(body.length);
  } else if (EXPECT_BODY.has(method)) sent['Content-Length'] = '0';
  if (contentType !== '') sent['Content-Type'] = contentType;
  sent.Traceparent = traceparent;
  return sent;
}

module.exports = {
  CACHED,
  DEFAULTS,
  EXPECT_BODY,
  REFUSED,
  canonicalHeaders,
  failed,
  isSimple,
  makeRequest,
  request,
  sentHeaders,
};
