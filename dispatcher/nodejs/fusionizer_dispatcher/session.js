'use strict';

const { makeFetchRequest, normaliseMethod } = require('./request');
const { send } = require('./send');

const NOTHING = Object.freeze({});

/**
 * The third argument of a handler: HTTP calls, of which those to Tasks of the same function never leave it.
 *
 * `fetch(url, init)` is the standard's. `get`, `post`, `put`, `patch`, `delete`, `head` and `options` take `(url, options)`: fetch's init and
 * - `json`: a value to send as application/json,
 * - `params`: an object, pairs or URLSearchParams to add to the query,
 * - `timeout`: in ms, a TimeoutError after that.
 *
 * The methods are accessors that make bound functions, so that one taken out of the session still works.
 */
class Session {
  #call;

  /** @param {import('./call').OuterCall} call the event in which the calls are made */
  constructor(call) {
    this.#call = call;
  }

  get fetch() {
    return (/** @type {unknown} */ input, /** @type {object} */ init) => fetchFor(this.#call, input, init);
  }

  get get() {
    return (/** @type {unknown} */ url, /** @type {object} */ options) => shorthand(this.#call, 'GET', url, options);
  }

  get post() {
    return (/** @type {unknown} */ url, /** @type {object} */ options) => shorthand(this.#call, 'POST', url, options);
  }

  get put() {
    return (/** @type {unknown} */ url, /** @type {object} */ options) => shorthand(this.#call, 'PUT', url, options);
  }

  get patch() {
    return (/** @type {unknown} */ url, /** @type {object} */ options) => shorthand(this.#call, 'PATCH', url, options);
  }

  get delete() {
    return (/** @type {unknown} */ url, /** @type {object} */ options) => shorthand(this.#call, 'DELETE', url, options);
  }

  get head() {
    return (/** @type {unknown} */ url, /** @type {object} */ options) => shorthand(this.#call, 'HEAD', url, options);
  }

  get options() {
    return (/** @type {unknown} */ url, /** @type {object} */ options) => shorthand(this.#call, 'OPTIONS', url, options);
  }
}

/**
 * @param {import('./call').OuterCall} call
 * @param {unknown} input URL as text or object, or a Request
 * @param {any} init
 */
async function fetchFor(call, input, init = NOTHING) {
  const isRequest = input instanceof globalThis.Request;
  const outside = () => globalThis.fetch(/** @type {any} */ (input), init);
  const route = await inside(call, call.dispatcher.routes.find(isRequest ? input.url : String(input)));
  if (route === null) return outside();
  const given = isRequest ? await initOf(input, init) : init;
  return send(call, route, await makeFetchRequest(normaliseMethod(given.method ?? 'GET'), given));
}

/**
 * @param {Request} input
 * @param {any} init wins over the Request's own
 */
async function initOf(input, init) {
  const { method, headers, redirect, signal } = input;
  const body = input.body === null || init.body !== undefined ? undefined : Buffer.from(await input.arrayBuffer());
  return { method, headers, redirect, signal, body, ...init };
}

/**
 * Not an async function: a local call whose handler has answered costs its caller one promise.
 * @param {import('./call').OuterCall} call
 * @param {string} method
 * @param {unknown} url
 * @param {any} options
 * @returns {Promise<Response | import('./session_response').SessionResponse>}
 */
function shorthand(call, method, url, options = NOTHING) {
  try {
    const href = options.params === undefined ? String(url) : withParams(url, options.params);
    const route = call.dispatcher.routes.find(href);
    const init = options.timeout === undefined ? options : withTimeout(options);
    if (route.kind !== 'server') return shorthandElsewhere(call, route, method, href, init);
    const request = makeFetchRequest(method, init);
    return request instanceof Promise ? request.then((read) => send(call, route, read)) : send(call, route, request);
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * @param {import('./call').OuterCall} call
 * @param {import('./routes').Route} found
 * @param {string} method
 * @param {string} href
 * @param {any} init
 */
async function shorthandElsewhere(call, found, method, href, init) {
  const route = await inside(call, found);
  if (route !== null) return send(call, route, await makeFetchRequest(method, init));
  const { json, params, timeout, ...standard } = init;
  if (json === undefined) return globalThis.fetch(href, { ...standard, method });
  const headers = new Headers(init.headers);
  if (!headers.has('content-type')) headers.set('content-type', 'application/json');
  return globalThis.fetch(href, { ...standard, method, headers, body: JSON.stringify(json) });
}

/**
 * @param {import('./call').OuterCall} call
 * @param {import('./routes').Route} route
 * @returns {Promise<import('./routes').Route | null>} null when the address is not the server's
 */
async function inside(call, route) {
  if (route.kind === 'server') return route;
  const known = route.kind === 'alias' && (await call.dispatcher.routes.exists(/** @type {string} */ (route.task)));
  return known ? route : null;
}

/**
 * @param {unknown} url
 * @param {any} params
 */
function withParams(url, params) {
  const parsed = new URL(String(url));
  const pairs = typeof params[Symbol.iterator] === 'function' ? params : Object.entries(params);
  for (const [name, value] of pairs) {
    if (value === undefined || value === null) continue;
    for (const one of Array.isArray(value) ? value : [value]) parsed.searchParams.append(name, String(one));
  }
  return parsed.href;
}

/** @param {any} options */
function withTimeout(options) {
  const timeout = AbortSignal.timeout(options.timeout);
  return { ...options, signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout };
}

module.exports = { Session };
