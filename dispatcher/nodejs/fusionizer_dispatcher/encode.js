'use strict';

const { isUint8Array } = require('node:util').types;
const { shown } = require('./error_text');

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {string | null} contentType
 * @property {Record<string, string> | null} headers the handler's own, strings only, without Content-Type
 * @property {string | Buffer} body
 */

const TEXT = 'text/plain';
const JSON_TYPE = 'application/json';

/**
 * What Nuclio answers for a value given to context.callback. Shared by local calls and the worker, so that both answer
 * alike. A value that cannot be sent, or whose own code fails, is a 500 that says why: this never throws.
 * @param {unknown} value
 * @param {Function} Response the class that context.Response is
 * @returns {Answer}
 */
function encode(value, Response) {
  try {
    return encodeOutput(value, Response);
  } catch (error) {
    return failure(`the value given to context.callback cannot be sent: ${shown(error)}`);
  }
}

/**
 * @param {unknown} value
 * @param {Function} Response
 * @returns {Answer}
 */
function encodeOutput(value, Response) {
  // Most answers are plain objects, and most others are a Response.
  if (typeof value === 'object' && value !== null) {
    const prototype = Object.getPrototypeOf(value);
    if (prototype === Object.prototype) return encodeJson(200, value);
    if (prototype === Response.prototype) return encodeResponse(/** @type {any} */ (value));
  }
  if (isText(value) || Buffer.isBuffer(value)) return answer(200, TEXT, null, plain(value));
  if (value instanceof Response) return encodeResponse(/** @type {any} */ (value));
  if (Array.isArray(value) && value.length === 2 && typeof value[0] === 'number') {
    const [status, body] = value;
    if (!isStatus(status))
      return badStatus(status, 'Nuclio takes an array of a number and a value for a status and a body');
    if (isText(body) || Buffer.isBuffer(body)) return answer(status, TEXT, null, plain(body));
    return encodeJson(status, body);
  }
  return encodeJson(200, value);
}

/**
 * Nuclio takes `new String('x')` for a string.
 * @param {unknown} value
 * @returns {value is string | String}
 */
function isText(value) {
  return typeof value === 'string' || value instanceof String;
}

/**
 * @param {string | String | Buffer} body
 * @returns {string | Buffer} a string is not an object
 * @throws {TypeError} for an object that only has the prototype of a String or a Buffer
 */
function plain(body) {
  if (typeof body === 'string') return body;
  if (!Buffer.isBuffer(body)) return String.prototype.valueOf.call(body);
  if (!isUint8Array(body)) throw new TypeError('it is no Buffer, although it has the prototype of one');
  return body;
}

/**
 * @param {{status_code: unknown, content_type: unknown, headers: unknown, body: unknown, body_encoding: unknown}}
 *   response
 */
function encodeResponse(response) {
  const { status_code: status, content_type: type, body } = response;
  if (!isStatus(status)) return badStatus(status, 'it was given to context.Response');
  // No content type: the default of Nuclio's HTTP server.
  const contentType = (isText(type) && headerValue(plain(type).toString())) || `${TEXT}; charset=utf-8`;
  const headers = stringHeaders(response.headers);
  if (isText(body)) {
    const text = plain(body).toString();
    return answer(
      status,
      contentType,
      headers,
      response.body_encoding === 'base64' ? Buffer.from(text, 'base64') : text,
    );
  }
  if (body === undefined || body === null) return answer(status, contentType, headers, '');
  if (Buffer.isBuffer(body)) return answer(status, contentType, headers, plain(body));
  const json = encodeJson(status, body);
  return json.contentType === JSON_TYPE ? answer(status, contentType, headers, json.body) : json;
}

/**
 * @param {number} status
 * @param {unknown} value
 */
function encodeJson(status, value) {
  try {
    // undefined and functions have no JSON: an empty body, as in Nuclio. A Task may have a stringify of its own.
    return answer(status, JSON_TYPE, null, `${JSON.stringify(value) ?? ''}`);
  } catch (error) {
    return failure(`the value given to context.callback cannot be written as JSON: ${shown(error)}`);
  }
}

/** Names and values that HTTP can carry. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Nearly all values are of this kind, which arrives as it is. */
const PLAIN_VALUE = /^[!-~](?:[ -~]*[!-~])?$/;
const HEADER_VALUE = /^[^\0-\x08\x0a-\x1f\x7f]*$/;

/**
 * The headers that HTTP can carry; the others are dropped, as Nuclio drops a value that is no string. The content type
 * comes from content_type alone.
 * @param {unknown} headers
 * @returns {Record<string, string> | null}
 */
function stringHeaders(headers) {
  if (typeof headers !== 'object' || headers === null) return null;
  let kept = null;
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value !== 'string' || name.toLowerCase() === 'content-type' || !HEADER_NAME.test(name)) continue;
    const line = headerValue(value);
    if (line === null) continue;
    // Without a prototype: a header may be called __proto__.
    kept ??= Object.create(null);
    kept[name] = line;
  }
  return kept;
}

/**
 * A value as it arrives: line breaks become spaces, and white space around it goes.
 * @param {string} value
 * @returns {string | null} null if HTTP cannot carry it
 */
function headerValue(value) {
  if (value === JSON_TYPE || PLAIN_VALUE.test(value)) return value;
  const line = value.replace(/[\r\n]/g, ' ').replace(/^[ \t]+|[ \t]+$/g, '');
  return HEADER_VALUE.test(line) ? line : null;
}

/**
 * Statuses below 200 never end an HTTP exchange.
 * @param {unknown} status
 * @returns {status is number}
 */
function isStatus(status) {
  return typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 999;
}

/**
 * @param {unknown} status
 * @param {string} why
 */
function badStatus(status, why) {
  return failure(`${String(status)} is no HTTP status (200 to 999); ${why}`);
}

/** @param {string} text */
function failure(text) {
  return answer(500, TEXT, null, `Error in handler: ${text}`);
}

/**
 * @param {number} status
 * @param {string | null} contentType
 * @param {Record<string, string> | null} headers
 * @param {string | Buffer} body
 * @returns {Answer}
 */
function answer(status, contentType, headers, body) {
  return { status, contentType, headers, body };
}

module.exports = { encode, answer };
