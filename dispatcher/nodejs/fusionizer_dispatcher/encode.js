'use strict';

const { inspect } = require('node:util');

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
 * alike. A value that cannot be sent is a 500 that says why.
 * @param {unknown} value
 * @param {Function} Response the class that context.Response is
 * @returns {Answer}
 */
function encode(value, Response) {
  if (typeof value === 'string' || Buffer.isBuffer(value)) return answer(200, TEXT, null, value);
  if (value instanceof Response) return encodeResponse(/** @type {any} */ (value));
  if (Array.isArray(value) && value.length === 2 && typeof value[0] === 'number') {
    const [status, body] = value;
    if (!isStatus(status))
      return badStatus(status, 'Nuclio takes an array of a number and a value for a status and a body');
    if (typeof body === 'string' || Buffer.isBuffer(body)) return answer(status, TEXT, null, body);
    return encodeJson(status, body);
  }
  return encodeJson(200, value);
}

/**
 * @param {{status_code: unknown, content_type: unknown, headers: unknown, body: unknown, body_encoding: unknown}}
 *   response
 */
function encodeResponse(response) {
  if (!isStatus(response.status_code)) return badStatus(response.status_code, 'it was given to context.Response');
  // No content type: the default of Nuclio's HTTP server.
  const contentType =
    typeof response.content_type === 'string' && response.content_type !== ''
      ? response.content_type
      : `${TEXT}; charset=utf-8`;
  const headers = stringHeaders(response.headers);
  const { body } = response;
  if (typeof body === 'string') {
    return answer(
      response.status_code,
      contentType,
      headers,
      response.body_encoding === 'base64' ? Buffer.from(body, 'base64') : body,
    );
  }
  if (body === undefined || body === null) return answer(response.status_code, contentType, headers, '');
  if (Buffer.isBuffer(body)) return answer(response.status_code, contentType, headers, body);
  const json = encodeJson(response.status_code, body);
  return json.contentType === JSON_TYPE ? answer(json.status, contentType, headers, json.body) : json;
}

/**
 * @param {number} status
 * @param {unknown} value
 */
function encodeJson(status, value) {
  try {
    // undefined and functions have no JSON: an empty body, as in Nuclio.
    return answer(status, JSON_TYPE, null, JSON.stringify(value) ?? '');
  } catch (error) {
    return failure(`the value given to context.callback cannot be written as JSON: ${error}`);
  }
}

/** Names and values that HTTP can carry. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^[^\0-\x08\x0a-\x1f\x7f]*$/;

/**
 * The headers that HTTP can carry. Line breaks in a value become spaces; other headers are dropped, as Nuclio drops a
 * value that is no string. The content type comes from content_type alone.
 * @param {unknown} headers
 * @returns {Record<string, string> | null}
 */
function stringHeaders(headers) {
  if (typeof headers !== 'object' || headers === null) return null;
  let kept = null;
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value !== 'string' || name.toLowerCase() === 'content-type' || !HEADER_NAME.test(name)) continue;
    const line = value.replace(/[\r\n]/g, ' ');
    if (!HEADER_VALUE.test(line)) continue;
    // Without a prototype: a header may be called __proto__.
    kept ??= Object.create(null);
    kept[name] = line;
  }
  return kept;
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
 * @param {unknown} error what a handler threw or rejected with
 * @returns {string} the body of the 500, as Nuclio words it
 */
function errorText(error) {
  if (!(error instanceof Error))
    return `Error in handler: ${typeof error === 'object' ? inspect(error) : String(error)}`;
  return `Error in handler: ${error}\n${error.stack}`;
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

module.exports = { encode, answer, errorText };
