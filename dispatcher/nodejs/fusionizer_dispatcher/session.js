'use strict';

const { readRequest } = require('./fetch_request');
const { isSimple, makeRequest } = require('./request');
const { send } = require('./send');

const NOTHING = Object.freeze({});

/**
 * The third argument of a handler: HTTP calls, of which those to Tasks of the same function never leave it.
 *
 * `fetch(url, init)` is the standard's. `get`, `post`, `put`, `patch`, `delete`, `head` and `options` take `(url,
 * options)`: fetch's init and
 * - `json`: a value to send as application/json,
 * - `params`: an object, pairs or URLSearchParams to add to the query,
 * - `timeout`: in ms, a TimeoutError after that.
 *
 * The methods are accessors that make bound functions, so that one taken out of the session still works.
 */
class Session {
  #call;

  /** @param {import('./call').Call} call the event in which the calls are made */
  constructor(call) {
    this.#call = call;
  }

  get fetch() {
    const fetch = (/** @type {unknown} */ input, /** @type {object} */ init) => fetchFor(this.#call, input, init);
    return fetch;
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
    return (/** @type {unknown} */ url, /** @type {object} */ options) =>
      shorthand(this.#call, 'OPTIONS', url, options);
  }
}

/**
 * @param {import('./call').Call} call
 * @param {any} input URL as text or object, or a Request
 * @param {any} given fetch's init
 */
function fetchFor(call, input, given) {
  const outside = () => globalThis.fetch(input, given);
  const init = given ?? NOTHING;
  if (typeof input === 'string' || input instanceof URL) {
    const href = String(input);
    const method = init.method === undefined ? 'GET' : init.method;
    const make = () => (isSimple(method, init) ? makeRequest(method, init) : readRequest(withoutUser(href), init));
    return perform(call, href, make, outside);
  }
  const isRequest = input instanceof globalThis.Request;
  try {
    const href = isRequest ? input.url : String(input);
    return perform(call, href, () => readRequest(isRequest ? input : withoutUser(href), init), outside);
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * `Request` refuses a user and a password in a URL, which the session sends as Authorization.
 * @param {string} href
 */
function withoutUser(href) {
  const url = new URL(href);
  url.username = '';
  url.password = '';
  return url.href;
}

/**
 * @param {import('./call').Call} call
 * @param {string} method
 * @param {unknown} url
 * @param {any} options
 */
function shorthand(call, method, url, options = NOTHING) {
  try {
    const init = options.timeout === undefined ? options : withTimeout(options);
    const href = options.params === undefined ? String(url) : withParams(url, options.params);
    return perform(
      call,
      href,
      () =>
        isSimple(method, init) ? makeRequest(method, init) : readRequest(withoutUser(href), standardInit(method, init)),
      () => globalThis.fetch(href, standardInit(method, init)),
    );
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * Not an async function: a local call whose handler has answered costs its caller one promise. The request is made at
 * once, as its data are the caller's to change when this returns.
 * @param {import('./call').Call} call
 * @param {string} href
 * @param {() => import('./request').SessionRequest | Promise<import('./request').SessionRequest>} make
 * @param {() => Promise<Response>} outside for an address that is not the server's
 * @returns {Promise<Response | import('./response').SessionResponse>}
 */
function perform(call, href, make, outside) {
  const { routes } = call.dispatcher;
  let route;
  try {
    route = routes.find(href);
  } catch {
    // fetch has the words for what is no address.
    return outside();
  }
  try {
    if (route.kind === 'foreign') return outside();
    const request = route.authorization === null ? make() : authorized(make(), route.authorization);
    if (route.kind === 'alias')
      return routes.exists(route.task).then(async (known) => (known ? send(call, route, await request) : outside()));
    return request instanceof Promise ? request.then((read) => send(call, route, read)) : send(call, route, request);
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * @param {import('./request').SessionRequest | Promise<import('./request').SessionRequest>} made
 * @param {string} authorization of the URL, which wins over a header's
 * @returns {Promise<import('./request').SessionRequest>}
 */
async function authorized(made, authorization) {
  const request = await made;
  return { ...request, headers: { ...request.headers, Authorization: authorization } };
}

/**
 * @param {string} method
 * @param {any} init of a shorthand
 * @returns {RequestInit} the same as fetch has it
 */
function standardInit(method, init) {
  const { json, params, timeout, ...standard } = init;
  if (json === undefined) return { ...standard, method };
  const headers = new Headers(init.headers);
  if (!headers.has('content-type')) headers.set('content-type', 'application/json');
  return { ...standard, method, headers, body: JSON.stringify(json) };
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
function withTimeout({ signal, timeout, ...options }) {
  const ending = new AbortController();
  const timer = AbortSignal.timeout(timeout);
  for (const cause of signal ? [signal, timer] : [timer]) {
    if (cause.aborted) ending.abort(cause.reason);
    cause.addEventListener('abort', () => ending.abort(cause.reason), { once: true, signal: ending.signal });
  }
  return { ...options, signal: ending.signal };
}

exports.Session = Session;
