'use strict';

const { canonicalHeader } = require('./nuclio_http');
const { makeRequest } = require('./request');
const { callLocal } = require('./local_call');
const { callRemote } = require('./remote_call');

/** context.platform: Nuclio's own way to call another function, as its Python SDK has it. */
class Platform {
  #call;

  /** @param {import('./call').Call} call */
  constructor(call) {
    this.#call = call;
  }

  /**
   * @param {string} name of a Task
   * @param {{method?: string, path?: string, headers?: Record<string, string>, body?: unknown, content_type?: string}} [event]
   *   method: POST with a body, else GET; a body that is no text and no bytes is sent as JSON
   * @returns {Promise<{status_code: number, headers: Record<string, string>, body: unknown, content_type: string}>}
   *   body: parsed when the content type is exactly application/json, else a Buffer
   */
  async call_function(name, event = {}) {
    const { body = null, path = '/' } = event;
    const isJson = body !== null && typeof body !== 'string' && !(body instanceof Uint8Array);
    const method = event.method ?? (body === null ? 'GET' : 'POST');
    /** @type {Record<string, string>} */
    const headers = { 'X-Nuclio-Target': name };
    for (const [key, value] of Object.entries(event.headers ?? {})) headers[canonicalHeader(key)] = value;
    if (isJson) headers['Content-Type'] = 'application/json';
    else if (body !== null) headers['Content-Type'] = event.content_type ?? headers['Content-Type'] ?? 'text/plain';
    const { routes, tasks } = this.#call.dispatcher;
    const route = routes.forTask(name, path.startsWith('/') ? path : `/${path}`);
    const request = await makeRequest(method, { headers, redirect: 'manual', ...(isJson ? { json: body } : { body }) });
    const task = tasks.get(name);
    const call = this.#call;
    return asFunctionResponse(await (task === undefined ? callRemote(call, name, route, request) : callLocal(call, task, route, request)));
  }

  get callFunction() {
    return (/** @type {string} */ name, /** @type {object} */ event) => this.call_function(name, event);
  }
}

/** @param {import('./response').Reply} reply */
function asFunctionResponse(reply) {
  const headers = Object.fromEntries(reply.pairs().map(([name, value]) => [name.toLowerCase(), value]));
  const contentType = headers['content-type'] ?? 'text/plain';
  const body = contentType === 'application/json' ? JSON.parse(reply.body.toString()) : Buffer.from(reply.body);
  return { status_code: reply.status, headers, body, content_type: contentType };
}

module.exports = { Platform };
