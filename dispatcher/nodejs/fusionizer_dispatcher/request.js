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
 */

/** Requests with these methods and no body say nothing of its length. */
const NO_LENGTH = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']);

/** Headers that belong to the connection; as in fetch, a caller's are ignored. */
const FORBIDDEN = new Set([
  'Connection',
  'Content-Length',
  'Expect',
  'Host',
  'Keep-Alive',
  'Te',
  'Trailer',
  'Transfer-Encoding',
  'Upgrade',
]);

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * @param {string} method upper case
 * @param {any} init fetch's init, or the options of a shorthand
 * @returns {SessionRequest | Promise<SessionRequest>} a promise when the body must be read first
 * @throws {TypeError} as fetch does
 */
function makeRequest(method, init) {
  const headers = init.headers === undefined ? null : canonicalHeaders(init.headers);
  let contentType = '';
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
 * @param {string} method upper case
 * @param {any} init
 * @returns {SessionRequest | Promise<SessionRequest>}
 * @throws {TypeError} also for what fetch does not send although HTTP could
 */
function makeFetchRequest(method, init) {
  const hasBody = init.json !== undefined || (init.body !== undefined && init.body !== null);
  if (hasBody && (method === 'GET' || method === 'HEAD'))
    throw new TypeError('Request with GET/HEAD method cannot have body.');
  return makeRequest(method, init);
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
 * @param {string} method
 * @returns {string}
 * @throws {TypeError}
 */
function normaliseMethod(method) {
  const upper = method.toUpperCase();
  if (!TOKEN.test(method) || upper === 'CONNECT' || upper === 'TRACE' || upper === 'TRACK') {
    throw new TypeError(`'${method}' is not a valid HTTP method.`);
  }
  // As in fetch: other names keep their case.
  return /^(delete|get|head|options|post|put)$/i.test(method) ? upper : method;
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
    if (FORBIDDEN.has(canonical)) continue;
    headers[canonical] = headers[canonical] === undefined ? value : `${headers[canonical]}, ${value}`;
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

module.exports = { makeFetchRequest, makeRequest, normaliseMethod, sentHeaders };
