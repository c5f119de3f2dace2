'use strict';

const { callLocal, localTask } = require('./local_call');
const { callRemote, remoteHeaders } = require('./remote_call');
const { failed } = require('./request');
const { SessionResponse } = require('./response');
const { decode } = require('./decode');

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MOST_REDIRECTS = 20;

/** Headers that go with the body, when a redirect takes it away. */
const OF_BODY = ['Content-Encoding', 'Content-Language', 'Content-Location', 'Content-Type'];

/**
 * Sends a request to an address of the server: to a Task of this function within it, all else over HTTP.
 * @param {import('./call').Call} caller
 * @param {import('./routes').Route} route of kind server, or alias when the server has the Task
 * @param {import('./request').SessionRequest} request
 * @param {number} [redirects] followed so far
 * @returns {Promise<SessionResponse | Response>}
 */
function send(caller, route, request, redirects = 0) {
  const { signal } = request;
  if (signal?.aborted) return Promise.reject(signal.reason);
  const reply = invoke(caller, route, request, redirects);
  if (reply === null) return control(caller, route, request, redirects);
  if (reply instanceof Promise) return reply.then((came) => deliver(caller, route, request, redirects, came));
  const delivered = deliver(caller, route, request, redirects, reply);
  return delivered instanceof SessionResponse ? Promise.resolve(delivered) : delivered;
}

/**
 * @param {import('./call').Call} caller
 * @param {import('./routes').Route} route
 * @param {import('./request').SessionRequest} request
 * @param {number} redirects
 * @returns {import('./response').Reply | Promise<import('./response').Reply> | null} null: no invocation
 */
function invoke(caller, route, request, redirects) {
  if (route.task === null || (route.exact && request.method !== 'POST')) return null;
  const task = localTask(caller, route.task, route, request, redirects);
  return task === undefined
    ? callRemote(caller, route.task, route, request, redirects)
    : callLocal(caller, task, route, request);
}

/**
 * The control API, whose answers may be streams without end: the platform's own fetch, but for redirects and the token.
 * @param {import('./call').Call} caller
 * @param {import('./routes').Route} route
 * @param {import('./request').SessionRequest} request
 * @param {number} redirects
 * @returns {Promise<Response | SessionResponse>}
 */
async function control(caller, route, request, redirects) {
  const { remote } = caller.dispatcher;
  if (remote === null) throw failed('FUSIONIZER_URL is not set');
  const headers = remoteHeaders(caller, request, caller.span);
  // fetch sets these itself.
  delete headers.Host;
  delete headers['Content-Length'];
  if (redirects === 0) remote.authorize(headers);
  const { method, body, signal } = request;
  const response = await globalThis.fetch(remote.origin + route.target, {
    method,
    headers,
    body,
    signal,
    redirect: 'manual',
  });
  const location = redirectOf(response.status, response.headers.get('location') ?? undefined, request);
  if (location === null) return response;
  await response.body?.cancel();
  return follow(caller, route, request, redirects, response.status, location);
}

/**
 * @param {import('./call').Call} caller
 * @param {import('./routes').Route} route
 * @param {import('./request').SessionRequest} request
 * @param {number} redirects
 * @param {any} reply
 * @returns {SessionResponse | Promise<SessionResponse | Response>}
 */
function deliver(caller, route, request, redirects, reply) {
  // fetch makes an error of it: https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
  if (reply.status === 407) throw failed('proxy authentication required');
  const location = redirectOf(
    reply.status,
    REDIRECTS.has(reply.status) ? reply.header('location') : undefined,
    request,
  );
  if (location !== null) return follow(caller, route, request, redirects, reply.status, location);
  const encoding = reply.header('content-encoding');
  const isHead = request.method === 'HEAD';
  if (encoding === undefined || isHead) return new SessionResponse(reply, route.href, redirects > 0, isHead, null);
  return decode(reply, encoding).then((fault) => new SessionResponse(reply, route.href, redirects > 0, isHead, fault));
}

/**
 * @param {number} status
 * @param {string | undefined} location
 * @param {import('./request').SessionRequest} request
 * @returns {string | null} where to go on
 * @throws {TypeError} when the caller wants no redirects
 */
function redirectOf(status, location, request) {
  if (location === undefined || !REDIRECTS.has(status) || request.redirect === 'manual') return null;
  if (request.redirect === 'error') throw failed('unexpected redirect');
  // Headers are read as Latin-1, and a place is UTF-8.
  return Buffer.from(location, 'latin1').toString();
}

/**
 * @param {import('./call').Call} caller
 * @param {import('./routes').Route} route
 * @param {import('./request').SessionRequest} request
 * @param {number} redirects
 * @param {number} status
 * @param {string} location
 * @returns {Promise<SessionResponse | Response>}
 */
async function follow(caller, route, request, redirects, status, location) {
  if (redirects === MOST_REDIRECTS) throw failed('redirect count exceeded');
  const { dispatcher } = caller;
  if (!URL.canParse(location, route.href)) throw failed(`Invalid URL in a redirect: ${location}`);
  const url = new URL(location, route.href);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw failed('URL scheme must be a HTTP(S) scheme');
  if (url.username !== '' || url.password !== '') throw failed('a redirect to a URL with a user or a password');
  if (status !== 303 && request.isStream) throw failed('a redirect of a request whose body is a stream');
  const next = redirectedRequest(request, status, url.origin !== new URL(route.href).origin);
  const target = dispatcher.routes.find(url.href);
  const isServers =
    target.kind === 'server' || (target.kind === 'alias' && (await dispatcher.routes.exists(target.task)));
  if (isServers) return send(caller, target, next, redirects + 1);
  const headers = new Headers(next.headers ?? {});
  if (next.contentType !== '') headers.set('content-type', next.contentType);
  return globalThis.fetch(url, { method: next.method, headers, body: next.body, signal: next.signal });
}

/**
 * @param {import('./request').SessionRequest} request
 * @param {number} status
 * @param {boolean} leaves to another origin: the caller's secrets stay behind
 * @returns {import('./request').SessionRequest}
 */
function redirectedRequest(request, status, leaves) {
  const { method } = request;
  const becomesGet = (status === 303 && method !== 'HEAD' && method !== 'GET') || (status <= 302 && method === 'POST');
  const headers = { ...request.headers };
  if (leaves) {
    delete headers.Authorization;
    delete headers.Cookie;
    delete headers['Proxy-Authorization'];
  }
  if (!becomesGet) return { ...request, headers };
  for (const name of OF_BODY) delete headers[name];
  return { ...request, headers, method: 'GET', body: null, contentType: '' };
}

module.exports = { send };
