'use strict';

// What the server and Nuclio's HTTP trigger do to a message on its way to a handler and back. A local call does the
// same, so that a Task cannot tell the two apart. The rules are in test/contract.

/** Bound of every cache that is keyed by what a handler or a client sends. */
const CACHE_LIMIT = 1000;

/**
 * @template V
 * @param {Map<string, V>} cache emptied when full: simpler than evicting, and as good for names and addresses, which
 *   are few
 * @param {string} key
 * @param {V} value
 * @returns {V}
 */
function remember(cache, key, value) {
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(key, value);
  return value;
}

/** @type {Map<string, string>} */
const canonicalNames = new Map();

/**
 * A header's name as Nuclio shows it: `x-custom-header` -> `X-Custom-Header`.
 * @param {string} name
 * @returns {string}
 */
function canonicalHeader(name) {
  return (
    canonicalNames.get(name) ??
    remember(
      canonicalNames,
      name,
      name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase()),
    )
  );
}

/**
 * Percent-decoding as Nuclio's HTTP server does it: bytes first, then UTF-8; a `%` without two hex digits stays.
 * @param {string} text
 * @returns {string}
 */
function percentDecode(text) {
  if (!text.includes('%')) return text;
  const bytes = Buffer.from(text);
  let length = 0;
  for (let i = 0; i < bytes.length; i++, length++) {
    const code = bytes[i] === 0x25 ? bytes.toString('latin1', i + 1, i + 3) : '';
    if (/^[0-9a-fA-F]{2}$/.test(code)) {
      bytes[length] = Number.parseInt(code, 16);
      i += 2;
    } else {
      bytes[length] = bytes[i];
    }
  }
  return bytes.toString('utf8', 0, length);
}

/**
 * The path that a handler sees: decoded, with a leading slash, without empty, `.` and `..` segments.
 * `/a%20b/..//c` -> `/c`. A trailing `/..` leaves the slash, a trailing `/.` stays, as in Nuclio.
 * @param {string} raw
 * @returns {string}
 */
function normalisePath(raw) {
  if (/^(\/[A-Za-z0-9_~-]+)+\/?$/.test(raw)) return raw;
  /** @type {string[]} */
  const segments = [];
  const parts = percentDecode(raw.startsWith('/') ? raw : `/${raw}`)
    .replace(/\/+/g, '/')
    .slice(1)
    .split('/');
  parts.forEach((part, index) => {
    const last = index === parts.length - 1;
    if (part === '..') {
      segments.pop();
      if (last) segments.push('');
    } else if (part !== '.' || last) {
      segments.push(part);
    }
  });
  return `/${segments.join('/')}`;
}

/**
 * Query fields as Nuclio gives them: decoded, `+` is a space, the last of a repeated one wins.
 * @param {string} query without the `?`
 * @returns {Record<string, string>}
 */
function queryFields(query) {
  /** @type {Record<string, string>} */
  const fields = {};
  if (query === '') return fields;
  for (const pair of query.split('&')) {
    if (pair === '' || pair === '=') continue;
    const cut = pair.indexOf('=');
    const name = cut < 0 ? pair : pair.slice(0, cut);
    const value = cut < 0 ? '' : pair.slice(cut + 1);
    // Defined, not assigned: a field may be called __proto__.
    Object.defineProperty(fields, decodeField(name), {
      value: decodeField(value),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return fields;
}

/** @param {string} text */
function decodeField(text) {
  return percentDecode(text.replaceAll('+', ' '));
}

/** Headers of an answer that only the server sets, whatever a handler says. Content-Type has a field of its own. */
const OWN_ANSWER_HEADERS = new Set([
  'Content-Type',
  'Content-Length',
  'Transfer-Encoding',
  'Trailer',
  'Connection',
  'Keep-Alive',
  'Date',
  'Server',
  'Fusionizer-Trace-Id',
]);

const F = 0x46;
const T = 0x54;

/**
 * Whether only the server sets this request header: what a caller sends of it never reaches a handler.
 * @param {string} canonical
 */
function isOwnRequestHeader(canonical) {
  const first = canonical.charCodeAt(0);
  if (first !== F && first !== T) return false;
  return canonical.startsWith('Fusionizer-') || canonical === 'Task-Name' || canonical === 'Traceparent';
}

/**
 * A request's headers as the callee sees them, but for those that the server sets.
 * @param {Record<string, string>} headers canonical names
 * @param {string | undefined} token the function's own, which no handler sees in Authorization
 * @returns {Record<string, string>} without a prototype: a header may be called __proto__
 */
function receivedHeaders(headers, token) {
  const received = Object.create(null);
  for (const name in headers) {
    if (!isOwnRequestHeader(name)) received[name] = receivedValue(/** @type {string} */ (headers[name]));
  }
  if (token && bearerOf(received.Authorization) === token) delete received.Authorization;
  return received;
}

/** @param {string | undefined} authorization */
function bearerOf(authorization) {
  return authorization === undefined ? undefined : /^bearer +(.*)$/i.exec(authorization)?.[1]?.trim();
}

/**
 * Header values are sent as Latin-1 and read as UTF-8.
 * @param {string} value
 */
function receivedValue(value) {
  return /[\x80-\xff]/.test(value) ? Buffer.from(value, 'latin1').toString('utf8') : value;
}

/**
 * A handler's own headers as the caller gets them: canonical names, the last of a repeated one wins. Values are sent as
 * UTF-8, and a client reads them as Latin-1.
 * @param {Record<string, string>} given
 * @returns {Map<string, string>}
 */
function answerHeaders(given) {
  const headers = new Map();
  for (const [name, value] of Object.entries(given)) {
    const canonical = canonicalHeader(name);
    if (!OWN_ANSWER_HEADERS.has(canonical)) headers.set(canonical, asSent(value));
  }
  return headers;
}

/** @param {string} value */
function asSent(value) {
  return /[^\0-\x7f]/.test(value) ? Buffer.from(value).toString('latin1') : value;
}

module.exports = {
  answerHeaders,
  asSent,
  isOwnRequestHeader,
  receivedHeaders,
  receivedValue,
  canonicalHeader,
  normalisePath,
  queryFields,
  remember,
};
