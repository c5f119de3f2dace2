'use strict';

// What the way over the server does to a request and to an answer, as far as a local call does not imitate it. A local
// call imitates that way for plain requests only. All others take it, also to a Task of the same function: HTTP itself,
// the server's guard and Nuclio's HTTP trigger may refuse or change them. test/contract/plain-requests.json has the
// rules, and test/server/wire.test.ts compares them with the real thing.

const { isOwnRequestHeader } = require('./nuclio_http');

/** Bytes of address and headers from which on a request is not plain. Node.js refuses 16 KiB, with those we add. */
const MOST_BYTES = 15 * 1024;

/** Bytes of an answer's status text and headers from which on Node.js does not take it. */
const MOST_ANSWER_BYTES = 16 * 1024;

/** In UTF-16 units: below it, a handler's headers in UTF-8, with ours and X-Nuclio-Logs, are within that limit. */
const SMALL_ANSWER = 3 * 1024;

/** Those that the server's HTTP parser knows, but for CONNECT. */
const METHODS = new Set(
  (
    'ACL BIND CHECKOUT COPY DELETE GET HEAD LINK LOCK M-SEARCH MERGE MKACTIVITY ' +
    'MKCALENDAR MKCOL MOVE NOTIFY OPTIONS PATCH POST PROPFIND PROPPATCH PURGE PUT ' +
    'REBIND REPORT SEARCH SOURCE SUBSCRIBE TRACE UNBIND UNLINK UNLOCK UNSUBSCRIBE'
  ).split(' '),
);

/**
 * Headers that the server judges, a connection that ends, and the cookie of the server's own pages, which it keeps from
 * Tasks. What HTTP cannot carry and `Host` a caller cannot give at all (request.js).
 * @param {string} name canonical
 * @param {string} value
 */
function isJudged(name, value) {
  switch (name.charCodeAt(0)) {
    case 0x41: // A
      return name.startsWith('Access-Control-Request-');
    case 0x43: // C
      return name === 'Connection' || (name === 'Cookie' && value.includes('fusionizer_token_'));
    case 0x4f: // O
      return name === 'Origin';
    case 0x53: // S
      return name.startsWith('Sec-Fetch-');
    default:
      return false;
  }
}

/**
 * Whether a request arrives at its Task as it is sent.
 * @param {string} method
 * @param {string} target raw path and query
 * @param {Record<string, string> | null} headers the caller's own, canonical names, without fault
 * @param {string} contentType
 */
function isPlain(method, target, headers, contentType) {
  if (!METHODS.has(method)) return false;
  let size = target.length + contentType.length;
  for (const name in headers) {
    if (isOwnRequestHeader(name)) continue;
    const value = /** @type {string} */ (headers[name]);
    if (isJudged(name, value)) return false;
    size += name.length + value.length;
  }
  return size < MOST_BYTES;
}

/**
 * Whether an answer's headers have to be compared with the limit.
 * @param {Record<string, string> | null} headers the handler's own
 * @param {string} contentType
 */
function mayBeLarge(headers, contentType) {
  let size = contentType.length;
  for (const name in headers) size += name.length + /** @type {string} */ (headers[name]).length;
  return size >= SMALL_ANSWER;
}

/**
 * Whether Node.js' HTTP client takes an answer.
 * @param {string} statusText
 * @param {[string, string][]} pairs its headers
 */
function isReceivable(statusText, pairs) {
  let size = statusText.length;
  for (const [name, value] of pairs) size += name.length + value.length;
  return size < MOST_ANSWER_BYTES;
}

module.exports = { isPlain, isReceivable, mayBeLarge };
