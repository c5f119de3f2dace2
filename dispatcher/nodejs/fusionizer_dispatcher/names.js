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
function canonicalName(name) {
  return (
    canonicalNames.get(name) ??
    remember(
      canonicalNames,
      name,
      name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase()),
    )
  );
}

module.exports = { canonicalName, remember };
