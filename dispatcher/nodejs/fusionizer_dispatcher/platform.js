'use strict';

const { canonicalHeader } = require('./nuclio_http');
const { failed, makeRequest } = require('./request');
const { callLocal, localTask } = require('./local_call');
const { callRemote } = require('./remote_call');

const JSON_TYPE = 'application/json';

/**
 * @typedef {object} CalledEvent
 * @property {string} [method] POST with a body, else GET
 * @property {string} [path]
 * @property {Record<string, string>} [headers]
 * @property {unknown} [body] what is no text and no bytes is sent as JSON
 * @property {string} [content_type]
 */

/** context.platform: Nuclio's own way to call another function, as its Python SDK has it. */
class Platform {
  #call;

  /** @param {import('./call').Call} call */
  constructor(call) {
    this.#call = call;
  }

  /**
   * @param {string} name of a Task
   * @param {CalledEvent} [event]
   * @returns {Promise<{status_code: number, headers: Record<string, string>, body: unknown, content_type: string}>}
   *   body: parsed when the content type is exactly application/json, else a Buffer
   * @throws {TypeError} `fetch failed` when no answer comes, also if there is no such Task
   */
  async call_function(name, event = {}) {
    checkEvent(event);
    const { dispatcher } = this.#call;
    const route = dispatcher.routes.forTask(name, event.path || '/');
    const request = makeRequest(...callRequest(name, event));
    const call = this.#call;
    const task = localTask(call, name, route, request);
    const reply = await (task === undefined
      ? callRemote(call, name, route, request)
      : callLocal(call, task, route, request));
    // The server's own words: no Task has answered. A name that nobody has is an error in Nuclio, too.
    if (reply.status === 404 && reply.header('fusionizer-trace-id') === undefined)
      throw failed(String(reply.body).trim());
    return asFunctionResponse(reply);
  }

  get callFunction() {
    return (/** @type {string} */ name, /** @type {object} */ event) => this.call_function(name, event);
  }
}

/** @param {unknown} event */
function checkEvent(event) {
  if (typeof event === 'object' && event !== null) return;
  const what = event === null ? 'null' : `of type ${typeof event}`;
  throw new TypeError(`The event of call_function is ${what}, not an object: write {body: ...}`);
}

/**
 * The request that a call makes of an event.
 * @param {string} name
 * @param {CalledEvent} event
 * @returns {[method: string, init: object]}
 */
function callRequest(name, event) {
  const { body = null } = event;
  const isJson = body !== null && typeof body !== 'string' && !(body instanceof Uint8Array);
  /** @type {Record<string, string>} without a prototype: a header may be called __proto__ */
  const headers = Object.create(null);
  for (const [key, value] of Object.entries(event.headers ?? {})) headers[canonicalHeader(key)] = value;
  // Of the event's own connection.
  delete headers.Te;
  headers['X-Nuclio-Target'] ??= name;
  headers['Content-Type'] = isJson ? JSON_TYPE : event.content_type || headers['Content-Type'] || 'text/plain';
  return [
    event.method || (body === null ? 'GET' : 'POST'),
    { headers, redirect: 'manual', ...(isJson ? { json: body } : { body }) },
  ];
}

/** @param {import('./response').Reply} reply */
function asFunctionResponse(reply) {
  const headers = Object.fromEntries(reply.pairs().map(([name, value]) => [name.toLowerCase(), value]));
  const contentType = headers['content-type'] ?? 'text/plain';
  const body = contentType === JSON_TYPE ? JSON.parse(reply.body.toString()) : Buffer.from(reply.body);
  return { status_code: reply.status, headers, body, content_type: contentType };
}

exports.Platform = Platform;
