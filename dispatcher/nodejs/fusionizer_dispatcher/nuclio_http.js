'use strict';

/** Bound of every cache that is keyed by what a handler or a client sends. */
const CACHE_LIMIT = 1000;

/**
 * @template V
 * @param {Map<string, V>} cache emptied when full: simpler than evicting, and as good for names and addresses, which are few
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
    if (pair === '') continue;
    const cut = pair.indexOf('=');
    const name = cut < 0 ? pair : pair.slice(0, cut);
    const value = cut < 0 ? '' : pair.slice(cut + 1);
    // Defined, not assigned: a field may be called __proto__.
    Object.defineProperty(fields, decodeField(name), { value: decodeField(value), enumerable: true, writable: true, configurable: true });
  }
  return fields;
}

/** @param {string} text */
function decodeField(text) {
  return percentDecode(text.replaceAll('+', ' '));
}

module.exports = { canonicalHeader, normalisePath, queryFields, remember };
